/**
 * The shard's part of the tenant's time. In a deployment it is the real one, and every lane is of it.
 * On the local runtime, where users' tests may move it, timers that wait for their schedule stand in
 * lanes of their own, whose due times are in the tenant's time; retries stay on the real clock.
 */
import { TenantClock } from "../../../src/core/tenant-clock.ts";
import { type StoredTimerState, timerStateCode } from "../../../src/core/timer-state.ts";
import { CLASSES, isTenantLane, LANES, LANES_OF_BOTH, laneOn } from "../lanes.ts";
import type { Store } from "../store.ts";

export class ShardClock {
	/** Whether the tenant's time can be moved. */
	readonly isMovable: boolean;
	/** The lanes there are, the most urgent first. */
	readonly lanes: readonly number[];
	/** Firings begun since the object started. */
	fired = 0;
	readonly #clock = new TenantClock();
	#onChange: (() => void) | undefined;

	constructor(isMovable: boolean) {
		this.isMovable = isMovable;
		this.lanes = isMovable ? LANES_OF_BOTH : LANES;
	}

	/** When the object starts: brings the rows to the lanes of this runtime, and time to where it was. */
	load(store: Store): void {
		const row = store.getClock.first();
		if (row === undefined && this.isMovable) {
			store.followClock.run(CLASSES, CLASSES, timerStateCode("firing"));
			store.putClock.run(0);
		} else if (row !== undefined && !this.isMovable) {
			store.leaveClock.run(CLASSES, CLASSES);
			store.deleteClock.run();
		} else if (row !== undefined) this.#clock.runAhead(row.ahead_ms);
	}

	/** The tenant's time. */
	now(realNow: number): number {
		return this.isMovable ? this.#clock.now(realNow) : realNow;
	}

	aheadMs(realNow: number): number {
		return this.now(realNow) - realNow;
	}

	/** What time it is on the clock of a lane. */
	nowOf(lane: number, realNow: number): number {
		return isTenantLane(lane) ? this.now(realNow) : realNow;
	}

	/** The real instant at which something of a lane is due, as long as nobody moves the clock. */
	realOf(lane: number, due: number, realNow: number): number {
		return isTenantLane(lane) ? due - this.aheadMs(realNow) : due;
	}

	/** The lane of a timer in `state`: what has fired waits on the real clock, the rest on the tenant's. */
	laneFor(state: StoredTimerState, lane: number): number {
		return laneOn(this.isMovable && state !== "firing" ? "tenant" : "real", lane);
	}

	/** What another of the tenant's clocks says: this one was not told of the last moves. */
	catchUp(store: Store, aheadMs: number): void {
		if (!this.isMovable || this.#clock.standsAt !== null) return;
		if (aheadMs <= this.#clock.aheadMs(0)) return;
		this.#clock.runAhead(aheadMs);
		store.putClock.run(aheadMs);
	}

	/** Stands still at `at` (epoch ms) while `work` runs, and then runs on from there. */
	async standAt<T>(store: Store, at: number, work: () => Promise<T>): Promise<T> {
		const now = Date.now();
		this.#clock.stand(at, now);
		store.putClock.run(this.#clock.aheadMs(now));
		try {
			return await work();
		} finally {
			this.#clock.go(Date.now());
		}
	}

	/** A transaction has committed. */
	changed(): void {
		this.#onChange?.();
	}

	/** Resolves with the next commit, or after `timeoutMs`; says which. */
	nextChange(timeoutMs: number): Promise<"changed" | "timeout"> {
		return new Promise((resolve) => {
			const timer = setTimeout(() => resolve("timeout"), timeoutMs);
			this.#onChange = () => {
				clearTimeout(timer);
				this.#onChange = undefined;
				resolve("changed");
			};
		});
	}
}
