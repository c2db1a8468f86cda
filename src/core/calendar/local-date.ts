/**
 * Local dates, `YYYY-MM-DD` without a zone, as numbers of days since 1970-01-01: the proleptic
 * Gregorian calendar, no time of day. Shared by calendars and whoever asks them.
 */
import { DAY } from "../units.ts";

export type DateFields = {
	readonly year: number;
	/** 1 to 12. */
	readonly month: number;
	readonly day: number;
};

const LOCAL_DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The day that `text` names; `undefined` when it is no date, such as `2026-02-29`. */
export function parseLocalDate(text: string): number | undefined {
	const [, year, month, day] = LOCAL_DATE.exec(text) ?? [];
	if (year === undefined) return undefined;
	const number = dayOf({ year: Number(year), month: Number(month), day: Number(day) });
	return formatLocalDate(number) === text ? number : undefined;
}

export function formatLocalDate(day: number): string {
	return new Date(day * DAY).toISOString().slice(0, 10);
}

/** A day of the month past its end runs over into the next month. */
export function dayOf({ year, month, day }: DateFields): number {
	const date = new Date(0);
	// Not `Date.UTC`, which takes the years 0 to 99 for those of the last century.
	date.setUTCFullYear(year, month - 1, day);
	return date.getTime() / DAY;
}

export function fieldsOf(day: number): DateFields {
	const date = new Date(day * DAY);
	return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** 0 is Sunday. */
export function weekdayOf(day: number): number {
	// 1970-01-01 was a Thursday.
	return (((day + 4) % 7) + 7) % 7;
}
