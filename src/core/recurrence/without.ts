/**
 * Leaves occurrences out of a source, by day and by instant. A day that is left out is jumped over,
 * so that a rule of every second passes it at once. What is left out is said by `exclusions.ts`, by
 * EXDATE and EXRULE, and by business days.
 */
import { DAY } from "../units.ts";
import type { Source } from "./occurrence.ts";
import { instantOf } from "./wall-clock.ts";
import type { Zone } from "./zone.ts";

export type Exclusion = {
	/** Whether a whole local day (days since 1970-01-01) is left out. */
	day(epochDay: number): boolean;
	/** Whether an instant is left out. */
	instant(at: number): boolean;
};

/**
 * Occurrences passed over for one answer: 50 years of excluded days, or three hours of excluded
 * seconds. A schedule that has none left after them has ended.
 */
const PASSED_MAX = 20_000;

export function without(source: Source, { day, instant }: Exclusion, zone: Zone): Source {
	return {
		next(after) {
			let cursor = after;
			for (let passed = 0; passed < PASSED_MAX; passed++) {
				const found = source.next(cursor);
				if (found === null) return null;
				const local = Math.floor((found.at + zone.offsetAt(found.at)) / DAY);
				if (day(local)) cursor = Math.max(found.at, instantOf((local + 1) * DAY, zone) - 1);
				else if (instant(found.at)) cursor = found.at;
				else return found;
			}
			return null;
		},
	};
}
