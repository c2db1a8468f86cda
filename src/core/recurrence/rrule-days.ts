/**
 * Which days a recurrence rule takes: RFC 5545's table of BY parts, read as one question about a
 * day. A part that the table calls "expand" and one it calls "limit" come to the same here, since
 * a period's days are all asked. Called by both kinds of rule (`rrule-wall.ts`, `rrule-steps.ts`).
 */
import { civilOf, dayOf, daysInMonth, daysInYear, weekdayOf, weekOf } from "./civil.ts";
import type { RuleParts } from "./rrule-parts.ts";

/** Whether a rule takes a day (days since 1970-01-01). */
export type DayFilter = (epochDay: number) => boolean;

/**
 * @param parts with the day that DTSTART implies already filled in (`withDefaultDays`)
 */
export function dayFilter(parts: RuleParts): DayFilter {
	const months = new Set(parts.byMonth);
	const plain = new Set(parts.byDay.filter(({ n }) => n === 0).map(({ weekday }) => weekday));
	const counted = parts.byDay.filter(({ n }) => n !== 0);
	const perMonth = parts.freq === "MONTHLY" || months.size > 0;
	const yearDays = new Set(parts.byYearDay);
	const monthDays = new Set(parts.byMonthDay);
	const weekNumbers = new Set(parts.byWeekNo);

	function isWeekday(epochDay: number, day: number, month: number, year: number): boolean {
		const weekday = weekdayOf(epochDay);
		if (plain.has(weekday)) return true;
		if (counted.length === 0) return false;
		const length = perMonth ? daysInMonth(year, month) : daysInYear(year);
		const index = perMonth ? day : epochDay - dayOf(year, 1, 1) + 1;
		const fromStart = Math.floor((index - 1) / 7) + 1;
		const fromEnd = -(Math.floor((length - index) / 7) + 1);
		return counted.some(
			(each) => each.weekday === weekday && (each.n === fromStart || each.n === fromEnd),
		);
	}

	return (epochDay) => {
		const { year, month, day } = civilOf(epochDay);
		if (months.size > 0 && !months.has(month)) return false;
		if (monthDays.size > 0) {
			const fromEnd = day - daysInMonth(year, month) - 1;
			if (!monthDays.has(day) && !monthDays.has(fromEnd)) return false;
		}
		if (parts.byDay.length > 0 && !isWeekday(epochDay, day, month, year)) return false;
		if (yearDays.size > 0) {
			const index = epochDay - dayOf(year, 1, 1) + 1;
			if (!yearDays.has(index) && !yearDays.has(index - daysInYear(year) - 1)) return false;
		}
		if (weekNumbers.size > 0) {
			const { week, weeks } = weekOf(epochDay, parts.weekStart);
			if (!weekNumbers.has(week) && !weekNumbers.has(week - weeks - 1)) return false;
		}
		return true;
	};
}

/** Fills in what RFC 5545 takes from DTSTART where no part names days. */
export function withDefaultDays(parts: RuleParts, startDay: number): RuleParts {
	const { freq, byDay, byMonthDay, byYearDay, byWeekNo, byMonth } = parts;
	const { month, day } = civilOf(startDay);
	const namesDays = byDay.length + byMonthDay.length + byYearDay.length > 0;
	if (freq === "YEARLY") {
		if (namesDays) return parts;
		if (byWeekNo.length > 0) return { ...parts, byDay: [{ n: 0, weekday: weekdayOf(startDay) }] };
		return { ...parts, byMonth: byMonth.length > 0 ? byMonth : [month], byMonthDay: [day] };
	}
	if (namesDays || byWeekNo.length > 0) return parts;
	if (freq === "MONTHLY") return { ...parts, byMonthDay: [day] };
	if (freq === "WEEKLY") return { ...parts, byDay: [{ n: 0, weekday: weekdayOf(startDay) }] };
	return parts;
}
