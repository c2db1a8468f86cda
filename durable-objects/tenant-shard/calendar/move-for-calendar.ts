/**
 * After a calendar has changed, the timers that name it are moved to what is their next occurrence
 * now: a slice at each ring of the alarm, from where the last one ended. A firing that has begun or
 * is due stays what it is.
 */
import { calendarsOf } from "../../../src/core/recurrence/schedule-doc.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { RECURRING, unpackFlags } from "../../../src/core/timer-flags.ts";
import { timerStateOf } from "../../../src/core/timer-state.ts";
import { formatTrail } from "../../../src/core/trail.ts";
import { hasBegun, isPending } from "../calls/pause.ts";
import { SCAN_SLICE_ROWS } from "../constants.ts";
import { nextOccurrenceOf } from "../firing/occurrences.ts";
import { effectiveAt, skipTo } from "../firing/reschedule.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";

/** One slice for one changed calendar. */
export function moveForCalendar(shard: Shard): void {
	if (!shard.hasChangedCalendar) return;
	shard.transact((tx) => {
		const changed = shard.store.changedCalendar.first();
		if (changed === undefined) {
			tx.onCommit(() => {
				shard.hasChangedCalendar = false;
			});
			return;
		}
		const rows = shard.store.timersFrom.all(changed.moved_to + 1, SCAN_SLICE_ROWS);
		for (const row of rows) if (names(row, changed.name)) moveTimer(shard, tx, row);
		const last = rows.length < SCAN_SLICE_ROWS ? undefined : rows.at(-1);
		shard.store.setCalendarMoved.run(last?.id ?? null, changed.name);
	});
}

function names(row: TimerRow, calendar: string): boolean {
	if ((row.flags & RECURRING) === 0 || !row.doc.includes(JSON.stringify(calendar))) return false;
	const { schedule } = parseTimerDoc(row.doc);
	return schedule !== undefined && calendarsOf(schedule).includes(calendar);
}

function moveTimer(shard: Shard, tx: Transaction, row: TimerRow): void {
	const state = timerStateOf(row.state);
	if (row.parent !== null || (state !== "scheduled" && state !== "paused")) return;
	// The schedule of one that waits for others begins when it is released.
	if (isPending(row) || row.fire_at <= tx.tenantNow || hasBegun(shard, row)) return;
	const doc = parseTimerDoc(row.doc);
	const nominal = nextOccurrenceOf(shard, doc)(tx.tenantNow);
	if (nominal === (row.nominal ?? row.fire_at)) return;
	const isTold = nominal !== null && unpackFlags(row.flags).fidelity === "full";
	const dueAt = nominal === null ? null : effectiveAt(shard, row.id, doc, nominal);
	const trail = isTold ? formatTrail([["c", tx.event("timer.updated", row.id, { dueAt })]]) : "";
	skipTo(shard, tx, row, tx.tenantNow, trail);
}
