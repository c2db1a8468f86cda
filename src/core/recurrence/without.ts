/**
 * Leaves occurrences out of a source, by day and by instant. A day that is left out is jumped over,
 * so that a rule of every second passes it at once. What is left out is said by `exclusions.ts`, by
 * EXDATE and EXRULE, and by business days.
 */
import { DAY } from "../units.ts";
import type { Source } from "./occurrence.ts";
import { instantOf } from "./wall-clock.ts";
import type { Work } from "./work.ts";
import type { Zone } from "./zone.ts";

export type Exclusion = {
	/** Whether a whole local day (days since 1970-01-01) is left out. */
	day(epochDay: number, work: Work): boolean;
	/** Whether an instant is left out. */
	instant(at: number, work: Work): boolean;
};

/** Of `Work`, for one occurrence that is asked about. */
const ASK_UNITS = 5;

export function without(source: Source, { day, instant }: Exclusion, zone: Zone): Source {
	return {
		next(after, work) {
			let cursor = after;
			for (;;) {
				work.spend(ASK_UNITS);
				const found = source.next(cursor, work);
				if (found === null) return null;
				const local = Math.floor((found.at + zone.offsetAt(found.at)) / DAY);
				if (day(local, work)) cursor = Math.max(found.at, instantOf((local + 1) * DAY, zone) - 1);
				else if (instant(found.at, work)) cursor = found.at;
				else return found;
			}
		},
	};
}
