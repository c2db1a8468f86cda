/**
 * How far the claims of one lane have got in the due-index. A claimed timer keeps its index entry
 * until it is settled (a write saved per firing), so the scan goes on behind the last one it saw.
 * Only memory: after a restart the scan starts over and skips what open claims hold.
 */

export class DueCursor {
	#due = Number.MIN_SAFE_INTEGER;
	#id = 0;
	#isDrained = false;

	get due(): number {
		return this.#due;
	}

	get id(): number {
		return this.#id;
	}

	/** Whether it is known that nothing lies ahead: of most shards' lanes most are empty. */
	get isDrained(): boolean {
		return this.#isDrained;
	}

	/** The scan has found nothing ahead. Whatever comes in is told by `include`. */
	drained(): void {
		this.#isDrained = true;
	}

	/** The scan has seen everything up to and including (due, id). */
	advance(due: number, id: number): void {
		this.#due = due;
		this.#id = id;
	}

	/** Something is due at (due, id): if the scan is past it, it looks again from there. */
	include(due: number, id: number): void {
		this.#isDrained = false;
		if (due < this.#due || (due === this.#due && id <= this.#id)) this.advance(due, id - 1);
	}
}
