/**
 * What a timer does with occurrences that could not fire when they were due: missed ones (nobody was
 * there: `misfire`) and those that came while the firing before them was still open (`overlap`).
 */
import type { MisfirePolicy, OverlapPolicy } from "../../contract/firing-policy.ts";
import { SECOND } from "../units.ts";
import type { OffsetPolicy } from "./offset.ts";

/** As stored; absent members have the defaults below. */
export type MisfireDoc = {
	readonly policy?: MisfirePolicy;
	readonly graceMs?: number;
	readonly max?: number;
	readonly paceMs?: number;
};

/** How late an occurrence may start before it counts as missed, under `skip`. */
const MISFIRE_GRACE_MS = 30 * SECOND;
/** Missed occurrences that `catch_up` fires, the latest ones. */
const CATCH_UP_MAX = 100;
/** Between the starts of two caught-up firings, so that an outage does not end in a burst. */
const CATCH_UP_PACE_MS = SECOND;
/** Occurrences that `buffer_all` keeps while a firing is open, the latest ones. */
export const BUFFER_LIMIT = 1_000;
/** Less late than this, nothing can have been missed: no two occurrences lie closer. */
export const MISFIRE_LOOK_MS = SECOND;

export type Misfire = {
	readonly policy: MisfirePolicy;
	readonly graceMs: number;
	readonly max: number;
	readonly paceMs: number;
};

export function toMisfire(doc: MisfireDoc | undefined): Misfire {
	return {
		policy: doc?.policy ?? "fire_once",
		graceMs: doc?.graceMs ?? MISFIRE_GRACE_MS,
		max: doc?.max ?? CATCH_UP_MAX,
		paceMs: doc?.paceMs ?? CATCH_UP_PACE_MS,
	};
}

export const DEFAULT_OVERLAP: OverlapPolicy = "skip";

/** What a shard must know of a new timer to place its first firing; the shape of `NewFiringPolicy`. */
export type FiringPolicy = OffsetPolicy & {
	/** Occurrences that may fire; null without a limit. */
	readonly limit: number | null;
};

/** Undefined for a timer that fires once, when it is due. */
export function firingPolicyOf(doc: {
	readonly schedule?: { readonly limit?: number };
	readonly jitterMs?: number;
	readonly spreadMs?: number;
}): FiringPolicy | undefined {
	const { schedule, jitterMs = 0, spreadMs = 0 } = doc;
	if (schedule === undefined && jitterMs === 0 && spreadMs === 0) return undefined;
	return { jitterMs, spreadMs, limit: schedule?.limit ?? null };
}
