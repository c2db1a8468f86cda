/**
 * A named calendar as rules ask it: the local dates it names, without a zone. A timer's own zone
 * decides which date an instant falls on.
 */

export type CalendarDates = {
	/** Raised by every change of the calendar. */
	readonly version: number;
	/** `YYYY-MM-DD`. */
	readonly dates: ReadonlySet<string>;
};

/** What a rule may ask, by name. */
export type Calendars = ReadonlyMap<string, CalendarDates>;

export const NO_CALENDARS: Calendars = new Map();

/** A calendar as it is stored and passed between objects. */
export type StoredCalendar = {
	readonly name: string;
	readonly version: number;
	/** Ascending, each once. */
	readonly dates: readonly string[];
};

export function calendarsFrom(stored: readonly StoredCalendar[]): Calendars {
	return new Map(
		stored.map(({ name, version, dates }) => [name, { version, dates: new Set(dates) }]),
	);
}
