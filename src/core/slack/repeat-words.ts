/**
 * The words that say on which days a timer recurs, or how much time lies between. Times of day are
 * read elsewhere. Called by `repeat.ts`.
 */
import { readTimes } from "./clock-words.ts";
import {
	ORDINAL,
	ordinalOf,
	readDate,
	readWeekdays,
	WEEKDAY,
	WORKDAY,
	weekdayNumber,
} from "./day-words.ts";
import { readDates, readDaysOfMonth } from "./month-days.ts";
import { ALL_DAYS, type RepeatRule } from "./repeat-rule.ts";
import { countOf, type RepeatWords, readShortDuration, readUnit, UNIT_OF } from "./repeat-unit.ts";
import type { Scanner } from "./scanner.ts";

/** Where the parts of a day are, as chrono-node has them; told whenever it is used. */
const PARTS_OF_DAY: Readonly<Record<string, number>> = {
	morning: 6,
	afternoon: 15,
	evening: 20,
	night: 20,
};

export function readRepeatWords(scanner: Scanner, told: string[]): RepeatWords | undefined {
	const ofMonth = scanner.attempt(() => readDaysOfMonth(scanner));
	if (ofMonth !== undefined) return { rule: ofMonth };
	const [adverb] = scanner.take("(daily|hourly|weekly|monthly)") ?? [];
	if (adverb !== undefined) return readUnit(scanner, UNIT_OF[adverb.toLowerCase()] ?? "", 1);
	const plural = scanner.attempt(() => {
		scanner.take("on");
		const days = readWeekdays(scanner);
		return days === undefined ? undefined : { rule: { kind: "weekdays", days } as const };
	});
	if (plural !== undefined) return plural;
	if (scanner.take("every|each") === undefined) return undefined;
	return readEvery(scanner, told);
}

/** What follows `every`. */
function readEvery(scanner: Scanner, told: string[]): RepeatWords | undefined {
	const month = scanner.attempt(() => readDaysOfMonth(scanner));
	if (month !== undefined) return { rule: month };
	const ordinal = scanner.attempt(() => readEveryNth(scanner, told));
	if (ordinal !== undefined) return { rule: ordinal };
	scanner.take("year(?: on)?(?: the)?");
	const date = readDate(scanner);
	if (date !== undefined) return { rule: { kind: "date", ...date } };
	const [part] = scanner.take("(morning|afternoon|evening|night)") ?? [];
	if (part !== undefined) return readPartOfDay(scanner, part, ALL_DAYS, told);
	const days = readWeekdays(scanner);
	if (days !== undefined) {
		const [part] = scanner.take("(morning|afternoon|evening|night)") ?? [];
		if (part !== undefined) return readPartOfDay(scanner, part, days, told);
		return { rule: { kind: "weekdays", days } };
	}
	const dates = scanner.attempt(() => readDates(scanner));
	if (dates !== undefined) return { rule: dates };
	const [nth] = scanner.take(`(other|${ORDINAL.slice(1, -1)})`) ?? [];
	const [count, unit] =
		scanner.take(
			"(?:(\\d{1,5}(?:\\.\\d{1,3})?|an?|half(?: an?)?) ?)?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|months?)",
		) ?? [];
	if (unit === undefined) return readShortDuration(scanner);
	if (nth !== undefined && (count !== undefined || /^last$/i.test(nth))) return undefined;
	const number = nth === undefined ? countOf(count) : /^other$/i.test(nth) ? 2 : ordinalOf(nth);
	return readUnit(scanner, unit.toLowerCase(), number);
}

/** `every other friday`, `every last friday`, `every first monday`. */
function readEveryNth(scanner: Scanner, told: string[]): RepeatRule | undefined {
	const [word] = scanner.take(`(other|${ORDINAL.slice(1, -1)})`) ?? [];
	if (word === undefined) return undefined;
	if (/^(?:other|second|2nd)$/i.test(word)) {
		const days = readWeekdays(scanner);
		if (days === undefined) return undefined;
		if (!/^other$/i.test(word)) {
			told.push(
				"That is every other week; for the second of a month say “on the second … of each month”.",
			);
		}
		return { kind: "interval", unit: "week", count: 2, days };
	}
	const nth = ordinalOf(word);
	if (scanner.take(WORKDAY) !== undefined) return { kind: "workday", nth };
	const [weekday] = scanner.take(WEEKDAY) ?? [];
	if (weekday === undefined || nth > 5) return undefined;
	told.push("That is once a month.");
	return { kind: "nth", nths: [nth], weekday: weekdayNumber(weekday) };
}

/** `every evening at 8` is at 20:00. */
function readPartOfDay(
	scanner: Scanner,
	word: string,
	days: readonly number[],
	told: string[],
): RepeatWords {
	const part = word.toLowerCase();
	const hour = PARTS_OF_DAY[part] ?? 0;
	const times = readTimes(scanner)?.map((time) =>
		part !== "morning" && time < 12 * 60 && time > 0 ? time + 12 * 60 : time,
	);
	if (times === undefined) told.push(`The ${part} is read as ${hour}:00.`);
	return { rule: { kind: "weekdays", days }, times: times ?? [hour * 60] };
}

/** `weekly at 9 on monday`, `every 2 weeks on monday and thursday`, `daily at 9 on weekdays`. */
export function readLateDays(scanner: Scanner, rule: RepeatRule): RepeatRule | undefined {
	const isWeekly = rule.kind === "interval" && rule.unit === "week" && rule.days.length === 0;
	const isDaily = rule.kind === "weekdays" && rule.days.length === 7;
	if (!isWeekly && !isDaily) return undefined;
	const days = scanner.attempt(() => {
		if (scanner.take("on") === undefined) return undefined;
		return readWeekdays(scanner);
	});
	if (days === undefined) return undefined;
	if (isWeekly && rule.count > 1) return { ...rule, days };
	return { kind: "weekdays", days };
}
