/** The statements of a shard's copies of calendars. Part of its store. */
import type { Sql } from "../../shared/sql.ts";

export type CalendarCopyRow = { version: number; dates: string };

export function calendarStatements(sql: Sql) {
	return {
		getCalendar: sql.prepare<CalendarCopyRow, [name: string]>(
			"SELECT version, dates FROM calendar WHERE name = ?",
		),
		calendarVersion: sql.prepare<{ version: number }, [name: string]>(
			"SELECT version FROM calendar WHERE name = ?",
		),
		/** One whose timers are still to be moved, and after which timer. */
		changedCalendar: sql.prepare<{ name: string; moved_to: number }>(
			"SELECT name, moved_to FROM calendar WHERE moved_to IS NOT NULL LIMIT 1",
		),
		/** Null once all have been. */
		setCalendarMoved: sql.prepare<never, [movedTo: number | null, name: string]>(
			"UPDATE calendar SET moved_to = ? WHERE name = ?",
		),
		/** In place of an older copy, timers that name the calendar are then looked for anew. */
		putCalendar: sql.prepare<never, [name: string, version: number, dates: string]>(
			`INSERT INTO calendar (name, version, dates) VALUES (?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET
			version = excluded.version, dates = excluded.dates, moved_to = 0`,
		),
	} as const;
}
