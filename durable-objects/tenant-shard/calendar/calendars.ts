/**
 * A shard's copies of the calendars that its timers name, so that a next occurrence needs no call: a
 * copy comes with the call that first names it, and anew with every change. A calendar that is
 * removed stays here for the timers that still name it.
 */
import type {
	CalendarDates,
	Calendars,
	StoredCalendar,
} from "../../../src/core/calendar/calendar-dates.ts";
import type { Shard } from "../shard.ts";

/** The copies of the named calendars. One that has no copy is a bug: it came with its first timer. */
export function calendarsOf(shard: Shard, names: readonly string[]): Calendars {
	return new Map(names.map((name) => [name, copyOf(shard, name)]));
}

/** Keeps those that are new or newer than the copies here. */
export function keepCalendars(shard: Shard, calendars: readonly StoredCalendar[]): void {
	const news = calendars.filter(({ name, version }) => {
		const copy = shard.store.calendarVersion.first(name);
		return copy === undefined || copy.version < version;
	});
	if (news.length === 0) return;
	putCopies(shard, news);
	if (shard.store.changedCalendar.first() === undefined) return;
	shard.hasChangedCalendar = true;
	shard.ringBy(Date.now());
}

/** A calendar has changed: replaces its copy, where there is one. */
export function replaceCalendar(shard: Shard, calendar: StoredCalendar): void {
	if (shard.store.calendarVersion.first(calendar.name) === undefined) return;
	keepCalendars(shard, [calendar]);
}

function putCopies(shard: Shard, calendars: readonly StoredCalendar[]): void {
	shard.transact((tx) => {
		for (const { name, version, dates } of calendars) {
			shard.store.putCalendar.run(name, version, JSON.stringify(dates));
			tx.onCommit(() => shard.calendars.delete(name));
		}
	});
}

function copyOf(shard: Shard, name: string): CalendarDates {
	const known = shard.calendars.get(name);
	if (known !== undefined) return known;
	const row = shard.store.getCalendar.first(name);
	if (row === undefined) throw new Error(`The shard has no copy of the calendar ${name}`);
	// Only `putCopies` writes this text.
	const copy = { version: row.version, dates: new Set(JSON.parse(row.dates) as string[]) };
	shard.calendars.set(name, copy);
	return copy;
}
