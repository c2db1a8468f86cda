/**
 * Rules of DAILY and longer frequency, expanded in wall-clock time from DTSTART: period by period,
 * each a list of days times a list of times of day. A period is found by arithmetic, so that an
 * occurrence a century after DTSTART costs what the first does. DST is settled elsewhere.
 */
import { DAY, SECOND } from "../units.ts";
import {
	CYCLE_DAYS,
	CYCLE_YEARS,
	civilOf,
	dayOf,
	daysInMonth,
	daysInYear,
	LAST_DAY,
	weekdayOf,
} from "./civil.ts";
import type { LocalSource } from "./occurrence.ts";
import { type DayFilter, dayFilter, withDefaultDays } from "./rrule-days.ts";
import type { RuleParts } from "./rrule-parts.ts";
import { countOf, countUpTo, nextTime, type TimesOfDay, timeAt } from "./time-of-day.ts";
import type { Work } from "./work.ts";

/** Of `Work`, for one period beside its days. */
const PERIOD_UNITS = 3;

/** A stretch of days: the first, and how many. */
type Period = { readonly start: number; readonly length: number };

type Periods = {
	/** The number of the period, counted from DTSTART's, that holds `epochDay`. */
	indexOf(epochDay: number): number;
	at(index: number): Period;
	/** The parts of a period in which there may be days at all. */
	partsOf(period: Period): readonly Period[];
	/** After so many periods the calendar repeats itself. */
	readonly cycle: number;
};

/** The local times of a rule, from DTSTART (a local time) on; COUNT and UNTIL are not its business. */
export function wallRule(rule: RuleParts, dtstart: number): LocalSource {
	const startDay = Math.floor(dtstart / DAY);
	const parts = withDefaultDays(rule, startDay);
	const takes = dayFilter(parts);
	const periods = periodsOf(parts, startDay);
	const times = timesOf(parts, dtstart - startDay * DAY);
	let kept: { readonly index: number; readonly days: readonly number[] } | undefined;

	function daysOf(index: number, period: Period, work: Work): readonly number[] {
		const asked = periods.partsOf(period);
		// The same for what is kept, so that a search ends at the same point everywhere.
		work.spend(asked.reduce((sum, part) => sum + part.length, PERIOD_UNITS));
		if (kept?.index !== index) {
			kept = { index, days: asked.flatMap((part) => listDays(part, takes)) };
		}
		return kept.days;
	}

	return {
		nextLocal(after, work) {
			const from = Math.max(after, dtstart - 1);
			const first = alignUp(periods.indexOf(Math.floor(from / DAY)), parts.interval);
			// Every period that can differ has been seen after one cycle.
			const last = first + lcm(periods.cycle, parts.interval);
			for (let index = first; index <= last; index += parts.interval) {
				const period = periods.at(index);
				if (period.start > LAST_DAY) return null;
				const days = daysOf(index, period, work);
				const local = firstAfter(days, times, parts.bySetPos, from);
				if (local !== undefined) return local <= (LAST_DAY + 1) * DAY ? local : null;
			}
			return null;
		},
	};
}

/** The times of day of a DAILY or longer rule: what is not named is DTSTART's. */
function timesOf({ byHour, byMinute, bySecond }: RuleParts, timeMs: number): TimesOfDay {
	const time = Math.floor(timeMs / SECOND);
	return {
		hours: byHour.length > 0 ? byHour : [Math.floor(time / 3_600)],
		minutes: byMinute.length > 0 ? byMinute : [Math.floor((time % 3_600) / 60)],
		seconds: bySecond.length > 0 ? bySecond : [time % 60],
	};
}

function listDays({ start, length }: Period, takes: DayFilter): readonly number[] {
	const days: number[] = [];
	for (let day = start; day < start + length; day++) if (takes(day)) days.push(day);
	return days;
}

/** The first local time of one period strictly after `after`. */
function firstAfter(
	days: readonly number[],
	times: TimesOfDay,
	bySetPos: readonly number[],
	after: number,
): number | undefined {
	const today = Math.floor(after / DAY);
	const time = Math.floor((after - today * DAY) / SECOND);
	if (bySetPos.length === 0) {
		for (const day of days) {
			if (day < today) continue;
			const next = nextTime(times, day === today ? time : -1);
			if (next !== undefined) return day * DAY + next * SECOND;
		}
		return undefined;
	}
	// The set is days × times in order; what has passed is a number of its first members.
	const perDay = countOf(times);
	const size = days.length * perDay;
	let passed = 0;
	for (const day of days) {
		if (day < today) passed += perDay;
		else if (day === today) passed += countUpTo(times, time);
	}
	const picked = bySetPos
		.map((position) => (position > 0 ? position - 1 : size + position))
		.filter((index) => index >= passed && index < size);
	if (picked.length === 0) return undefined;
	const index = Math.min(...picked);
	const day = days[Math.floor(index / perDay)] ?? 0;
	return day * DAY + timeAt(times, index % perDay) * SECOND;
}

function monthsOf({ start }: Period, months: readonly number[]): readonly Period[] {
	const { year } = civilOf(start);
	return months.map((month) => ({
		start: dayOf(year, month, 1),
		length: daysInMonth(year, month),
	}));
}

const whole = (period: Period): readonly Period[] => [period];

function periodsOf(parts: RuleParts, startDay: number): Periods {
	const { year, month } = civilOf(startDay);
	switch (parts.freq) {
		case "YEARLY":
			return {
				indexOf: (day) => civilOf(day).year - year,
				at: (index) => ({ start: dayOf(year + index, 1, 1), length: daysInYear(year + index) }),
				partsOf: (period) =>
					parts.byMonth.length > 0 ? monthsOf(period, parts.byMonth) : [period],
				cycle: CYCLE_YEARS,
			};
		case "MONTHLY":
			return {
				indexOf: (day) => {
					const civil = civilOf(day);
					return (civil.year - year) * 12 + civil.month - month;
				},
				at: (index) => {
					const months = year * 12 + month - 1 + index;
					const [y, m] = [Math.floor(months / 12), (months % 12) + 1];
					return { start: dayOf(y, m, 1), length: daysInMonth(y, m) };
				},
				partsOf: whole,
				cycle: CYCLE_YEARS * 12,
			};
		case "WEEKLY": {
			const firstWeek = startDay - ((weekdayOf(startDay) - parts.weekStart + 7) % 7);
			return {
				indexOf: (day) => Math.floor((day - firstWeek) / 7),
				at: (index) => ({ start: firstWeek + index * 7, length: 7 }),
				partsOf: whole,
				cycle: CYCLE_DAYS / 7,
			};
		}
		default:
			return {
				indexOf: (day) => day - startDay,
				at: (index) => ({ start: startDay + index, length: 1 }),
				partsOf: whole,
				cycle: CYCLE_DAYS,
			};
	}
}

/** The first multiple of `interval` from `index` on; DTSTART's own period is 0. */
function alignUp(index: number, interval: number): number {
	return Math.max(0, Math.ceil(index / interval)) * interval;
}

function lcm(a: number, b: number): number {
	let [x, y] = [a, b];
	while (y !== 0) [x, y] = [y, x % y];
	return (a / x) * b;
}
