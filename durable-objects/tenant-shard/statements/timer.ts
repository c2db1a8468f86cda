/** The statements of timers: their rows made, read, changed and removed. Part of the store. */
import { RECURRING } from "../../../src/core/timer-flags.ts";
import type { Sql } from "../../shared/sql.ts";
import type { TimerRow } from "../rows.ts";

export const TIMER_COLUMNS =
	"id, lane, due, fire_at, created_at, state, flags, version, doc, trail, firing, last_firing, nominal, remaining, fired, parent";

export function timerStatements(sql: Sql) {
	return {
		insertTimer: sql.prepare<
			never,
			[
				id: number,
				lane: number,
				due: number | null,
				fireAt: number,
				nominal: number | null,
				createdAt: number,
				state: number,
				flags: number,
				doc: string,
				trail: string,
				remaining: number | null,
			]
		>(
			`INSERT INTO timer (id, lane, due, fire_at, nominal, created_at, state, flags, version, doc,
			 trail, remaining) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)`,
		),
		getTimer: sql.prepare<TimerRow, [id: number]>(
			`SELECT ${TIMER_COLUMNS} FROM timer WHERE id = ?`,
		),
		timersFrom: sql.prepare<TimerRow, [id: number, limit: number]>(
			`SELECT ${TIMER_COLUMNS} FROM timer WHERE id >= ? ORDER BY id LIMIT ?`,
		),
		/** The first timer at or after an id: one step of a binary search by `created_at`. */
		createdFrom: sql.prepare<Pick<TimerRow, "id" | "created_at">, [id: number]>(
			"SELECT id, created_at FROM timer WHERE id >= ? ORDER BY id LIMIT 1",
		),
		newestTimer: sql.prepare<Pick<TimerRow, "id" | "created_at">>(
			"SELECT id, created_at FROM timer ORDER BY id DESC LIMIT 1",
		),
		/**
		 * The one write of a webhook delivered at its first try. A recurring timer that has ended stands
		 * for none of its firings: one that is taken up again has a row of its own.
		 */
		settleTimer: sql.prepare<never, [state: number, trail: string, id: number]>(
			`UPDATE timer SET due = NULL, state = ?, version = version + 1, trail = trail || ?,
			 firing = iif(flags & ${RECURRING}, 0, firing) WHERE id = ?`,
		),
		/** A timer whose firing has begun waits on the real clock from then on; others on theirs. */
		updateTimer: sql.prepare<never, [due: number | null, state: number, trail: string, id: number]>(
			"UPDATE timer SET due = ?1, state = ?2, lane = iif(?2 = 1, lane % 3, lane), version = version + 1, trail = trail || ?3 WHERE id = ?4",
		),
		noteTimer: sql.prepare<never, [state: number, trail: string, id: number]>(
			"UPDATE timer SET state = ?, version = version + 1, trail = trail || ? WHERE id = ?",
		),
		changeTimer: sql.prepare<
			never,
			[
				lane: number,
				due: number | null,
				fireAt: number,
				nominal: number | null,
				flags: number,
				doc: string,
				trail: string,
				id: number,
			]
		>(
			"UPDATE timer SET lane = ?, due = ?, fire_at = ?, nominal = ?, flags = ?, doc = ?, version = version + 1, trail = ? WHERE id = ?",
		),
		/** Pauses or resumes. */
		holdTimer: sql.prepare<
			never,
			[lane: number, state: number, due: number | null, doc: string, trail: string, id: number]
		>(
			"UPDATE timer SET lane = ?, state = ?, due = ?, doc = ?, version = version + 1, trail = ? WHERE id = ?",
		),
		/** Changes a document's notes of its firings, and nothing that its schedule follows. */
		noteDoc: sql.prepare<never, [doc: string, trail: string, id: number]>(
			"UPDATE timer SET doc = ?, version = version + 1, trail = trail || ? WHERE id = ?",
		),
		deleteTimer: sql.prepare<never, [id: number]>("DELETE FROM timer WHERE id = ?"),
	} as const;
}
