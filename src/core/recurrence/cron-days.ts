/**
 * The day-of-month and day-of-week fields of a cron expression: `L`, `L-3`, `LW`, `15W`, `FRI#2`,
 * `5L`. A month is one of 28 shapes (its length, the weekday of its first day), so which days a
 * field takes is worked out once a shape. Called by `cron-rule.ts`.
 */
import { err, ok, type Result } from "../result.ts";
import { DAY_FIELD, readPart, readValue, WEEKDAY_FIELD } from "./cron-field.ts";

/** A set of days of a month; bit 1 is the first. */
export type DayMask = number;

/** The days of a month of `length` days whose first is the weekday `first`. */
export type DayRule = (length: number, first: number) => DayMask;

export type DayField = {
	/** `*` or `?`: it leaves the choice to the other day field, which a step on `*` does not. */
	readonly open: boolean;
	readonly daysOf: DayRule;
};

export function readMonthDays(text: string): Result<DayField, string> {
	return readDays(text, readMonthDay);
}

export function readWeekdays(text: string): Result<DayField, string> {
	return readDays(text, readWeekday);
}

function readDays(
	text: string,
	read: (part: string) => Result<DayRule, string>,
): Result<DayField, string> {
	const rules: DayRule[] = [];
	for (const part of text.split(",")) {
		const rule = read(part);
		if (!rule.ok) return rule;
		rules.push(rule.value);
	}
	const daysOf: DayRule = (length, first) =>
		rules.reduce((mask, rule) => mask | rule(length, first), 0);
	return ok({ open: /^[*?](?:\/1)?$/.test(text), daysOf });
}

function readMonthDay(part: string): Result<DayRule, string> {
	const last = /^L(?:-(\d{1,2}))?(W)?$/i.exec(part);
	if (last !== null) {
		const back = Number(last[1] ?? 0);
		if (back > 30) return err(`${JSON.stringify(part)}: L-1 to L-30 count back from the last day`);
		const isWorkday = last[2] !== undefined;
		return ok((length, first) => {
			const day = length - back;
			return maskOf(isWorkday ? workdayNear(day, length, first) : day);
		});
	}
	const near = /^(\d{1,2})W$/i.exec(part);
	if (near !== null) {
		const day = readValue(near[1] ?? "", DAY_FIELD);
		if (day === undefined) {
			return err(`${JSON.stringify(part)}: 1W to 31W are the workdays nearest to a day`);
		}
		return ok((length, first) => (day > length ? 0 : maskOf(workdayNear(day, length, first))));
	}
	const plain = readPart(part, DAY_FIELD);
	if (!plain.ok) return plain;
	const mask = plain.value.values.reduce((sum, day) => sum | maskOf(day), 0);
	// Shifting by 32 is shifting by 0 in JavaScript, so the mask of a month is cut by day.
	return ok((length) => mask & (length === 31 ? -1 : (1 << (length + 1)) - 1));
}

function readWeekday(part: string): Result<DayRule, string> {
	const last = /^([A-Za-z]{3}|\d)L$/i.exec(part);
	if (last !== null) {
		const weekday = readValue(last[1] ?? "", WEEKDAY_FIELD);
		if (weekday !== undefined) {
			return ok((length, first) => nthMask(length, first, weekday % 7, -1));
		}
	}
	const nth = /^([^#]+)#([1-5]|L)$/i.exec(part);
	if (nth !== null) {
		const days = readPart(nth[1] ?? "", WEEKDAY_FIELD);
		if (!days.ok || /[*?]/.test(part)) {
			return err(`${JSON.stringify(part)}: expected a weekday before #, like FRI#2`);
		}
		const which = /l/i.test(nth[2] ?? "") ? -1 : Number(nth[2]);
		return ok((length, first) =>
			days.value.values.reduce((mask, day) => mask | nthMask(length, first, day, which), 0),
		);
	}
	if (part.includes("#")) {
		return err(`${JSON.stringify(part)}: expected #1 to #5 after a weekday, like FRI#2`);
	}
	const plain = readPart(part, WEEKDAY_FIELD);
	if (!plain.ok) return plain;
	return ok((length, first) => {
		let mask = 0;
		for (let day = 1; day <= length; day++) {
			if (plain.value.values.includes((first + day - 1) % 7)) mask |= maskOf(day);
		}
		return mask;
	});
}

/** Monday to Friday, nearest to `day` and in the same month. */
function workdayNear(day: number, length: number, first: number): number {
	if (day < 1) return 0;
	const weekday = (first + day - 1) % 7;
	if (weekday === 6) return day > 1 ? day - 1 : day + 2;
	if (weekday === 0) return day < length ? day + 1 : day - 2;
	return day;
}

function nthMask(length: number, first: number, weekday: number, which: number): DayMask {
	const earliest = 1 + ((weekday - first + 7) % 7);
	const count = Math.floor((length - earliest) / 7) + 1;
	const nth = which < 0 ? count : which;
	return nth > count ? 0 : maskOf(earliest + 7 * (nth - 1));
}

function maskOf(day: number): DayMask {
	return day < 1 || day > 31 ? 0 : 1 << day;
}
