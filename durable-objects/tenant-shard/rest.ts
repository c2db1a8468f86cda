/** The rest of a shard after a fault: for its length nothing that is due makes the alarm ring. */

/** Milliseconds: a broken queue or disk is not asked a thousand times a second. */
const REST_MS = 2_000;

export class Rest {
	#until = 0;

	/** @param now epoch ms; answers when the rest ends. */
	begin(now: number): number {
		this.#until = now + REST_MS;
		return this.#until;
	}

	/** Epoch ms; null while the shard does not rest. */
	endAt(now: number): number | null {
		const left = this.#until - now;
		// More is left only when the clock has stepped back.
		return left > 0 && left <= REST_MS ? this.#until : null;
	}
}
