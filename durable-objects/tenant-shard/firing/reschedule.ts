/**
 * A recurring timer goes on to its next occurrence, or ends when its schedule has none left. Called
 * when a firing has ended, was skipped or got a row of its own, and when a call changes the schedule
 * or takes the timer up again.
 */
import type { JsonObject } from "../../../src/contract/json.ts";
import { dueOrNever, NO_INSTANT } from "../../../src/core/dependency.ts";
import { lastOccurrences, type NextOccurrence } from "../../../src/core/firing/occurrences.ts";
import { firingOffsetMs } from "../../../src/core/firing/offset.ts";
import { type Passed, planNext } from "../../../src/core/firing/plan-firing.ts";
import { DEFAULT_OVERLAP, toMisfire } from "../../../src/core/firing/policy.ts";
import { parseTimerDoc, type TimerDoc } from "../../../src/core/timer-doc.ts";
import { isEnded, timerStateCode, timerStateOf } from "../../../src/core/timer-state.ts";
import { formatTrail, type TrailEntry, trimFirings } from "../../../src/core/trail.ts";
import { laneOf } from "../lanes.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { endTimer } from "./end-timer.ts";
import { nextOccurrenceOf } from "./occurrences.ts";

const PAUSED = timerStateCode("paused");

export type MoveOn = {
	/** Epoch ms at which the firing that is over was claimed, in the tenant's time. */
	readonly claimedAt: number;
	/** Text to append to the trail. */
	readonly trail: string;
	/** Whether the occurrence counts against the schedule's limit. */
	readonly hasFired: boolean;
	/** Whether its firing has ended as well; one with a row of its own counts when that ends. */
	readonly isOver: boolean;
	/** How the timer ends if this was the last; `settled` unless said. */
	readonly endState?: "settled" | "failed" | "skipped";
};

/** From the occurrence of `row`, which must be as stored, to the one that its policies name. */
export function moveOn(shard: Shard, tx: Transaction, row: TimerRow, move: MoveOn): void {
	const doc = parseTimerDoc(row.doc);
	const next = nextOccurrenceOf(shard, doc);
	const policies = { misfire: toMisfire(doc.misfire), overlap: doc.overlap ?? DEFAULT_OVERLAP };
	const nominal = row.nominal ?? row.fire_at;
	const plan = planNext(next, policies, nominal, move.claimedAt, tx.tenantNow);
	const remaining = row.remaining === null ? null : row.remaining - (move.hasFired ? 1 : 0);
	// Behind the last that its limit allows there is nothing to leave out.
	const noted = remaining === 0 ? [] : recordPassed(tx, row.id, plan.passed, next);
	const trail = move.trail + formatTrail(noted);
	const fired = row.fired + (move.hasFired && move.isOver ? 1 : 0);
	if (plan.nominal === null || remaining === 0) {
		finish(shard, tx, { ...row, fired, remaining }, trail, move.endState ?? "settled");
		return;
	}
	const place = { nominal: plan.nominal, notBefore: plan.notBefore, trail };
	const firing = move.hasFired ? row.last_firing + 1 : row.firing;
	placeAt(shard, tx, { ...row, fired, remaining, firing }, doc, place);
}

/**
 * To the first occurrence after `after`, whatever it stood at: for a changed schedule and for one
 * that is taken up again. What lies between is not recorded.
 * @returns false when there is none: the row is left as it was
 */
function rescheduleAfter(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	after: number,
	trail: string,
): boolean {
	const doc = parseTimerDoc(row.doc);
	const nominal = nextOccurrenceOf(shard, doc)(after);
	if (nominal === null) return false;
	placeAt(shard, tx, row, doc, { nominal, notBefore: null, trail });
	return true;
}

/** Leaves out all up to `after`: the schedule goes on behind it, or is over. */
export function skipTo(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	after: number,
	trail: string,
): void {
	if (rescheduleAfter(shard, tx, row, after, trail)) return;
	finish(shard, tx, row, trail, row.fired === 0 ? "skipped" : "settled");
}

