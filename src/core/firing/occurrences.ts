/**
 * Questions about a stretch of a schedule: how many occurrences it has, and which are its last.
 * A stretch may hold millions (a schedule by the second over a year of outage), so both answers are
 * bounded. `next` answers the first occurrence after an instant, or null; all in epoch ms.
 */
import { SECOND } from "../units.ts";

export type NextOccurrence = (after: number) => number | null;

/** The occurrences in (after, until], the first `limit` of them. */
function firstOccurrences(
	next: NextOccurrence,
	after: number,
	until: number,
	limit: number,
): number[] {
	const found: number[] = [];
	for (let at = next(after); at !== null && at <= until; at = next(at)) {
		found.push(at);
		if (found.length === limit) break;
	}
	return found;
}

/**
 * The last `limit` occurrences in (after, until], ascending: looks back through windows that double
 * until one holds enough, so that its cost follows `limit` and not the stretch.
 */
export function lastOccurrences(
	next: NextOccurrence,
	after: number,
	until: number,
	limit: number,
): number[] {
	for (let width = SECOND; ; width *= 2) {
		const from = Math.max(after, until - width);
		const found = allBetween(next, from, until);
		if (found.length >= limit || from === after) return found.slice(-limit);
	}
}

/** A window holds at most about twice what the window before it held, and that was too few. */
function allBetween(next: NextOccurrence, after: number, until: number): number[] {
	return firstOccurrences(next, after, until, Number.POSITIVE_INFINITY);
}
