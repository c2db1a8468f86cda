/**
 * The proleptic Gregorian calendar in whole days since 1970-01-01, without `Date`: what every rule
 * here counts in. No time zones and no times of day. Called by everything that looks for days.
 */

/** A day as people write it. `month` is 1 to 12, `weekday` 0 (Sunday) to 6. */
export type Civil = { readonly year: number; readonly month: number; readonly day: number };

/** The Gregorian calendar repeats after 400 years, which are a whole number of weeks. */
export const CYCLE_YEARS = 400;
export const CYCLE_DAYS = 146_097;

/** The last day that RFC 3339's four-digit years can write: 9999-12-31. */
export const LAST_DAY = dayOf(9_999, 12, 31);

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Days since 1970-01-01 (Howard Hinnant, "chrono-compatible low-level date algorithms"). */
export function dayOf(year: number, month: number, day: number): number {
	const y = month <= 2 ? year - 1 : year;
	const era = Math.floor(y / 400);
	const yearOfEra = y - era * 400;
	const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
	const dayOfEra =
		yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
	return era * CYCLE_DAYS + dayOfEra - 719_468;
}

/** The inverse of `dayOf`. */
export function civilOf(epochDay: number): Civil {
	const z = epochDay + 719_468;
	const era = Math.floor(z / CYCLE_DAYS);
	const dayOfEra = z - era * CYCLE_DAYS;
	const yearOfEra = Math.floor(
		(dayOfEra -
			Math.floor(dayOfEra / 1_460) +
			Math.floor(dayOfEra / 36_524) -
			Math.floor(dayOfEra / 146_096)) /
			365,
	);
	const dayOfYear =
		dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
	const shifted = Math.floor((5 * dayOfYear + 2) / 153);
	const month = shifted < 10 ? shifted + 3 : shifted - 9;
	const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
	return { year, month, day: dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1 };
}

/** 0 is Sunday. */
export function weekdayOf(epochDay: number): number {
	return (((epochDay + 4) % 7) + 7) % 7;
}

function isLeap(year: number): boolean {
	return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

export function daysInMonth(year: number, month: number): number {
	return month === 2 && isLeap(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);
}

export function daysInYear(year: number): number {
	return isLeap(year) ? 366 : 365;
}

/** The first day of week 1 of a year: of the week with at least four days in it (RFC 5545, WKST). */
function weekOneOf(year: number, weekStart: number): number {
	const january4 = dayOf(year, 1, 4);
	return january4 - ((weekdayOf(january4) - weekStart + 7) % 7);
}

/** The week of `epochDay` in the year that the week belongs to, and how many weeks that year has. */
export function weekOf(
	epochDay: number,
	weekStart: number,
): { readonly week: number; readonly weeks: number } {
	let { year } = civilOf(epochDay);
	if (epochDay >= weekOneOf(year + 1, weekStart)) year += 1;
	else if (epochDay < weekOneOf(year, weekStart)) year -= 1;
	const first = weekOneOf(year, weekStart);
	const weeks = (weekOneOf(year + 1, weekStart) - first) / 7;
	return { week: Math.floor((epochDay - first) / 7) + 1, weeks };
}

/** `2026-12-01`. */
export function formatDay(epochDay: number): string {
	const { year, month, day } = civilOf(epochDay);
	return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** Reads `2026-12-01`; `undefined` where it is something else or no day. */
export function parseDay(text: string): number | undefined {
	const match = /^(\d{4})-?(\d\d)-?(\d\d)$/.exec(text);
	if (match === null) return undefined;
	const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
	const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
	return exists ? dayOf(year, month, day) : undefined;
}

function pad(value: number, width: number): string {
	return String(value).padStart(width, "0");
}
