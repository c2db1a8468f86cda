/**
 * Firing rows: rows of the timer table that stand for one firing each, where the timer's own row
 * stands for another (run now, a backfill, an event, a replay, firings that overlap). They are due,
 * claimed and retried like timers; claims, deliveries, ids and events name the timer and the
 * firing's number. A row goes when its firing ends.
 */
import { formatTimerDoc, parseTimerDoc, patchTimerDoc } from "../../../src/core/timer-doc.ts";
import { DEPENDED, flagsOfDoc, isPlain } from "../../../src/core/timer-flags.ts";
import { timerStateCode } from "../../../src/core/timer-state.ts";
import { laneOf } from "../lanes.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";

/** The timer that a caller names. The row of a firing is none, and its number names nothing. */
export function findTimer({ store }: Shard, seq: number): TimerRow | undefined {
	const row = store.getTimer.first(seq);
	return row?.parent === null ? row : undefined;
}

/** The timer whose firing a row stands for. */
export function ownerOf(row: Pick<TimerRow, "id" | "parent">): number {
	return row.parent ?? row.id;
}

/** Whether there may be such rows of a timer: one that is plain and has fired once has none. */
export function mayHaveFirings({ flags, last_firing }: TimerRow): boolean {
	return !isPlain(flags) || last_firing > 1;
}

/** The row that stands for a firing; undefined once it has ended, unless the timer ended with it. */
export function firingRowOf(shard: Shard, timer: number, firing: number): TimerRow | undefined {
	const row = shard.store.getTimer.first(timer);
	if (row === undefined || row.firing === firing) return row;
	return shard.store.getFiring.first(timer, firing);
}

export type NewFiring = {
	/** Epoch ms at which it is to start. */
	readonly dueAt: number;
	/** Epoch ms of the occurrence it stands for, where that is another instant. */
	readonly nominalAt?: number;
	/** What it stands for where that is neither: a past firing that is taken up again. */
	readonly firesFor?: { readonly dueAt: number; readonly nominalAt: number };
	/** Text of its trail; empty unless given. */
	readonly trail?: string;
	/** Members of the document that differ from the timer's (JSON text of a `TimerDocPatch`). */
	readonly docPatch?: string;
	/** An earlier number, where a past firing is taken up again; absent for a new one. */
	readonly firing?: number;
	/** `firing` for one that has ended before: its number is counted already. */
	readonly state?: "scheduled" | "firing";
};

/**
 * Adds a firing to a timer, besides what its schedule says. Its document is a copy: later changes of
 * the timer do not reach it. `row` must be as stored: its number of firings is written.
 * @returns the firing's number
 */
export function startFiring(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	fresh: NewFiring,
): number {
	const { dueAt, docPatch = "{}", firing, state = "scheduled", trail = "" } = fresh;
	const number = firing ?? row.last_firing + 1;
	const doc = patchTimerDoc(firingDocOf(row.doc), docPatch);
	const flags = flagsOfDoc(doc) & ~DEPENDED;
	const lane = shard.clock.laneFor(state, laneOf(flags));
	const seq = tx.counter.next_timer;
	const createdAt = Math.max(tx.tenantNow, tx.counter.last_created_at);
	tx.counter.next_timer = seq + 1;
	tx.counter.last_created_at = createdAt;
	// What has begun waits on the real clock.
	const begun = state === "firing" ? tx.tenantTimeOf(dueAt) : dueAt;
	const fireAt = fresh.firesFor?.dueAt ?? begun;
	const nominalAt = fresh.firesFor?.nominalAt ?? fresh.nominalAt ?? fireAt;
	shard.store.insertFiring.run(
		seq,
		lane,
		dueAt,
		fireAt,
		nominalAt === fireAt ? null : nominalAt,
		createdAt,
		timerStateCode(state),
		flags,
		formatTimerDoc(doc),
		trail,
		number,
		state === "firing" ? 1 : 0,
		row.id,
	);
	if (firing === undefined) {
		shard.store.noteFiring.run(row.state, number, row.fired, row.trail, row.id);
	}
	tx.onCommit(() => shard.include(lane, dueAt, seq));
	return number;
}

/** What of a timer's document holds for one firing of it: not when it fires, nor who waits for it. */
function firingDocOf(text: string) {
	const { schedule, misfire, overlap, jitterMs, spreadMs, dedupeKey, dedupe, pause, ...doc } =
		parseTimerDoc(text);
	const zone = schedule?.timezone;
	return zone === undefined ? doc : { ...doc, zone };
}
