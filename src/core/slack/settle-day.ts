/**
 * Which day a phrase means, counted from the user's today: a weekday is the next one, a date without
 * a year the next of its kind, a time of day today's or else tomorrow's. Called by `one-time.ts`.
 */

import { WEEKDAYS } from "../calendar-words.ts";
import { civilOf, dayOf, weekdayOf } from "../recurrence/civil.ts";
import type { Found } from "./found-time.ts";

type SettledDay =
	| { readonly day: number; readonly told?: string }
	| { readonly problem: string }
	| undefined;

/**
 * The first day that the phrase may mean and that lies ahead; `undefined` when none does.
 * @param day the one that chrono-node found, and `today` both in days since 1970
 */
export function settleDay(
	{ result, text, hasDate }: Found,
	day: number,
	today: number,
	isAhead: (day: number) => boolean,
): SettledDay {
	const { start } = result;
	if (!hasDate) {
		if (isAhead(today)) return { day: today };
		if (/\b(?:this|today|tonight)\b/i.test(text)) return undefined;
		// An offset that is not the zone's may put tomorrow's time before now as well.
		const day = isAhead(today + 1) ? today + 1 : today + 2;
		return { day, told: "That time has passed today, so it is tomorrow." };
	}
	const weekday = start.isCertain("weekday") ? start.get("weekday") : null;
	if (start.isCertain("day") && start.isCertain("month")) {
		const settled = isAhead(day) || start.isCertain("year") ? day : nextYear(day);
		if (settled === undefined || !isAhead(settled)) return undefined;
		if (weekday === null || weekdayOf(settled) === weekday) return { day: settled };
		const { year } = civilOf(settled);
		return { problem: `in ${year} that day is a ${WEEKDAYS[weekdayOf(settled)]}` };
	}
	if (weekday !== null && !/\bnext\b/i.test(text)) {
		const first = today + ((weekday - weekdayOf(today) + 7) % 7);
		return { day: isAhead(first) ? first : first + 7 };
	}
	if (!isAhead(day)) return undefined;
	const isNextWeek = weekday !== null && day - today >= 7 && /\bnext\b/i.test(text);
	return { day, ...(isNextWeek && { told: "“Next” is read as the one of next week." }) };
}

/** The same date a year later, unless it is a 29 February. */
function nextYear(day: number): number | undefined {
	const { year, month, day: date } = civilOf(day);
	return month === 2 && date === 29 ? undefined : dayOf(year + 1, month, date);
}
