/** Durations and instants as callers write them. */
import { z } from "zod";

/** Milliseconds as a number, or text like `30s`, `1h30m`, `PT1H30M`. Read by `core/duration.ts`. */
export const DurationSchema = z.union([z.number(), z.string().max(100)]).meta({
	id: "Duration",
	description: "Milliseconds, or text: 500ms, 30s, 5m, 2h, 1d, 1w, 1h30m, PT1H30M",
});

/** RFC 3339 with an offset. Read by `core/instant.ts`. */
export const InstantSchema = z.string().max(64).meta({
	id: "Instant",
	description: "RFC 3339 date-time, e.g. 2026-12-01T09:00:00.000Z",
});
