/**
 * The statements that ask what is due, by lane. Part of the store; for timers as such see
 * statements/timer.ts.
 */
import type { Sql } from "../../shared/sql.ts";
import type { DueRow, TimerRow } from "../rows.ts";
import { TIMER_COLUMNS } from "./timer.ts";

const DUE_COLUMNS = "id, due, fire_at, state, flags, doc, firing, nominal, parent";

export function dueStatements(sql: Sql) {
	return {
		/** A slice of due timers of a lane, on from (due, id). Two seeks, merged: see decision 0004. */
		dueTimers: sql.prepare<
			DueRow,
			[
				lane: number,
				due: number,
				id: number,
				lane2: number,
				due2: number,
				now: number,
				limit: number,
			]
		>(
			`SELECT ${DUE_COLUMNS} FROM (
				SELECT ${DUE_COLUMNS} FROM timer WHERE lane = ? AND due = ? AND id > ?
				UNION ALL
				SELECT ${DUE_COLUMNS} FROM timer WHERE lane = ? AND due > ? AND due <= ?
			) ORDER BY due, id LIMIT ?`,
		),
		/** All timers of a lane that have a due time, on from (due, id), for lists. */
		pendingTimers: sql.prepare<
			TimerRow,
			[lane: number, due: number, id: number, lane2: number, due2: number, limit: number]
		>(
			`SELECT ${TIMER_COLUMNS} FROM (
				SELECT ${TIMER_COLUMNS} FROM timer WHERE lane = ? AND due = ? AND id > ?
				UNION ALL
				SELECT ${TIMER_COLUMNS} FROM timer WHERE lane = ? AND due > ?
			) ORDER BY due, id LIMIT ?`,
		),
		/** Whether the scan stopped among timers that share one due time. */
		dueWith: sql.prepare<{ due: number }, [lane: number, due: number, id: number]>(
			"SELECT due FROM timer WHERE lane = ? AND due = ? AND id > ? LIMIT 1",
		),
		dueAfter: sql.prepare<{ due: number }, [lane: number, due: number]>(
			"SELECT due FROM timer WHERE lane = ? AND due > ? ORDER BY due LIMIT 1",
		),
		countDue: sql.prepare<{ n: number }, [lane: number, now: number, limit: number]>(
			"SELECT count(*) AS n FROM (SELECT 1 FROM timer WHERE lane = ? AND due <= ? LIMIT ?)",
		),
		/** What is due behind a cursor, as far as `limit`. */
		countUnclaimed: sql.prepare<
			{ n: number },
			[
				lane: number,
				due: number,
				id: number,
				lane2: number,
				due2: number,
				now: number,
				limit: number,
			]
		>(
			`SELECT count(*) AS n FROM (
				SELECT 1 FROM timer WHERE lane = ? AND due = ? AND id > ?
				UNION ALL
				SELECT 1 FROM timer WHERE lane = ? AND due > ? AND due <= ?
				LIMIT ?)`,
		),
	} as const;
}
