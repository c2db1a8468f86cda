/**
 * What the parts of the recurrence engine say to each other. Only types; every file here uses them.
 * A **local time** is a number too: the epoch milliseconds that the same wall clock would mean in
 * UTC, so that days and times of day are plain arithmetic.
 */

import type { Work } from "./work.ts";

/** What becomes of a local time that a zone has not, or has twice. */
export type DstPolicy = "rfc5545" | "skip" | "twice";

/**
 * Where DST moved an occurrence. `gap`: its local time did not exist, and it is later by this much.
 * `fold`: its local time exists twice, and it is the first or the second of the two.
 */
export type DstNote =
	| { readonly kind: "gap"; readonly movedMs: number }
	| { readonly kind: "fold"; readonly which: "first" | "second" };

export type Occurrence = {
	/** Epoch ms. */
	readonly at: number;
	readonly note?: DstNote;
};

/** Occurrences in ascending order; each call stands alone. */
export type Source = {
	/** The first one strictly after `after` (epoch ms); `null` when there is none. */
	next(after: number, work: Work): Occurrence | null;
};

/** Local times in ascending order, as a rule names them, before any zone is asked. */
export type LocalSource = {
	/** The first local time strictly after `after`; `null` when there is none. */
	nextLocal(after: number, work: Work): number | null;
};
