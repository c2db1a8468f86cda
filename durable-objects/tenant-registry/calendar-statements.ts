/** The statements of calendars. Part of the store, like all statements of a registry. */
import type { Sql } from "../shared/sql.ts";

export type CalendarRow = { name: string; version: number; updated_at: number; dates: string };

/** A calendar without its dates. */
export type CalendarHead = {
	name: string;
	version: number;
	updated_at: number;
	count: number;
	first_date: string | null;
	last_date: string | null;
};

export function calendarStatements(sql: Sql) {
	return {
		/** Answers the version that a change gets. */
		takeCalendarVersion: sql.prepare<{ version: number }>(
			"UPDATE calendar_version SET next = next + 1 WHERE id = 1 RETURNING next - 1 AS version",
		),
		putCalendar: sql.prepare<
			never,
			[name: string, version: number, updatedAt: number, dates: string]
		>(
			`INSERT INTO calendar (name, version, updated_at, dates) VALUES (?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET
			version = excluded.version, updated_at = excluded.updated_at, dates = excluded.dates`,
		),
		getCalendar: sql.prepare<CalendarRow, [name: string]>(
			"SELECT name, version, updated_at, dates FROM calendar WHERE name = ?",
		),
		listCalendars: sql.prepare<CalendarHead>(
			`SELECT name, version, updated_at, json_array_length(dates) AS count,
			dates ->> '$[0]' AS first_date, dates ->> '$[#-1]' AS last_date
			FROM calendar ORDER BY name`,
		),
		calendarNames: sql.prepare<{ name: string }>("SELECT name FROM calendar"),
		countCalendars: sql.prepare<{ calendars: number }>(
			"SELECT count(*) AS calendars FROM calendar",
		),
		deleteCalendar: sql.prepare<{ name: string }, [name: string]>(
			"DELETE FROM calendar WHERE name = ? RETURNING name",
		),
	} as const;
}
