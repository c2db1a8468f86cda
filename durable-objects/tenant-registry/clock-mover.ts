/**
 * Moves the tenant's time on, over all of its shards: from one due instant to the next, at each of
 * which it stands until what fires there has settled. The registry is the one that says what time it
 * is for the tenant; shards and edge follow. Local runtime only.
 */
import { type ClockReading, TenantClock } from "../../src/core/tenant-clock.ts";
import { SECOND } from "../../src/core/units.ts";
import type { ClockMove } from "./rpc.ts";

/** After so many milliseconds no further step is begun, and the call is answered. */
const MOVE_MS = 20 * SECOND;

/** What a shard does with a clock that is moved. */
export type ClockShard = {
	/** The first due instant after `after` (epoch ms, the tenant's time); null when there is none. */
	readonly nextDue: (after: number) => Promise<number | null>;
	/** Stands at `at` until what fires there has settled. Answers how many firings have begun. */
	readonly standAt: (at: number) => Promise<number>;
};

export type ClockMoverDeps = {
	/** Those that may have timers; asked anew for each step, since firings may make more. */
	readonly shards: () => readonly ClockShard[];
	readonly load: () => number;
	readonly save: (aheadMs: number) => void;
};

export class ClockMover {
	readonly #deps: ClockMoverDeps;
	#clock: TenantClock | undefined;
	#isMoving = false;

	constructor(deps: ClockMoverDeps) {
		this.#deps = deps;
	}

	read(now: number): ClockReading & { readonly isMoving: boolean } {
		const clock = this.#open();
		return { aheadMs: clock.aheadMs(now), standsAt: clock.standsAt, isMoving: this.#isMoving };
	}

	/** Moves on to `target` (epoch ms). Undefined while another call moves it. */
	async moveTo(target: number): Promise<ClockMove | undefined> {
		if (this.#isMoving) return undefined;
		const clock = this.#open();
		this.#isMoving = true;
		try {
			return await this.#move(clock, target);
		} finally {
			clock.go(Date.now());
			this.#deps.save(clock.aheadMs(Date.now()));
			this.#isMoving = false;
		}
	}

	async #move(clock: TenantClock, target: number): Promise<ClockMove> {
		const endsAt = Date.now() + MOVE_MS;
		let fired = 0;
		let steps = 0;
		// First where it stands: what is due already fires before time moves on.
		let at = clock.now(Date.now());
		for (;;) {
			fired += await this.#standAt(clock, at, endsAt);
			if (at >= target) return { now: at, reached: true, fired, steps };
			const next = await this.#nextDue(at);
			const isLast = next === null || next > target;
			if (!isLast && Date.now() >= endsAt) return { now: at, reached: false, fired, steps };
			at = isLast ? target : next;
			if (!isLast) steps += 1;
		}
	}

	async #standAt(clock: TenantClock, at: number, endsAt: number): Promise<number> {
		const now = Date.now();
		clock.stand(at, now);
		// Before any shard fires: after a crash the tenant's time is not behind what it has fired.
		this.#deps.save(clock.aheadMs(now));
		let fired = 0;
		for (;;) {
			const shards = this.#deps.shards();
			const begun = await Promise.all(shards.map((shard) => shard.standAt(at)));
			const sum = begun.reduce((total, one) => total + one, 0);
			fired += sum;
			// What fired in one shard may have made something due in another.
			if (sum === 0 || shards.length === 1 || Date.now() >= endsAt) return fired;
		}
	}

	async #nextDue(after: number): Promise<number | null> {
		const dues = await Promise.all(this.#deps.shards().map((shard) => shard.nextDue(after)));
		const known = dues.filter((due) => due !== null);
		return known.length === 0 ? null : Math.min(...known);
	}

	/** Read when it is first needed: the object may have no tables before. */
	#open(): TenantClock {
		if (this.#clock === undefined) {
			this.#clock = new TenantClock();
			this.#clock.runAhead(this.#deps.load());
		}
		return this.#clock;
	}
}
