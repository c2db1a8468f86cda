/**
 * A tenant's calendars: here is the one that counts, and the shards that use one hold a copy. Called
 * by the registry object only.
 */
import type { Calendar, CalendarSummary } from "../../src/contract/calendar.ts";
import { LIMITS } from "../../src/contract/limits.ts";
import type { StoredCalendar } from "../../src/core/calendar/calendar-dates.ts";
import { formatInstant } from "../../src/core/instant.ts";
import { ok, type Result } from "../../src/core/result.ts";
import type { CalendarHead, CalendarRow } from "./calendar-statements.ts";
import { invalid, NOT_FOUND } from "./errors.ts";
import type { RegistryError } from "./rpc.ts";
import type { OpenRegistry } from "./store.ts";

/** @param dates ascending, each once */
export function putCalendar(
	{ store }: OpenRegistry,
	name: string,
	dates: readonly string[],
	now: number,
): Result<CalendarSummary, RegistryError> {
	return store.transaction(() => {
		const isNew = store.getCalendar.first(name) === undefined;
		const held = store.countCalendars.first()?.calendars ?? 0;
		if (isNew && held >= LIMITS.calendars) {
			return invalid("name", `a tenant has at most ${LIMITS.calendars} calendars`);
		}
		const version = store.takeCalendarVersion.first()?.version ?? 1;
		store.putCalendar.run(name, version, now, JSON.stringify(dates));
		return ok({
			name,
			version,
			count: dates.length,
			firstDate: dates[0] ?? null,
			lastDate: dates.at(-1) ?? null,
			updatedAt: formatInstant(now),
		});
	});
}

export function getCalendar(
	{ store }: OpenRegistry,
	name: string,
): Result<Calendar, RegistryError> {
	const row = store.getCalendar.first(name);
	if (row === undefined) return NOT_FOUND;
	const dates = datesOf(row);
	return ok({
		name,
		version: row.version,
		count: dates.length,
		firstDate: dates[0] ?? null,
		lastDate: dates.at(-1) ?? null,
		updatedAt: formatInstant(row.updated_at),
		dates: [...dates],
	});
}

/** By name. */
export function listCalendars({ store }: OpenRegistry): readonly CalendarSummary[] {
	return store.listCalendars.all().map(summaryOf);
}

/** Those of the named calendars that exist. */
export function calendarsNamed(
	{ store }: OpenRegistry,
	names: readonly string[],
): readonly StoredCalendar[] {
	const wanted = new Set(names);
	// A request may name a hundred thousand, of which a hundred can exist.
	const known = store.calendarNames.all().filter(({ name }) => wanted.has(name));
	return known.flatMap(({ name }) => {
		const row = store.getCalendar.first(name);
		return row === undefined ? [] : [{ name, version: row.version, dates: datesOf(row) }];
	});
}

export function deleteCalendar({ store }: OpenRegistry, name: string): Result<null, RegistryError> {
	return store.deleteCalendar.first(name) === undefined ? NOT_FOUND : ok(null);
}

function summaryOf(head: CalendarHead): CalendarSummary {
	return {
		name: head.name,
		version: head.version,
		count: head.count,
		firstDate: head.first_date,
		lastDate: head.last_date,
		updatedAt: formatInstant(head.updated_at),
	};
}

function datesOf({ dates }: CalendarRow): readonly string[] {
	// Only `putCalendar` writes this text.
	return JSON.parse(dates) as string[];
}
