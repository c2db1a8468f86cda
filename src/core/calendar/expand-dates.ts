/**
 * The days that a rule over dates names (RFC 5545 section 3.3.10). It looks at each day of a period
 * instead of searching for the next one, so that its cost is bounded whatever the rule. Recurrences
 * of timers, which have times and zones, are `core/recurrence/`.
 */
import { dayOf, fieldsOf, parseLocalDate, weekdayOf } from "./local-date.ts";
import type { DateRule, NthWeekday } from "./read-date-rule.ts";

const DAYS_PER_WEEK = 7;
const MONTHS_PER_YEAR = 12;

/** How many days may still be looked at, over all rules of a calendar. */
export type Budget = { days: number };

/**
 * The days from `start` to `end` (both inclusive) that the rule names, ascending; `undefined` once
 * the budget is used up. DTSTART counts only where the rule names it.
 */
export function expandDates(
	rule: DateRule,
	start: number,
	end: number,
	budget: Budget,
): readonly number[] | undefined {
	const until = rule.until === null ? end : (parseLocalDate(rule.until) ?? end);
	const last = Math.min(end, until);
	const days: number[] = [];
	for (const period of periodsFrom(rule, start, last)) {
		budget.days -= period.days.length;
		if (budget.days < 0) return undefined;
		const matching = period.days.filter((day) => matches(rule, day));
		for (const day of chosen(rule, matching)) {
			if (day < start) continue;
			if (day > last || days.length === rule.count) return days;
			days.push(day);
		}
	}
	return days;
}

type Period = { readonly days: readonly number[] };

function* periodsFrom(rule: DateRule, start: number, last: number): Generator<Period> {
	switch (rule.frequency) {
		case "DAILY":
			for (let day = start; day <= last; day += rule.interval) yield { days: [day] };
			return;
		case "WEEKLY": {
			const lead = (weekdayOf(start) - rule.weekStart + DAYS_PER_WEEK) % DAYS_PER_WEEK;
			const step = rule.interval * DAYS_PER_WEEK;
			for (let first = start - lead; first <= last; first += step) {
				yield { days: daysBetween(first, first + DAYS_PER_WEEK) };
			}
			return;
		}
		case "MONTHLY": {
			const { year, month } = fieldsOf(start);
			for (let at = year * MONTHS_PER_YEAR + month - 1; ; at += rule.interval) {
				const days = daysOfMonth(Math.floor(at / MONTHS_PER_YEAR), (at % MONTHS_PER_YEAR) + 1);
				if ((days[0] ?? last) > last) return;
				yield { days };
			}
		}
		case "YEARLY":
			for (let { year } = fieldsOf(start); ; year += rule.interval) {
				if (dayOf({ year, month: 1, day: 1 }) > last) return;
				yield { days: daysOfYear(rule, year) };
			}
	}
}

/** Only those of the months that the rule names, where it does: it is what makes holidays cheap. */
function daysOfYear({ months }: DateRule, year: number): readonly number[] {
	if (months.length === 0) return daysBetween(firstOf(year, 1), firstOf(year + 1, 1));
	const ascending = [...new Set(months)].sort((a, b) => a - b);
	return ascending.flatMap((month) => daysOfMonth(year, month));
}

function daysOfMonth(year: number, month: number): readonly number[] {
	return daysBetween(firstOf(year, month), firstOf(year, month + 1));
}

function firstOf(year: number, month: number): number {
	return dayOf({ year, month, day: 1 });
}

function daysBetween(first: number, end: number): readonly number[] {
	return Array.from({ length: end - first }, (_, index) => first + index);
}

function matches(rule: DateRule, day: number): boolean {
	const { year, month, day: monthDay } = fieldsOf(day);
	const { months, monthDays, yearDays, weeks, weekdays } = rule;
	if (months.length > 0 && !months.includes(month)) return false;
	if (weeks.length > 0 && !weekMatches(rule, day)) return false;
	const year1 = firstOf(year, 1);
	if (yearDays.length > 0 && !isNth(yearDays, day, year1, firstOf(year + 1, 1))) return false;
	const month1 = day - monthDay + 1;
	if (monthDays.length > 0 && !isNth(monthDays, day, month1, firstOf(year, month + 1))) {
		return false;
	}
	if (weekdays.length === 0) return true;
	const isOfYear = rule.frequency === "YEARLY" && months.length === 0;
	const first = isOfYear ? year1 : month1;
	const end = isOfYear ? firstOf(year + 1, 1) : firstOf(year, month + 1);
	return weekdays.some((weekday) => isNthWeekday(weekday, day, first, end));
}

/** Whether `day` is one of the `nth` days from `first`, or before `end` where they are negative. */
function isNth(nth: readonly number[], day: number, first: number, end: number): boolean {
	return nth.includes(day - first + 1) || nth.includes(day - end);
}

function isNthWeekday(
	{ nth, weekday }: NthWeekday,
	day: number,
	first: number,
	end: number,
): boolean {
	if (weekdayOf(day) !== weekday) return false;
	if (nth === null) return true;
	return nth > 0
		? Math.floor((day - first) / DAYS_PER_WEEK) + 1 === nth
		: -Math.floor((end - 1 - day) / DAYS_PER_WEEK) - 1 === nth;
}

/** Week 1 is the first with four days in the year, as ISO 8601 has it, from the rule's first weekday. */
function weekMatches({ weeks, weekStart }: DateRule, day: number): boolean {
	// The year that most of the week lies in is the year that counts it.
	const lead = (weekdayOf(day) - weekStart + DAYS_PER_WEEK) % DAYS_PER_WEEK;
	const middle = day - lead + 3;
	const { year } = fieldsOf(middle);
	const week = Math.floor((middle - firstOf(year, 1)) / DAYS_PER_WEEK) + 1;
	const left = Math.floor((firstOf(year + 1, 1) - 1 - middle) / DAYS_PER_WEEK);
	return weeks.includes(week) || weeks.includes(-left - 1);
}

/** Those of a period's days that BYSETPOS chooses. */
function chosen({ positions }: DateRule, days: readonly number[]): readonly number[] {
	if (positions.length === 0) return days;
	return days.filter((_, index) => isNth(positions, index + 1, 1, days.length + 1));
}
