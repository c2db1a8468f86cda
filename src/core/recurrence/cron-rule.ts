/**
 * A cron expression as a source of local times: five fields, or six with seconds first, or an alias
 * such as `@daily`. Day of month and day of week are OR-ed when both are restricted, as cron does.
 * The zone is not its business. Called by the compilation of schedules.
 */
import { err, ok, type Result } from "../result.ts";
import { DAY, SECOND } from "../units.ts";
import { CYCLE_YEARS, civilOf, dayOf, daysInMonth, LAST_DAY, weekdayOf } from "./civil.ts";
import { type DayMask, readMonthDays, readWeekdays } from "./cron-days.ts";
import { HOUR_FIELD, MINUTE_FIELD, MONTH_FIELD, readField, SECOND_FIELD } from "./cron-field.ts";
import { neverComes } from "./never.ts";
import type { LocalSource } from "./occurrence.ts";
import { nextTime, type TimesOfDay } from "./time-of-day.ts";
import { Work } from "./work.ts";

export type CronRule = LocalSource & {
	/** A time field is written with `*`, a range or a step: it goes by elapsed time across DST. */
	readonly steps: boolean;
};

const ALIASES: Readonly<Record<string, string>> = {
	"@yearly": "0 0 1 1 *",
	"@annually": "0 0 1 1 *",
	"@monthly": "0 0 1 * *",
	"@weekly": "0 0 * * 0",
	"@daily": "0 0 * * *",
	"@midnight": "0 0 * * *",
	"@hourly": "0 * * * *",
	"@every_minute": "* * * * *",
	"@every_second": "* * * * * *",
};

/** Reads an expression; the error names the part that is wrong. */
export function readCron(text: string): Result<CronRule, string> {
	const trimmed = text.trim();
	if (trimmed === "") return err("is empty: expected five fields, like 0 9 * * MON-FRI");
	const alias = ALIASES[trimmed.toLowerCase()];
	if (trimmed.startsWith("@") && alias === undefined) {
		return err(`${JSON.stringify(trimmed)} is not one of ${Object.keys(ALIASES).join(", ")}`);
	}
	const fields = (alias ?? trimmed).split(/\s+/);
	if (fields.length !== 5 && fields.length !== 6) {
		return err(
			`${JSON.stringify(trimmed)} has ${fields.length} fields: expected five (minute hour day-of-month month day-of-week), or six with seconds before them`,
		);
	}
	const [second = "0", minute = "", hour = "", monthDay = "", month = "", weekday = ""] =
		fields.length === 6 ? fields : ["0", ...fields];
	return readFields(second, minute, hour, monthDay, month, weekday);
}

function readFields(
	second: string,
	minute: string,
	hour: string,
	monthDay: string,
	month: string,
	weekday: string,
): Result<CronRule, string> {
	const seconds = readField(second, SECOND_FIELD);
	if (!seconds.ok) return seconds;
	const minutes = readField(minute, MINUTE_FIELD);
	if (!minutes.ok) return minutes;
	const hours = readField(hour, HOUR_FIELD);
	if (!hours.ok) return hours;
	const monthDays = readMonthDays(monthDay);
	if (!monthDays.ok) return monthDays;
	const months = readField(month, MONTH_FIELD);
	if (!months.ok) return months;
	const weekdays = readWeekdays(weekday);
	if (!weekdays.ok) return weekdays;

	const either = !monthDays.value.open && !weekdays.value.open;
	const masks = monthShapes((length, first) => {
		const [a, b] = [monthDays.value.daysOf(length, first), weekdays.value.daysOf(length, first)];
		return either ? a | b : a & b;
	});
	const days = cronDays(new Set(months.value.values), masks);
	if (days.next(0, Work.ofAnswer()) === undefined) {
		return err(neverText(monthDay, months.value.values));
	}
	const times = {
		hours: hours.value.values,
		minutes: minutes.value.values,
		seconds: seconds.value.values,
	};
	const steps = seconds.value.steps || minutes.value.steps || hours.value.steps;
	return ok({ steps, nextLocal: (after, work) => nextLocal(days, times, after, work) });
}

type Days = { next(from: number, work: Work): number | undefined };

/** The mask of every month there is, by `length` (28 to 31) and the weekday of its first day. */
function monthShapes(daysOf: (length: number, first: number) => DayMask): readonly DayMask[] {
	return Array.from({ length: 28 }, (_, index) => daysOf(28 + Math.floor(index / 7), index % 7));
}

function cronDays(months: ReadonlySet<number>, masks: readonly DayMask[]): Days {
	return {
		/** The first day from `from` on that the day fields and the month name. */
		next(from, work) {
			let { year, month, day } = civilOf(from);
			const lastYear = year + CYCLE_YEARS;
			while (year <= lastYear) {
				work.spend(1);
				if (months.has(month)) {
					const start = dayOf(year, month, 1);
					const shape = (daysInMonth(year, month) - 28) * 7 + weekdayOf(start);
					// Bits below `day` are of days that have passed; bit 31 is negative as a number.
					const left = ((masks[shape] ?? 0) & (-1 << day)) >>> 0;
					if (left !== 0) {
						const found = start + (31 - Math.clz32(left & -left)) - 1;
						return found <= LAST_DAY ? found : undefined;
					}
				}
				day = 1;
				month += 1;
				if (month > 12) [month, year] = [1, year + 1];
			}
			return undefined;
		},
	};
}

function nextLocal(days: Days, times: TimesOfDay, after: number, work: Work): number | null {
	const today = Math.floor(after / DAY);
	const day = days.next(today, work);
	if (day === undefined) return null;
	if (day === today) {
		const time = nextTime(times, Math.floor((after - today * DAY) / SECOND));
		if (time !== undefined) return today * DAY + time * SECOND;
		const next = days.next(today + 1, work);
		return next === undefined ? null : next * DAY + (nextTime(times, -1) ?? 0) * SECOND;
	}
	return day * DAY + (nextTime(times, -1) ?? 0) * SECOND;
}

function neverText(monthDay: string, months: readonly number[]): string {
	return /^\d+$/.test(monthDay)
		? `can never fire: ${neverComes(months, Number(monthDay))}`
		: `can never fire: ${monthDay} comes in none of its months`;
}
