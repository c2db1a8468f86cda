/**
 * One transaction of a shard: its clock, its copy of the counter row, and the events it makes. What
 * a call changes in memory it defers to `onCommit`, or takes back in `onRollback` where later calls
 * of the transaction must see it: a failed transaction leaves none of it.
 */
import { EVENT_TYPES, type EventType } from "../../src/contract/event.ts";
import type { JsonObject } from "../../src/contract/json.ts";
import { LatenessFold } from "../../src/core/drift/lateness.ts";
import { MetricsFold } from "../../src/core/metrics-fold.ts";
import { EVENTS_PER_CHUNK } from "./constants.ts";
import type { CounterRow, Store } from "./store.ts";

/** An event as a chunk stores it: type, timer, ms after the chunk's time, data (0 for none),
 * traceparent where the call had one. `null` stands for an event whose timer was deleted. */
export type StoredEvent =
	| readonly [type: number, timer: number, offsetMs: number, data: JsonObject | 0]
	| readonly [
			type: number,
			timer: number,
			offsetMs: number,
			data: JsonObject | 0,
			traceparent: string,
	  ]
	| null;

export class Transaction {
	readonly now: number;
	/** What time it is for the tenant's schedules; `now` but where tests have moved it. */
	readonly tenantNow: number;
	readonly counter: CounterRow;
	/** What is counted once the transaction has committed, and not if it fails. */
	readonly tally = new MetricsFold();
	/** The same, of how late things were. */
	readonly lateness = new LatenessFold();
	readonly #store: Store;
	readonly #before: CounterRow;
	readonly #firstChunk: number;
	readonly #events: StoredEvent[] = [];
	readonly #deferred: (() => void)[] = [];
	readonly #undo: (() => void)[] = [];

	constructor(
		store: Store,
		counter: CounterRow,
		nextChunk: number,
		now: number,
		tenantNow: number,
	) {
		this.#store = store;
		this.#before = counter;
		this.#firstChunk = nextChunk;
		this.now = now;
		this.tenantNow = tenantNow;
		this.counter = { ...counter };
	}

	/** A real instant of the recent past (epoch ms) in the tenant's time. */
	tenantTimeOf(at: number): number {
		return at + this.tenantNow - this.now;
	}

	/** Records an event and answers the number of the chunk that will hold it. */
	event(
		type: EventType,
		timer: number,
		data: JsonObject | null,
		traceparent: string | null = null,
	): number {
		const head = [EVENT_TYPES.indexOf(type), timer, 0, data ?? 0] as const;
		this.#events.push(traceparent === null ? head : [...head, traceparent]);
		return this.#firstChunk + Math.floor((this.#events.length - 1) / EVENTS_PER_CHUNK);
	}

	/** The sequence of the event that was recorded last. */
	get lastSequence(): number {
		return this.#firstChunk * EVENTS_PER_CHUNK + this.#events.length - 1;
	}

	/** Takes a timer's events out of this transaction; answers how many. Their places stay. */
	eraseEvents(timer: number): number {
		let erased = 0;
		this.#events.forEach((stored, index) => {
			if (stored === null || stored[1] !== timer) return;
			this.#events[index] = null;
			erased += 1;
		});
		return erased;
	}

	/** Runs when the transaction has committed; never when it failed. */
	onCommit(effect: () => void): void {
		this.#deferred.push(effect);
	}

	/** Takes back a change in memory if the transaction fails. */
	onRollback(undo: () => void): void {
		this.#undo.push(undo);
	}

	/** The transaction has failed: takes back what it changed in memory, the last change first. */
	rollBack(): void {
		for (const undo of this.#undo.reverse()) undo();
	}

	/** Writes the chunks and the counter row. The last step inside the transaction. */
	finish(): { nextChunk: number; effects: readonly (() => void)[] } {
		let nextChunk = this.#firstChunk;
		for (let at = 0; at < this.#events.length; at += EVENTS_PER_CHUNK) {
			const body = JSON.stringify(this.#events.slice(at, at + EVENTS_PER_CHUNK));
			this.#store.insertChunk.run(nextChunk, this.now, body);
			nextChunk += 1;
		}
		if (!sameCounter(this.#before, this.counter)) {
			const { next_timer, last_created_at, active, granted, minute, creates } = this.counter;
			this.#store.putCounter.run(next_timer, last_created_at, active, granted, minute, creates);
		}
		return { nextChunk, effects: this.#deferred };
	}
}

function sameCounter(a: CounterRow, b: CounterRow): boolean {
	return (
		a.next_timer === b.next_timer &&
		a.active === b.active &&
		a.granted === b.granted &&
		a.minute === b.minute &&
		a.creates === b.creates
	);
}
