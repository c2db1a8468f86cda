/**
 * Days that recur, as a reader of phrases understood them, turned into a `schedule`: cron wherever
 * it can say it, RFC 5545 where weeks or months are left out. Called by `phrase.ts`.
 */
import type { ScheduleInput } from "../../contract/schedule.ts";
import { civilOf, weekdayOf } from "../recurrence/civil.ts";
import { formatLocal } from "../recurrence/local-time.ts";
import { DAY, MINUTE } from "../units.ts";
import type { Minutes } from "./clock-words.ts";

export type RepeatRule =
	/** Elapsed time. */
	| { readonly kind: "elapsed"; readonly text: string }
	/** 0 is Sunday; all seven are every day. */
	| { readonly kind: "weekdays"; readonly days: readonly number[] }
	/** Of each month; -1 is the last. */
	| { readonly kind: "monthdays"; readonly days: readonly number[] }
	| { readonly kind: "nth"; readonly nths: readonly number[]; readonly weekday: number }
	| { readonly kind: "workday"; readonly nth: number }
	| { readonly kind: "date"; readonly month: number; readonly day: number }
	/** Every so many days, weeks (on `days`, or today's weekday) or months (on `days`, or today's). */
	| {
			readonly kind: "interval";
			readonly unit: "day" | "week" | "month";
			readonly count: number;
			readonly days: readonly number[];
	  };

/** 9:00, where a day is named and no time of day, as Slack's own `/remind` has it. */
export const DEFAULT_MINUTES: Minutes = 9 * 60;
export const ALL_DAYS: readonly number[] = [0, 1, 2, 3, 4, 5, 6];
const CODES = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"] as const;
const FREQS = { day: "DAILY", week: "WEEKLY", month: "MONTHLY" } as const;
/** Enough days to meet any weekday and, within two months, any day of a month there is. */
const SEARCH_DAYS = 62;

/**
 * The schedule of a rule at `times`, which elapsed time has none of. `localNow` is the wall clock of
 * the zone as if in UTC. `undefined` where times with different minutes cannot be said.
 */
export function scheduleOf(
	rule: RepeatRule,
	times: readonly Minutes[],
	timezone: string,
	localNow: number,
): ScheduleInput | undefined {
	switch (rule.kind) {
		case "elapsed":
			return { every: rule.text, timezone };
		case "weekdays":
			return {
				cron: crons(times, `* * ${rule.days.length === 7 ? "*" : rule.days.join(",")}`),
				timezone,
			};
		case "monthdays": {
			const days = rule.days.map((day) => (day === -1 ? "L" : day)).join(",");
			return { cron: crons(times, `${days} * *`), timezone };
		}
		case "nth": {
			const { nths, weekday } = rule;
			const days = nths.map((nth) => (nth === -1 ? `${weekday}L` : `${weekday}#${nth}`));
			return { cron: crons(times, `* * ${days.join(",")}`), timezone };
		}
		case "workday":
			return { businessDay: { nth: rule.nth, at: times.map(clockText) }, timezone };
		case "date":
			return { cron: crons(times, `${rule.day} ${rule.month} *`), timezone };
		case "interval":
			return intervalOf(rule, times, timezone, localNow);
	}
}

/** One expression for each minute that occurs. */
function crons(times: readonly Minutes[], days: string): string | string[] {
	const minutes = [...new Set(times.map((time) => time % 60))];
	const texts = minutes.map((minute) => {
		const hours = times.filter((time) => time % 60 === minute).map((time) => Math.floor(time / 60));
		return `${minute} ${hours.join(",")} ${days}`;
	});
	const [only] = texts;
	return only !== undefined && texts.length === 1 ? only : texts;
}

function intervalOf(
	{ unit, count, days }: Extract<RepeatRule, { kind: "interval" }>,
	times: readonly Minutes[],
	timezone: string,
	localNow: number,
): ScheduleInput | undefined {
	const minutes = new Set(times.map((time) => time % 60));
	const [minute] = minutes;
	if (minute === undefined || minutes.size > 1) return undefined;
	const first = firstLocal(unit, days, times, localNow);
	if (first === undefined) return undefined;
	const firstDay = Math.floor(first / DAY);
	const by =
		unit === "week"
			? `;BYDAY=${(days.length > 0 ? days : [weekdayOf(firstDay)]).map((day) => CODES[day]).join(",")}`
			: unit === "month"
				? `;BYMONTHDAY=${(days.length > 0 ? days : [civilOf(firstDay).day]).join(",")}`
				: "";
	const hours = times.map((time) => Math.floor(time / 60)).join(",");
	return {
		rrule: `FREQ=${FREQS[unit]};INTERVAL=${count}${by};BYHOUR=${hours};BYMINUTE=${minute};BYSECOND=0`,
		dtstart: formatLocal(first),
		timezone,
	};
}

/** The first local time ahead that the rule may begin at. */
function firstLocal(
	unit: "day" | "week" | "month",
	days: readonly number[],
	times: readonly Minutes[],
	localNow: number,
): number | undefined {
	const today = Math.floor(localNow / DAY);
	for (let day = today; day < today + SEARCH_DAYS; day++) {
		const fits =
			days.length === 0 ||
			unit === "day" ||
			days.includes(unit === "week" ? weekdayOf(day) : civilOf(day).day) ||
			(unit === "month" && days.includes(-1) && civilOf(day + 1).day === 1);
		const time = fits ? times.find((one) => day * DAY + one * MINUTE > localNow) : undefined;
		if (time !== undefined) return day * DAY + time * MINUTE;
	}
	return undefined;
}

/** `09:05` */
export function clockText(minutes: Minutes): string {
	const two = (value: number) => String(value).padStart(2, "0");
	return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
