/**
 * How much searching one answer may take. A schedule can be written so that its next occurrence
 * lies behind millions of days that it excludes; every search here spends what it does, and gives
 * up at the same point wherever it runs, since no clock is asked.
 */

/**
 * Units of one answer. A unit is about what asking one day of a rule costs, 0.1 µs: 20 ms, well
 * below the promised 50. A rule whose calendar has to be gone through whole takes 146,097 of them.
 */
const ANSWER_UNITS = 250_000;
/** Units for counting out a rule once, when it is read: some 100,000 occurrences. */
const COUNT_UNITS = 2 * ANSWER_UNITS;

/** Thrown through the layers of a search that takes too long, and caught where it was begun. */
export class SearchTooLong extends Error {}

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
