/** Firings that a call asks for: one now, one again, and those of a time that has passed. */
import type { JsonObject } from "../../../src/contract/json.ts";
import { LIMITS } from "../../../src/contract/limits.ts";
import { conditionScheduleOf } from "../../../src/core/event-schedule.ts";
import { err, ok, type Result } from "../../../src/core/result.ts";
import { NOT_ITS_OWN, parseTimerDoc, type TimerDocPatch } from "../../../src/core/timer-doc.ts";
import { RECURRING } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { cancelEntryOf, parseTrail } from "../../../src/core/trail.ts";
import { BACKFILL_DOC_CHARS, BACKFILL_PACE_MS } from "../constants.ts";
import type { FiringEnd } from "../firing/end-firing.ts";
import { addFiring } from "../firing/extra-firing.ts";
import { ownerOf } from "../firing/firing-rows.ts";
import { nextOccurrenceOf } from "../firing/occurrences.ts";
import { countRate, rateLeft } from "../quota.ts";
import type { Backfill, Backfilled, ShardError } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { isPaused } from "./pause.ts";
import { firingsOf } from "./record.ts";

/** Fires now; the schedule stays as it is. Answers the number of the firing. */
export function runTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	params: JsonObject | null,
): Result<number, ShardError> {
	const state = timerStateOf(row.state);
	if (isEnded(state)) return err({ code: "already_settled", status: state });
	if (isPaused(row)) return err({ code: "paused" });
	const refused = countRate(shard, tx, 1);
	if (refused !== undefined) return err(refused);
	return started(
		addFiring(shard, tx, row.id, { dueAt: tx.tenantNow, docPatch: patchText({}, params) }),
	);
}

/**
 * Fires again for the instant of an earlier firing, the newest that has ended unless one is named,
 * with the actions that the timer has now and under a new number. Also of a timer that has ended,
 * which stays as it ended.
 */
export function replayFiring(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	firing: number | null,
	params: JsonObject | null,
): Result<{ readonly firing: number; readonly replayOf: number }, ShardError> {
	if (isPaused(row)) return err({ code: "paused" });
	const fired = firingsOf(shard, row);
	const past = fired.find(({ seq, status }) => {
		return firing === null ? status !== "firing" : seq === firing;
	});
	if (past === undefined) return err({ code: firing === null ? "not_fired" : "firing_unknown" });
	if (past.status === "firing") return err({ code: "in_flight" });
	const refused = countRate(shard, tx, 1);
	if (refused !== undefined) return err(refused);
	const { seq: replayOf, nominalAt } = past;
	const docPatch = patchText({ replayOf }, params);
	const number = started(
		addFiring(shard, tx, row.id, { dueAt: tx.tenantNow, nominalAt, docPatch }),
	);
	return number.ok ? ok({ firing: number.value, replayOf }) : number;
}

/**
 * Fires the occurrences from `from` up to and with `to`, as many as one call may. One by one, each
 * starts when the one before it has ended; else all start now, at a pace.
 */
export function backfillTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	{ from, to, isSequential }: Backfill,
): Result<Backfilled, ShardError> {
	if ((row.flags & RECURRING) === 0) return err({ code: "not_recurring" });
	if (isPaused(row)) return err({ code: "paused" });
	const doc = parseTimerDoc(row.doc);
	// Whether it would have been met then, nobody knows.
	if (conditionScheduleOf(doc.schedule) !== undefined) return err({ code: "not_recurring" });
	const next = nextOccurrenceOf(shard, doc);
	// One by one they take as long as they take. At once, each has a copy of the document, and counts.
	const left = isSequential ? Number.POSITIVE_INFINITY : Math.max(1, rateLeft(shard, tx));
	const room = isSequential ? left : Math.ceil(BACKFILL_DOC_CHARS / row.doc.length);
	const most = Math.min(LIMITS.backfillFirings, left, room);
	const occurrences: number[] = [];
	let at = next(from - 1);
	while (at !== null && at <= to && occurrences.length < most) {
		occurrences.push(at);
		at = next(at);
	}
	const nextAt = at !== null && at <= to ? at : null;
	const [first] = occurrences;
	const last = occurrences.at(-1);
	if (first === undefined || last === undefined) return ok({ firings: 0, nextAt });
	const refused = countRate(shard, tx, isSequential ? 1 : occurrences.length);
	if (refused !== undefined) return err(refused);
	if (isSequential) {
		const docPatch = patchText({ backfillTo: last }, null);
		addFiring(shard, tx, row.id, { dueAt: tx.tenantNow, nominalAt: first, docPatch });
	} else {
		occurrences.forEach((nominalAt, index) => {
			const dueAt = tx.tenantNow + index * BACKFILL_PACE_MS;
			addFiring(shard, tx, row.id, { dueAt, nominalAt, docPatch: patchText({}, null) });
		});
	}
	return ok({ firings: occurrences.length, nextAt });
}

/** Goes on with a backfill: the next occurrence of its interval, unless it was cancelled. */
export function fillNext(shard: Shard, tx: Transaction, { row, state }: FiringEnd): void {
	if (row.parent === null || !row.doc.includes('"backfillTo":')) return;
	// Cancelled, it may still have been delivered by what was in flight.
	if (state === "cancelled" || cancelEntryOf(parseTrail(row.trail)) !== undefined) return;
	const { backfillTo } = parseTimerDoc(row.doc);
	const owner = shard.store.getTimer.first(ownerOf(row));
	if (backfillTo === undefined || owner === undefined) return;
	const nominalAt = nextOccurrenceOf(shard, parseTimerDoc(owner.doc))(row.nominal ?? row.fire_at);
	if (nominalAt === null || nominalAt > backfillTo) return;
	const docPatch = patchText({ backfillTo }, null);
	addFiring(shard, tx, owner.id, { dueAt: tx.tenantNow, nominalAt, docPatch });
}

function patchText(patch: TimerDocPatch, params: JsonObject | null): string {
	return JSON.stringify({ ...NOT_ITS_OWN, ...patch, ...(params !== null && { params }) });
}

function started(firing: number | undefined): Result<number, ShardError> {
	return firing === undefined ? err({ code: "not_found" }) : ok(firing);
}
