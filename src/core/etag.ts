/**
 * Strong entity tags (RFC 9110 section 8.8.3) of timers, and the `If-Match` that names one. Written
 * by the edge into answers, compared in the shard, where the timer cannot change in between.
 */
import type { TimerStatus } from "../contract/timer.ts";

type Tagged = { readonly version: number; readonly status: TimerStatus };

/** The entity tag of a timer as it stands, in its quotes: `"3-scheduled"`. */
export function etagOf({ version, status }: Tagged): string {
	return `"${version}-${status}"`;
}

/**
 * Whether an `If-Match` holds (RFC 9110 section 13.1.1): `*`, or a list in which `etag` stands. A
 * weak tag never matches, and what is not a list of tags matches nothing.
 */
export function etagHolds(ifMatch: string, etag: string): boolean {
	// Tags of timers hold no comma, so the list can be cut at commas.
	return ifMatch.split(",").some((one) => one.trim() === etag || one.trim() === "*");
}
