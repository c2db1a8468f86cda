/**
 * The tenant's time: the real one, and on the local runtime as far ahead of it as users' tests have
 * moved it. It runs on by itself, and stands still while it is being moved. Registry, shards and edge
 * hold one each; `now` in epoch ms comes in.
 */

export type ClockReading = {
	readonly aheadMs: number;
	/** Epoch ms at which the tenant's time stands still; null while it runs. */
	readonly standsAt: number | null;
};

export class TenantClock {
	#aheadMs = 0;
	#standsAt: number | null = null;

	/** How far the tenant's time is ahead of `realNow`. */
	aheadMs(realNow: number): number {
		return this.now(realNow) - realNow;
	}

	now(realNow: number): number {
		return this.#standsAt ?? realNow + this.#aheadMs;
	}

	get standsAt(): number | null {
		return this.#standsAt;
	}

	/** Runs on, this much ahead: what was stored, or what another of the tenant's clocks says. */
	runAhead(aheadMs: number): void {
		this.#aheadMs = aheadMs;
		this.#standsAt = null;
	}

	/** Stands still at `at`; at once where that lies behind, since time is not turned back. */
	stand(at: number, realNow: number): void {
		this.#standsAt = Math.max(at, this.now(realNow));
	}

	/** Runs on from where it stands. */
	go(realNow: number): void {
		if (this.#standsAt !== null) this.runAhead(this.#standsAt - realNow);
	}
}
