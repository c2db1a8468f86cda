/** Examples of streams that the reference shows. */
import { formatSseFrame } from "../../core/stream-frame.ts";
import { EVENT_EXAMPLE } from "./timer-examples.ts";

export const STREAM_FRAME_EXAMPLE = formatSseFrame({
	cursor: "cKkoXQAHAQ",
	event: EVENT_EXAMPLE.type,
	data: JSON.stringify(EVENT_EXAMPLE),
});

export const STREAM_TOKEN_EXAMPLE = {
	token: "mst_acme.…",
	expiresAt: "2026-12-01T09:01:00.000Z",
} as const;

export const PUBLISH_EXAMPLE = {
	topic: "orders.paid",
	payload: { order: "A-17", total: 42.5 },
} as const;

export const PUBLISHED_EXAMPLE = {
	id: "evt_00000000005t38btp0w9y3vd",
	topic: PUBLISH_EXAMPLE.topic,
	publishedAt: "2026-12-01T09:00:00.000Z",
} as const;
