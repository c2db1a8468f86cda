/**
 * The words that say on which days a timer recurs, or how much time lies between. Times of day are
 * read elsewhere. Called by `repeat.ts`.
 */
import { parseDuration } from "../duration.ts";
import { type Minutes, readTimes } from "./clock-words.ts";
import {
	ORDINAL,
	ordinalOf,
	readDate,
	readOrdinals,
	readWeekdays,
	WEEKDAY,
	WORKDAY,
	weekdayNumber,
} from "./day-words.ts";
import { ALL_DAYS, type RepeatRule } from "./repeat-rule.ts";
import type { Scanner } from "./scanner.ts";

/** Where the parts of a day are, as chrono-node has them; told whenever it is used. */
const PARTS_OF_DAY: Readonly<Record<string, number>> = {
	morning: 6,
	afternoon: 15,
	evening: 20,
	night: 20,
};

/** Times are there only where the words for days say them too: `every evening at 8`. */
export type RepeatWords = { readonly rule: RepeatRule; readonly times?: readonly Minutes[] };

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

const UNIT_OF: Readonly<Record<string, string>> = {
	daily: "day",
	hourly: "hour",
	weekly: "week",
	monthly: "month",
};

/** `on the first and third monday of each month`, `the 15th of every month`. */
function readDaysOfMonth(scanner: Scanner): RepeatRule | undefined {
	scanner.take("on");
	scanner.take("the");
	const rule = readOrdinalDays(scanner);
	const isEach = scanner.take("(?:of|in) (?:each|every|the|a) month") !== undefined;
	return isEach ? rule : undefined;
}

/** `first monday`, `15th`, `1st and 15th`, `last day`, `last working day`. */
function readOrdinalDays(scanner: Scanner): RepeatRule | undefined {
	const ordinals = readOrdinals(scanner);
	if (ordinals === undefined) return undefined;
	const [first = 1] = ordinals;
	if (ordinals.length === 1 && Math.abs(first) <= 23 && scanner.take(WORKDAY) !== undefined) {
		return { kind: "workday", nth: first };
	}
	if (ordinals.every((nth) => nth <= 5)) {
		const [weekday] = scanner.take(WEEKDAY) ?? [];
		if (weekday !== undefined) {
			return { kind: "nth", nths: ordinals, weekday: weekdayNumber(weekday) };
		}
	}
	scanner.take("day");
	return ordinals.every((day) => day <= 31 && day !== 0)
		? { kind: "monthdays", days: ordinals }
		: undefined;
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

/** `every 15th`, `every 1st and 15th`, but neither `every 2nd day` nor `every second`. */
function readDates(scanner: Scanner): RepeatRule | undefined {
	if (!/^\s*\d/.test(scanner.text.slice(scanner.at))) return undefined;
	const days = readOrdinals(scanner);
	if (scanner.take("(?:second|minute|hour|day|week|month)s?") !== undefined) return undefined;
	return days?.every((day) => day >= 1 && day <= 31) ? { kind: "monthdays", days } : undefined;
}

function countOf(text: string | undefined): number {
	if (text === undefined || /^an?$/i.test(text)) return 1;
	return /^half/i.test(text) ? 0.5 : Number(text);
}

/** `every 1h30m`. */
function readShortDuration(scanner: Scanner): RepeatWords | undefined {
	const [text] = scanner.take("((?:\\d+(?:\\.\\d+)?[wdhms] ?)+)") ?? [];
	return text === undefined || !parseDuration(text).ok
		? undefined
		: { rule: { kind: "elapsed", text: text.replaceAll(" ", "") } };
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

function readUnit(scanner: Scanner, unit: string, count: number): RepeatWords | undefined {
	const short = unit.startsWith("month") ? "month" : unit.charAt(0);
	if (short === "s" || short === "m" || short === "h") {
		const text = count === 0.5 ? (short === "h" ? "30m" : "30s") : `${count}${short}`;
		const isSound = parseDuration(text).ok && !(count === 0.5 && short === "s");
		return isSound ? { rule: { kind: "elapsed", text } } : undefined;
	}
	if (!Number.isInteger(count) || count < 1) return undefined;
	if (short === "d") {
		if (count === 1) return { rule: { kind: "weekdays", days: ALL_DAYS } };
		return { rule: { kind: "interval", unit: "day", count, days: [] } };
	}
	if (short === "w") return { rule: { kind: "interval", unit: "week", count, days: [] } };
	const rule = scanner.attempt(() => {
		if (scanner.take("on") === undefined) return undefined;
		scanner.take("the");
		return readOrdinalDays(scanner);
	});
	if (rule !== undefined && count === 1) return { rule };
	if (rule !== undefined && rule.kind !== "monthdays") return undefined;
	return { rule: { kind: "interval", unit: "month", count, days: rule?.days ?? [] } };
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
