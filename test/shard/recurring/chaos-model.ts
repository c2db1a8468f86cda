/**
 * What must hold of recurring timers at every moment, whatever has happened to them, read from the
 * tables and from what was sent. Used by chaos.test.ts beside this file.
 */
import { isTenantLane } from "../../../durable-objects/tenant-shard/lanes.ts";
import type { TimerRow } from "../../../durable-objects/tenant-shard/store.ts";
import type { Envelope } from "../../../src/contract/envelope.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { cancelEntryOf, parseTrail } from "../../../src/core/trail.ts";
import type { ShardDriver } from "../harness.ts";
import { broken, check } from "./chaos-check.ts";
import { verifyOccurrences } from "./chaos-occurrences.ts";
import { type Delivery, isOver, keyOf, readStored, type Stored } from "./chaos-stored.ts";

/** The longest trail: what is not trimmed, the chunks and firings it then keeps, and one change. */
const TRAIL_MOST = 12_000;
/** Firings whose deliveries are kept, and those that may be open beside them. */
const FIRINGS_MOST = 20;

export class Model {
	readonly #shard: ShardDriver;
	readonly #delivered = new Set<string>();
	readonly #sent = new Map<string, number>();
	/** The occurrence that each firing is of. */
	readonly #nominals = new Map<string, number>();
	/** Timers of which calls have asked for other occurrences than those of the schedule. */
	readonly #led = new Set<number>();
	readonly #deleted = new Set<number>();
	/** Timers with dead letters that were replayed: those firings end twice. */
	readonly #replayed = new Set<number>();
	/** Whether an envelope may have been lost on its way out, which burns an attempt with its lease. */
	mayLose = false;
	/** How far the tenant's time was moved ahead. */
	aheadMs = 0;
	/** The latest instant that the tenant's clock has shown. */
	#latest = 0;
	readonly envelopes: Envelope[] = [];

	constructor(shard: ShardDriver) {
		this.#shard = shard;
	}

	noteLed(timer: number): void {
		this.#led.add(timer);
	}

	noteReplayed(timer: number): void {
		this.#replayed.add(timer);
	}

	noteDeleted(timer: number): void {
		this.#deleted.add(timer);
	}

	noteDelivered(delivery: Delivery): void {
		this.#delivered.add(keyOf(delivery));
	}

