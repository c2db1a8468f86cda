/**
 * When a delivery is due that was not sent to spare its host. Pure: the caller brings the clock and
 * the random number. Called by the shard.
 */
import { DAY, SECOND } from "./units.ts";

/**
 * What has waited for a host comes over as long again as the wait was, within these bounds: all at
 * once would fell a receiver that has just stood up, and later ones should not wait for nothing.
 */
const SPREAD_MS_MIN = SECOND;
const SPREAD_MS_MAX = 30 * SECOND;

/** A postponement that has lasted so long counts as a failed attempt, so that deliveries end. */
const POSTPONED_MS_MAX = DAY;

/** @param random in [0, 1) */
export function postponedDueAt(until: number, now: number, random: number): number {
	const from = Math.max(until, now);
	const spreadMs = Math.min(Math.max(from - now, SPREAD_MS_MIN), SPREAD_MS_MAX);
	return from + Math.floor(random * spreadMs);
}

/** @param since epoch ms of the first postponement that no attempt has followed */
export function postponedTooLong(since: number, now: number): boolean {
	return now - since >= POSTPONED_MS_MAX;
}