type Place = {
	readonly nominal: number;
	/** Epoch ms before which it must not start; null when its own instant says. */
	readonly notBefore: number | null;
	readonly trail: string;
};

/** Writes the timer as it waits for an occurrence. `row` has the values to store but for its time. */
export function placeAt(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	doc: TimerDoc,
	{ nominal, notBefore, trail }: Place,
): void {
	const fireAt = effectiveAt(shard, row.id, doc, nominal);
	const due = Math.max(fireAt, notBefore ?? fireAt);
	const lane = shard.clock.laneFor("scheduled", laneOf(row.flags));
	const paused = row.state === PAUSED;
	const next = paused ? null : dueOrNever(due);
	shard.store.scheduleTimer.run(
		lane,
		next,
		fireAt,
		nominal === fireAt ? null : nominal,
		paused ? PAUSED : timerStateCode("scheduled"),
		row.firing,
		Math.max(row.last_firing, row.firing),
		row.remaining,
		row.fired,
		trimFirings(row.trail + trail),
		row.id,
	);
	if (next !== null) tx.onCommit(() => shard.include(lane, next, row.id));
}

/** Epoch ms at which an occurrence starts: with the timer's jitter and spread. */
export function effectiveAt(shard: Shard, timer: number, doc: TimerDoc, nominal: number): number {
	if (nominal === NO_INSTANT) return nominal;
	return nominal + firingOffsetMs(doc, { shard: shard.identity.shard, timer }, nominal);
}

/** The schedule is over. The timer ends now, or with the last of its firings that is still open. */
export function finish(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	trail: string,
	state: "settled" | "failed" | "skipped",
): void {
	if (shard.store.anyFiring.first(row.id) === undefined) {
		if (row.remaining !== null) shard.store.setRemaining.run(row.remaining, row.id);
		shard.store.noteFiring.run(row.state, row.last_firing, row.fired, row.trail, row.id);
		const { id: timer, flags } = row;
		endTimer(shard, tx, { timer, flags, state, wasActive: true, before: trail });
		return;
	}
	// A number of its own: the one it had may be that of an open firing.
	const firing = row.last_firing + 1;
	shard.store.scheduleTimer.run(
		row.lane,
		null,
		row.fire_at,
		row.nominal,
		row.state === PAUSED ? PAUSED : timerStateCode("firing"),
		firing,
		firing,
		0,
		row.fired,
		trimFirings(row.trail + trail),
		row.id,
	);
}

/** Whether a schedule is over, and only open firings keep its timer from its end. */
export function awaitsFirings(row: TimerRow): boolean {
	return timerStateOf(row.state) === "firing" && isOver(row);
}

/** The same of a timer that may be paused. */
export function isOver({ parent, due, remaining, state }: TimerRow): boolean {
	return parent === null && due === null && remaining === 0 && !isEnded(timerStateOf(state));
}

/** Occurrences told one by one; what is left of a longer stretch is one event. */
const TOLD_SINGLY = 20;

/** An event for each occurrence that will not fire. Answers what the trail must say of them. */
export function recordPassed(
	tx: Transaction,
	timer: number,
	passed: readonly Passed[],
	next: NextOccurrence,
): TrailEntry[] {
	const chunks = new Set<number>();
	for (const { reason, after, before, inclusive } of passed) {
		const until = inclusive ? before : before - 1;
		const last = lastOccurrences(next, after, until, TOLD_SINGLY);
		const first = next(after);
		const [from] = last;
		if (first === null || from === undefined) continue;
		if (first < from) {
			const data: JsonObject = { reason, fromAt: first, beforeAt: from };
			chunks.add(tx.event("timer.skipped", timer, data));
		}
		for (const at of last) chunks.add(tx.event("timer.skipped", timer, { reason, dueAt: at }));
	}
	return [...chunks].map((chunk): TrailEntry => ["c", chunk]);
}