	/** Takes note of what the shard has handed out since the last call. */
	noteSent(): void {
		for (const envelope of this.#shard.take()) {
			for (const delivery of envelope.deliveries) {
				const key = keyOf(delivery);
				const before = this.#sent.get(key) ?? 0;
				check(!this.#delivered.has(key), `${key} is sent again after its success`);
				check(!this.#deleted.has(delivery.timer), `${key} is sent after its timer was deleted`);
				check(delivery.attempt >= before, `attempt ${delivery.attempt} of ${key} after ${before}`);
				const skips = !this.mayLose && delivery.attempt > before + 1;
				check(!skips, `${key} skips from ${before} to ${delivery.attempt}`);
				this.#sent.set(key, delivery.attempt);
				const firing = `${delivery.timer}:${delivery.firing}`;
				const nominal = delivery.nominalAt ?? delivery.dueAt;
				const known = this.#nominals.get(firing) ?? nominal;
				check(known === nominal, `${firing} is of ${known} and of ${nominal}`);
				this.#nominals.set(firing, nominal);
			}
			this.envelopes.push(envelope);
		}
	}

	/** Throws where something does not hold. */
	async verify(): Promise<Stored> {
		this.noteSent();
		const stored = await readStored(this.#shard);
		this.#latest = Math.max(this.#latest, stored.now + this.aheadMs);
		const open = new Set(stored.claimed);
		check(open.size === stored.claimed.length, "a delivery is in two open claims");
		const timers = new Map<number, TimerRow>();
		for (const row of stored.rows) if (row.parent === null) timers.set(row.id, row);
		const active = [...timers.values()].filter((row) => !isEnded(timerStateOf(row.state)));
		const count = stored.counter.active;
		check(count === active.length, `active is ${count}, not ${active.length}`);
		const numbers = new Set<string>();
		for (const row of stored.rows) {
			const owner = timers.get(row.parent ?? row.id);
			if (owner === undefined) throw broken(`the row ${row.id} is of a timer that is gone`);
			const number = `${owner.id}:${row.firing}`;
			check(!numbers.has(number), `two rows stand for ${number}`);
			numbers.add(number);
			check(row.firing <= owner.last_firing, `${number} is above ${owner.last_firing}`);
			if (row.parent !== null) check(!isEnded(timerStateOf(row.state)), `${number} has ended`);
			check(row.trail.length < TRAIL_MOST, `the trail of ${row.id} has ${row.trail.length}`);
			this.#verifyDue(row, owner, stored, open);
		}
		for (const row of active) {
			const waits = stored.rows.some(({ id, parent, due }) => {
				return due !== null && (id === row.id || parent === row.id);
			});
			check(!waits || stored.alarmAt !== null, "no alarm is armed for what is left to do");
		}
		for (const key of open) {
			const [timer, firing] = key.split(":").map(Number);
			check(timers.has(timer ?? 0), `a claim holds ${key} of a deleted timer`);
			check((firing ?? 0) <= (timers.get(timer ?? 0)?.last_firing ?? 0), `a claim holds ${key}`);
		}
		for (const row of timers.values()) this.#verifyTimer(row, stored);
		return stored;
	}

	/** The scan of what is due must come to everything that is not done and not in flight. */
	#verifyDue(row: TimerRow, owner: TimerRow, stored: Stored, open: ReadonlySet<string>): void {
		const state = timerStateOf(row.state);
		const name = `row ${row.id} (${owner.id}:${row.firing}, ${state})`;
		if (isEnded(state)) return;
		if (state === "paused") {
			check(row.due === null, `${name} is due at ${row.due}`);
			const of = timerStateOf(owner.state);
			check(of === "paused" || isEnded(of), `${name} of a timer that goes on is held`);
			return;
		}
		check(timerStateOf(owner.state) !== "paused", `${name} of a paused timer is due at ${row.due}`);
		if (row.parent === null && isOver(row)) {
			const waits = stored.rows.some(({ parent }) => parent === row.id);
			check(waits, `${name} waits for the end of firings that it has not`);
			return;
		}
		// It waits for its key. Changed meanwhile, it is due again, and asks once more.
		if (row.due === null && stored.queued.has(row.id)) return;
		const { actions } = unpackFlags(row.flags);
		const isCancelled = cancelEntryOf(parseTrail(row.trail)) !== undefined;
		if (actions === 0) check(row.due !== null, `${name} is lost`);
		for (let action = 0; action < actions; action++) {
			const key = keyOf({ timer: owner.id, firing: row.firing, action });
			if (open.has(key)) continue;
			const delivery = stored.deliveries.get(key);
			if (delivery !== undefined && delivery.due === null) continue;
			check(!isCancelled, `${key} waits though it is being cancelled`);
			const until = delivery?.due ?? row.fire_at;
			// What is buffered or paced starts later than its occurrence, by a second at most.
			const latest = Math.max(until, this.#latest + 1_000);
			const isMoved = this.#led.has(owner.id);
			check(row.due !== null && (isMoved || row.due <= latest), `${key} of ${name} is lost`);
		}
	}

	#verifyTimer(row: TimerRow, stored: Stored): void {
		const told = stored.events.get(row.id) ?? [];
		const fired = new Map<unknown, number>();
		const ended = new Map<unknown, number>();
		const late = new Set<unknown>();
		for (const { type, data } of told) {
			const { firing } = data;
			if (type === "timer.fired") fired.set(firing, (fired.get(firing) ?? 0) + 1);
			// A success may come late, after the end; it can be the last only.
			if (type.startsWith("firing.")) ended.set(firing, (ended.get(firing) ?? 0) + 1);
			if (type === "firing.settled") late.add(firing);
		}
		for (const [firing, times] of fired) {
			check(times === 1, `${row.id}:${firing} has fired ${times} times`);
		}
		if (!this.#replayed.has(row.id)) {
			for (const [firing, times] of ended) {
				check(times <= (late.has(firing) ? 2 : 1), `${row.id}:${firing} has ended ${times} times`);
			}
		}
		const { schedule, overlap } = parseTimerDoc(row.doc);
		if (schedule === undefined || this.#led.has(row.id)) return;
		check(row.fired <= row.last_firing, `${row.id} has fired ${row.fired} times`);
		const open = stored.rows.filter(({ parent }) => parent === row.id);
		// What was lost on its way out has fired, and left no trace that this test could see.
		const mayLack = overlap === "cancel_other" || this.mayLose;
		verifyOccurrences(row, this.#nominals, told, mayLack ? null : open);
	}

	/** After everything was answered for a while: nothing is overdue, but what is on its way. */
	verifyCalm({ rows, claimed, now }: Stored): void {
		for (const row of rows) {
			const key = `${row.parent ?? row.id}:${row.firing}:`;
			if (row.due === null || claimed.some((one) => one.startsWith(key))) continue;
			const laneNow = isTenantLane(row.lane) ? now + this.aheadMs : now;
			check(row.due > laneNow, `row ${row.id} (${key}) is overdue since ${row.due}`);
		}
	}

	/** After all has ended: nothing is left but the timers and their newest firings. */
	verifyEnd({ rows, deliveries, claims, places }: Stored): void {
		check(claims.length === 0, "claims are left");
		check(places === 0, "places in the queue of a key are left");
		for (const row of rows) {
			check(row.parent === null, `the row of ${row.parent}:${row.firing} is left`);
			check(isEnded(timerStateOf(row.state)), `timer ${row.id} has not ended`);
			const { actions } = unpackFlags(row.flags);
			const held = [...deliveries.values()].filter(({ timer }) => timer === row.id);
			const kept = new Set(held.filter(({ state }) => state !== 2).map(({ firing }) => firing));
			check(kept.size <= 2 * FIRINGS_MOST, `${row.id} keeps ${kept.size} firings of ${actions}`);
		}
	}
}
