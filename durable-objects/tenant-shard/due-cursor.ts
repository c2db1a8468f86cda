/**
 * How far the claims of one lane have got in the due-index. A claimed timer keeps its index entry
 * until it is settled (a write saved per firing), so the scan goes on behind the last one it saw.
 * Only memory: after a restart the scan starts over and skips what open claims hold.
 */

export class DueCursor {
	#due = Number.MIN_SAFE_INTEGER;
	#id = 0;

	get due(): number {
		return this.#due;
	}

	get id(): number {
		return this.#id;
	}

	/** The scan has seen everything up to and including (due, id). */
	advance(due: number, id: number): void {
		this.#due = due;
		this.#id = id;
	}

	/** Something became due at (due, id): if the scan is past it, it looks again from there. */
	include(due: number, id: number): void {
		if (due < this.#due || (due === this.#due && id <= this.#id)) this.advance(due, id - 1);
	}
}
