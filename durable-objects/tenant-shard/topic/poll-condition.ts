/**
 * A timer whose schedule is a condition: every so often it is asked, and the timer fires when the
 * answer has turned from no to yes. A firing has a row of its own, so that the condition is asked on
 * time however long the firing takes. Where nothing changes, a look costs one row and no event.
 */
import { evaluateExpression, isTruthy } from "../../../src/core/condition/expression.ts";
import { topicsInExpression } from "../../../src/core/condition/topic-names.ts";
import { type ConditionSchedule, conditionScheduleOf } from "../../../src/core/event-schedule.ts";
import { parseTimerDoc, type TimerDoc } from "../../../src/core/timer-doc.ts";
import { GUARDED } from "../../../src/core/timer-flags.ts";
import { startFiring } from "../firing/firing-rows.ts";
import { nextOccurrenceOf } from "../firing/occurrences.ts";
import { finish } from "../firing/reschedule.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { askedOf } from "./condition-data.ts";
import { spendFiring } from "./listeners.ts";

/**
 * Looks, if that is what the timer is due for.
 * @param row as it is stored, due now
 */
export function pollIfDue(shard: Shard, tx: Transaction, row: TimerRow): boolean {
	if ((row.flags & GUARDED) === 0 || row.parent !== null) return false;
	const doc = parseTimerDoc(row.doc);
	const schedule = conditionScheduleOf(doc.schedule);
	if (schedule === undefined) return false;
	pollCondition(shard, tx, row, doc, schedule);
	return true;
}

function pollCondition(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	doc: TimerDoc,
	{ condition }: ConditionSchedule,
): void {
	const { store } = shard;
	const wasMet = store.getMet.first(row.id) !== undefined;
	const isMet = ask(shard, row, doc, condition, tx.tenantNow);
	if (isMet && !wasMet) {
		store.putMet.run(row.id);
		startFiring(shard, tx, row, { dueAt: tx.tenantNow });
		spendFiring(shard, row.id);
	} else if (!isMet && wasMet) store.deleteMet.run(row.id);
	const after = store.getTimer.first(row.id);
	// The last firing that its limit allows has begun.
	if (after === undefined || after.due === null) return;
	const next = nextOccurrenceOf(shard, doc)(tx.tenantNow);
	if (next === null) {
		finish(shard, tx, after, "", after.last_firing > 0 ? "settled" : "skipped");
		return;
	}
	store.placePoll.run(next, next, row.id);
	shard.includeOnCommit(tx, row.lane, next, row.id);
}

/** A condition that cannot be evaluated is not met. */
function ask(shard: Shard, row: TimerRow, doc: TimerDoc, condition: string, now: number): boolean {
	const data = askedOf(shard, row, doc, topicsInExpression(condition), now);
	// The founding systems wrote `weather.rain > 0.5` for the last event of `weather`.
	const value = evaluateExpression(condition, { ...data.events, ...data });
	return value.ok && isTruthy(value.value);
}
