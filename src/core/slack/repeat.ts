/**
 * Phrases that recur: `every weekday at 9`, `on the first monday of each month`, `every 15 minutes`.
 * chrono-node reads none of them. Called by `phrase.ts`.
 */
import type { ScheduleInput } from "../../contract/schedule.ts";
import { parseDuration } from "../duration.ts";
import { err, ok, type Result } from "../result.ts";
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
import { DEFAULT_TIME } from "./one-time.ts";
import { ALL_DAYS, type RepeatRule, scheduleOf } from "./repeat-rule.ts";
import { Scanner } from "./scanner.ts";

export type Repeat = {
	readonly start: number;
	readonly end: number;
	readonly schedule: ScheduleInput;
	readonly told: readonly string[];
	/** Whether a time of day was said, or none is needed. */
	readonly hasTime: boolean;
};

/** What could not be read begins here. */
export type RepeatProblem = {
	readonly start: number;
	readonly end: number;
	readonly problem: string;
};

/** Where a phrase that recurs may begin. */
const BEGINNINGS = new RegExp(
	`\\b(?:every|each|daily|hourly|weekly|monthly|(?:on )?(?:weekdays|workdays|weekends|(?:mon|tues|wednes|thurs|fri|satur|sun)days)|${WEEKDAY}(?: ?[-–] ?| to )${WEEKDAY}|(?:on )?the ${ORDINAL}(?= .{1,40}\\b(?:each|every|the|a) month))(?![\\w-])`,
	"gi",
);
/** A time of day right before it: `at 9 every weekday`. */
const TIME_BEFORE =
	/(?:\bat \d{1,2}(?:[:.]\d\d)?(?: ?[ap]m)?|\b\d{1,2}(?::\d\d| ?[ap]m)|\b(?:at )?(?:noon|midnight))\s+(?:on )?$/i;

const UNITS: Readonly<Record<string, string>> = {
	s: "s",
	m: "m",
	h: "h",
	d: "d",
	w: "w",
};
const DEFAULT_MINUTES = 9 * 60;
const NIGHT: Readonly<Record<string, number>> = {
	morning: 6,
	afternoon: 15,
	evening: 20,
	night: 20,
};

/** The phrases in `text` that recur or seem to. `localNow` as `scheduleOf` has it. */
export function findRepeats(
	text: string,
	timezone: string,
	localNow: number,
): readonly Result<Repeat, RepeatProblem>[] {
	const found: Result<Repeat, RepeatProblem>[] = [];
	let from = 0;
	for (const match of text.matchAll(BEGINNINGS)) {
		if (match.index < from) continue;
		const one = readRepeat(text, match.index, timezone, localNow);
		if (one.ok) from = one.value.end;
		found.push(one);
	}
	return found;
}

function readRepeat(
	text: string,
	start: number,
	timezone: string,
	localNow: number,
): Result<Repeat, RepeatProblem> {
	const before = TIME_BEFORE.exec(text.slice(0, start));
	const told: string[] = [];
	const scanner = new Scanner(text, start);
	const rule = readRule(scanner, told);
	if (rule === undefined) return err({ start, end: scanner.at, problem: "" });
	const begin = before?.index ?? start;
	let said: readonly Minutes[] | undefined;
	if (before !== null) said = readTimes(new Scanner(text, begin));
	const days = readLateDays(scanner, rule.rule);
	const times = said ?? rule.times ?? readTimes(scanner);
	const final = days ?? readLateDays(scanner, rule.rule) ?? rule.rule;
	const needsTime = final.kind !== "elapsed";
	if (needsTime && times === undefined) {
		told.push(`No time of day was said, so it is ${DEFAULT_TIME}.`);
	}
	const schedule = scheduleOf(final, times ?? [DEFAULT_MINUTES], timezone, localNow);
	if (schedule === undefined || (!needsTime && times !== undefined)) {
		const problem = needsTime
			? "it takes times with the same minutes only"
			: "it counts elapsed time, which has no time of day";
		return err({ start: begin, end: scanner.at, problem });
	}
	const until = /^\s+(\d{1,4}) times\b/i.exec(text.slice(scanner.at));
	const limit = Number(until?.[1] ?? 0);
	return ok({
		start: begin,
		end: scanner.at + (limit > 0 ? (until?.[0].length ?? 0) : 0),
		schedule: limit > 0 ? { ...schedule, limit } : schedule,
		told,
		hasTime: times !== undefined || !needsTime,
	});
}

type Read = { readonly rule: RepeatRule; readonly times?: readonly Minutes[] };

function readRule(scanner: Scanner, told: string[]): Read | undefined {
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
function readEvery(scanner: Scanner, told: string[]): Read | undefined {
	const month = scanner.attempt(() => readDaysOfMonth(scanner));
	if (month !== undefined) return { rule: month };
	const ordinal = scanner.attempt(() => readEveryNth(scanner, told));
	if (ordinal !== undefined) return { rule: ordinal };
	scanner.take("year(?: on)?(?: the)?");
	const date = readDate(scanner);
	if (date !== undefined) return { rule: { kind: "date", ...date } };
	const [part] = scanner.take("(morning|afternoon|evening|night)") ?? [];
	if (part !== undefined) return readPartOfDay(scanner, part.toLowerCase(), told);
	const days = readWeekdays(scanner);
	if (days !== undefined) return { rule: { kind: "weekdays", days } };
	const isOther = scanner.take("other|second|2nd") !== undefined;
	const [count, unit] =
		scanner.take(
			"(?:(\\d{1,5}|an?|half(?: an?)?) ?)?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|months?)",
		) ?? [];
	if (unit === undefined) return readShortDuration(scanner);
	if (isOther && count !== undefined) return undefined;
	return readUnit(scanner, unit.toLowerCase(), isOther ? 2 : countOf(count));
}

function countOf(text: string | undefined): number {
	if (text === undefined || /^an?$/i.test(text)) return 1;
	return /^half/i.test(text) ? 0.5 : Number(text);
}

/** `every 1h30m`. */
function readShortDuration(scanner: Scanner): Read | undefined {
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
function readPartOfDay(scanner: Scanner, part: string, told: string[]): Read {
	const hour = NIGHT[part] ?? 0;
	const times = readTimes(scanner)?.map((time) =>
		part !== "morning" && time < 12 * 60 && time > 0 ? time + 12 * 60 : time,
	);
	if (times === undefined) told.push(`The ${part} is read as ${hour}:00.`);
	return { rule: { kind: "weekdays", days: ALL_DAYS }, times: times ?? [hour * 60] };
}

function readUnit(scanner: Scanner, unit: string, count: number): Read | undefined {
	const short = unit.startsWith("month") ? "month" : unit.charAt(0);
	if (short === "s" || short === "m" || short === "h") {
		const text = count === 0.5 ? (short === "h" ? "30m" : "30s") : `${count}${UNITS[short]}`;
		const isSound = parseDuration(text).ok && !(count === 0.5 && short === "s");
		return isSound ? { rule: { kind: "elapsed", text } } : undefined;
	}
	if (count < 1) return undefined;
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
function readLateDays(scanner: Scanner, rule: RepeatRule): RepeatRule | undefined {
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
