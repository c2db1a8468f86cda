/**
 * How much searching one answer may take. A schedule can be written so that its next occurrence
 * lies behind millions of days that it excludes; every search here spends what it does, and gives
 * up at the same point wherever it runs, since no clock is asked.
 */

import { DAY } from "../units.ts";

/**
 * Units of one answer. A unit is about what asking one day of a rule costs, 0.1 µs: 20 ms, well
 * below the promised 50. A rule whose calendar has to be gone through whole takes 146,097 of them.
 */
const ANSWER_UNITS = 250_000;
/** Units for counting out a rule once, when it is read: some 50,000 occurrences. */
const COUNT_UNITS = ANSWER_UNITS;

/** For a local time and its offsets, where they lie near the last ones that were asked. */
const NEAR_UNITS = 3;
/** And for each day farther: a zone's data is read in blocks of four days, each about 10 µs. */
const UNITS_PER_DAY = 25;
/** Where three blocks are read, however far. */
const FAR_UNITS = 300;

/** Thrown through the layers of a search that takes too long, and caught where it was begun. */
class SearchTooLong extends Error {}

export class Work {
	#left: number;

	private constructor(units: number) {
		this.#left = units;
	}

	static ofAnswer(): Work {
		return new Work(ANSWER_UNITS);
	}

	static ofCount(): Work {
		return new Work(COUNT_UNITS);
	}

	/** Spends what asking for offsets costs, so far from the last that were asked. */
	spendOnOffsets(distanceMs: number): void {
		this.spend(Math.min(FAR_UNITS, NEAR_UNITS + Math.ceil((distanceMs / DAY) * UNITS_PER_DAY)));
	}

	spend(units: number): void {
		this.#left -= units;
		if (this.#left < 0) throw new SearchTooLong();
	}
}

/** What `search` finds, or `undefined` where that takes too long. */
export function withinBound<T>(work: Work, search: (work: Work) => T): T | undefined {
	try {
		return search(work);
	} catch (error) {
		if (error instanceof SearchTooLong) return undefined;
		throw error;
	}
}
