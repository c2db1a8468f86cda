/**
 * Timers that wait for something to happen: when they begin to listen to a topic and when they stop,
 * and how their firings are counted. What an event does to one is fire-on-event.ts.
 */
import { eventScheduleOf } from "../../../src/core/event-schedule.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { GUARDED } from "../../../src/core/timer-flags.ts";
import { timerStateCode } from "../../../src/core/timer-state.ts";
import type { TimerChange } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";

/** How the schedule of such a timer begins, as `formatTimerDoc` writes it. */
const AWAITING = /"schedule":\{"(?:event|condition)":/;

/** Whether the timer waits for something to happen. Parsing every document would be costly. */
export function isAwaiting({ flags, doc }: Pick<TimerRow, "flags" | "doc">): boolean {
	return (flags & GUARDED) !== 0 && AWAITING.test(doc);
}

/**
 * Whether a change leaves a timer due when it says. One that waits for something to happen has no
 * instant to be moved, and one that does so no more needs a time instead.
 */
export function knowsInstant(
	before: Pick<TimerRow, "flags" | "doc">,
	after: Pick<TimerRow, "flags" | "doc">,
	{ dueAt, extendMs, snoozeUntil }: Pick<TimerChange, "dueAt" | "extendMs" | "snoozeUntil">,
): boolean {
	if (!isAwaiting(before)) return true;
	if (!isAwaiting(after)) return dueAt !== null;
	if (extendMs !== null || snoozeUntil !== undefined) return false;
	const schedules = [before, after].map(({ doc }) => JSON.stringify(parseTimerDoc(doc).schedule));
	return dueAt === null || schedules[0] !== schedules[1];
}

/** A timer has been stored: from now on it hears of its topic, and its firings count from 1. */
export function startListening(shard: Shard, row: Pick<TimerRow, "id" | "flags" | "doc">): void {
	if (!isAwaiting(row)) return;
	listen(shard, row);
	shard.store.numberFirings.run(0, 0, row.id);
}

/** The timer has ended or is gone. */
export function stopListening(shard: Shard, row: Pick<TimerRow, "id" | "flags" | "doc">): void {
	if (!isAwaiting(row)) return;
	const schedule = eventScheduleOf(parseTimerDoc(row.doc).schedule);
	if (schedule === undefined) {
		shard.store.deleteMet.run(row.id);
		return;
	}
	shard.store.deleteListener.run(schedule.event, row.id);
	shard.store.deleteWindows.run(row.id);
}

/** The timer has got another document: `before` is its row before that. */
export function listenAnew(shard: Shard, before: TimerRow): void {
	const row = shard.store.getTimer.first(before.id);
	if (row === undefined || row.doc === before.doc) return;
	stopListening(shard, before);
	if (isAwaiting(row)) listen(shard, row);
	if (isAwaiting(row) === isAwaiting(before)) return;
	// The row of a timer that waits stands for no firing, any other for the next.
	const { last_firing, firing } = before;
	if (isAwaiting(before)) shard.store.numberFirings.run(last_firing + 1, last_firing + 1, row.id);
	else shard.store.numberFirings.run(0, firing === last_firing ? firing - 1 : last_firing, row.id);
}

function listen(shard: Shard, row: Pick<TimerRow, "id" | "doc">): void {
	const schedule = eventScheduleOf(parseTimerDoc(row.doc).schedule);
	if (schedule !== undefined) shard.store.putListener.run(schedule.event, row.id);
}

/** A firing has been added to a timer: the last that its limit allows is the end of its schedule. */
export function spendFiring(shard: Shard, timer: number): void {
	const row = shard.store.getTimer.first(timer);
	if (row === undefined || row.remaining === null) return;
	const remaining = row.remaining - 1;
	const isLast = remaining === 0;
	shard.store.scheduleTimer.run(
		row.lane,
		isLast ? null : row.due,
		row.fire_at,
		row.nominal,
		timerStateCode(isLast ? "firing" : "scheduled"),
		row.firing,
		row.last_firing,
		remaining,
		row.fired,
		row.trail,
		timer,
	);
}
