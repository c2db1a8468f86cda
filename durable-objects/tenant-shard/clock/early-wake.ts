/**
 * Has a shard woken early by as much as its wakes have been late on average, where its tenant's
 * jitter policy says so, and waits out what is left: nothing fires before its instant, and no due
 * time that is stored or shown changes. The arithmetic is in core/drift/compensation.ts.
 *
 * What is averaged is how late the alarm rang, not how late timers fired: once that is made up for,
 * timers are on time, and an average of that would fall and forget why.
 */
import { compensationOf, smooth } from "../../../src/core/drift/compensation.ts";
import { MINUTE } from "../../../src/core/units.ts";
import type { Shard } from "../shard.ts";

/** A wake later than this, in milliseconds, tells of an outage or of a clock that was set. */
const OUTAGE_MS = MINUTE;

export class EarlyWake {
	readonly #shard: Pick<Shard, "jitterPolicy">;
	#average: number | undefined;
	/** Epoch ms of the next due time that the alarm is armed for. */
	#nextDue: number | null = null;
	/** Ends the sleep under way. */
	#hurry: (() => void) | null = null;

	constructor(shard: Pick<Shard, "jitterPolicy">) {
		this.#shard = shard;
	}

	/** Milliseconds by which wakes are late; undefined before the first that was measured. */
	get average(): number | undefined {
		return this.#average;
	}

	get isWaiting(): boolean {
		return this.#hurry !== null;
	}

	/** The object starts with what it has stored. */
	load(average: number | undefined): void {
		this.#average = average;
	}

	/** The alarm rings that was to ring at `at` (epoch ms; null when that is not known). */
	rang(at: number | null, now: number): void {
		const policy = this.#shard.jitterPolicy;
		if (policy === undefined || policy.maxCompensationMs === 0 || at === null) return;
		const lateMs = Math.max(0, now - at);
		if (lateMs < OUTAGE_MS) this.#average = smooth(this.#average, lateMs, policy.smoothingFactor);
	}

	/** Epoch ms at which to wake for what is due at `due`. */
	wakeAt(due: number): number {
		const policy = this.#shard.jitterPolicy;
		if (policy === undefined) return due;
		return due - Math.ceil(compensationOf(this.#average, policy.maxCompensationMs));
	}

	/** What the alarm is armed for, as the claiming has left it. */
	plan(nextDue: readonly (number | null)[]): void {
		const dues = nextDue.filter((due) => due !== null);
		this.#nextDue = dues.length === 0 ? null : Math.min(...dues);
	}

	/** Something has come in that is due at `due`. */
	include(due: number): void {
		if (this.#nextDue !== null && this.#nextDue <= due) return;
		this.#nextDue = due;
		this.#hurry?.();
	}

	/** Resolves at the instant for which the shard was woken early; at once where it was not. */
	async untilDue(): Promise<void> {
		const most = this.#shard.jitterPolicy?.maxCompensationMs ?? 0;
		for (;;) {
			const leftMs = (this.#nextDue ?? 0) - Date.now();
			// More is left where nothing is near, or the clock has stepped back: that is an alarm's work.
			if (leftMs <= 0 || leftMs > most) return;
			await this.#sleep(leftMs);
		}
	}

	#sleep(ms: number): Promise<void> {
		return new Promise((resolve) => {
			const end = () => {
				clearTimeout(timer);
				this.#hurry = null;
				resolve();
			};
			const timer = setTimeout(end, ms);
			this.#hurry = end;
		});
	}
}
