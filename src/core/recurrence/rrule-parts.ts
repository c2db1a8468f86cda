/**
 * The parts of one RFC 5545 recurrence rule, and their reading (section 3.3.10) with everything
 * that the grammar and its MUST NOTs refuse. Not the text around a rule, which is `rrule-text.ts`;
 * nor its meaning, which is `rrule-days.ts`.
 */
import { WEEKDAY_CODES } from "../../contract/schedule.ts";
import { err, ok, type Result } from "../result.ts";
import { DAY, SECOND } from "../units.ts";
import { parseLocal } from "./local-time.ts";
import { forbiddenTogether } from "./rrule-forbidden.ts";

const FREQUENCIES = [
	"YEARLY",
	"MONTHLY",
	"WEEKLY",
	"DAILY",
	"HOURLY",
	"MINUTELY",
	"SECONDLY",
] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** `n` is the ordinal of `-1FR`, 0 where there is none; `weekday` is 0 (Sunday) to 6. */
export type ByDay = { readonly n: number; readonly weekday: number };

/** When a rule ends: a local time, or an instant (`…Z`), both included. */
export type Until =
	| { readonly kind: "local"; readonly local: number }
	| { readonly kind: "date"; readonly local: number }
	| { readonly kind: "instant"; readonly at: number };

/** An empty list is a part that is absent. Lists ascend and have no duplicates. */
export type RuleParts = {
	readonly freq: Frequency;
	readonly interval: number;
	readonly count?: number;
	readonly until?: Until;
	/** 0 (Sunday) to 6; Monday unless given. */
	readonly weekStart: number;
	readonly byMonth: readonly number[];
	readonly byWeekNo: readonly number[];
	readonly byYearDay: readonly number[];
	readonly byMonthDay: readonly number[];
	readonly byDay: readonly ByDay[];
	readonly byHour: readonly number[];
	readonly byMinute: readonly number[];
	readonly bySecond: readonly number[];
	readonly bySetPos: readonly number[];
};

/** As many as a shard's counters can hold; what takes too long to count out is refused later. */
const COUNT_MAX = 1_000_000_000;
/** Seconds of a step of each frequency, roughly, so that no INTERVAL passes 10,000 years. */
const STEP_S: Readonly<Record<Frequency, number>> = {
	YEARLY: 366 * 86_400,
	MONTHLY: 28 * 86_400,
	WEEKLY: 7 * 86_400,
	DAILY: 86_400,
	HOURLY: 3_600,
	MINUTELY: 60,
	SECONDLY: 1,
};
const LONGEST_STEP_S = (10_000 * 366 * DAY) / SECOND;

/** Ranges of the number lists: [smallest, largest, may it be negative too]. */
const LISTS = {
	BYMONTH: [1, 12, false],
	BYWEEKNO: [1, 53, true],
	BYYEARDAY: [1, 366, true],
	BYMONTHDAY: [1, 31, true],
	BYHOUR: [0, 23, false],
	BYMINUTE: [0, 59, false],
	BYSECOND: [0, 60, false],
	BYSETPOS: [1, 366, true],
} as const;
type ListName = keyof typeof LISTS;

const NAMES = ["FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", ...Object.keys(LISTS)];

/** Reads `FREQ=…;…`; the error says which part is wrong, what came and what was expected. */
export function readRuleParts(text: string): Result<RuleParts, string> {
	const given = splitParts(text);
	if (!given.ok) return given;
	const parts = given.value;
	const freq = FREQUENCIES.find((each) => each === parts.get("FREQ"));
	if (freq === undefined) {
		const got = parts.get("FREQ");
		const what = got === undefined ? "FREQ is missing" : `FREQ=${got} is unknown`;
		return err(`${what}: expected one of ${FREQUENCIES.join(", ")}`);
	}
	const interval = readWhole(
		"INTERVAL",
		parts.get("INTERVAL") ?? "1",
		LONGEST_STEP_S / STEP_S[freq],
	);
	if (!interval.ok) return interval;
	const countText = parts.get("COUNT");
	const count = countText === undefined ? undefined : readWhole("COUNT", countText, COUNT_MAX);
	if (count !== undefined && !count.ok) return count;
	const untilText = parts.get("UNTIL");
	const until = untilText === undefined ? undefined : readUntil(untilText);
	if (until !== undefined && !until.ok) return until;
	const weekStart = weekdayOf(parts.get("WKST") ?? "MO");
	if (weekStart < 0)
		return err(`WKST=${parts.get("WKST")}: expected one of ${WEEKDAY_CODES.join(", ")}`);
	const byDay = readByDay(parts.get("BYDAY"));
	if (!byDay.ok) return byDay;
	const lists: Record<ListName, readonly number[]> = {
		BYMONTH: [],
		BYWEEKNO: [],
		BYYEARDAY: [],
		BYMONTHDAY: [],
		BYHOUR: [],
		BYMINUTE: [],
		BYSECOND: [],
		BYSETPOS: [],
	};
	for (const name of LIST_NAMES) {
		const list = readList(name, parts.get(name));
		if (!list.ok) return list;
		lists[name] = list.value;
	}
	const rule: RuleParts = {
		freq,
		interval: interval.value,
		...(count !== undefined && { count: count.value }),
		...(until !== undefined && { until: until.value }),
		weekStart,
		byMonth: lists.BYMONTH,
		byWeekNo: lists.BYWEEKNO,
		byYearDay: lists.BYYEARDAY,
		byMonthDay: lists.BYMONTHDAY,
		byDay: byDay.value,
		byHour: lists.BYHOUR,
		byMinute: lists.BYMINUTE,
		// A leap second (RFC 5545 allows 60) is the second after it, as POSIX time has it.
		bySecond: lists.BYSECOND.filter((second) => second < 60),
		bySetPos: lists.BYSETPOS,
	};
	if (lists.BYSECOND.length > 0 && rule.bySecond.length === 0) {
		return err("BYSECOND=60 never comes: POSIX time has no leap seconds");
	}
	const forbidden = forbiddenTogether(rule);
	return forbidden === undefined ? ok(rule) : err(forbidden);
}

const LIST_NAMES: readonly ListName[] = [
	"BYMONTH",
	"BYWEEKNO",
	"BYYEARDAY",
	"BYMONTHDAY",
	"BYHOUR",
	"BYMINUTE",
	"BYSECOND",
	"BYSETPOS",
];

function splitParts(text: string): Result<ReadonlyMap<string, string>, string> {
	if (text.trim() === "") return err("is empty: expected a rule like FREQ=WEEKLY;BYDAY=MO");
	const parts = new Map<string, string>();
	for (const part of text.toUpperCase().split(";")) {
		const [name = "", value = "", ...more] = part.split("=");
		if (part === "") return err("has an empty part: two semicolons together, or one at the end");
		if (!NAMES.includes(name)) {
			return err(`${JSON.stringify(name)} is not a part of a rule: expected ${NAMES.join(", ")}`);
		}
		if (value === "" || more.length > 0) {
			return err(`${JSON.stringify(part)}: expected ${name}= and one value`);
		}
		if (parts.has(name)) return err(`${name} is given twice`);
		parts.set(name, value);
	}
	return ok(parts);
}

function readWhole(name: string, text: string, max: number): Result<number, string> {
	const limit = Math.floor(max);
	const value = /^\d{1,12}$/.test(text) ? Number(text) : 0;
	if (value >= 1 && value <= limit) return ok(value);
	return err(`${name}=${text}: expected a whole number from 1 to ${limit}`);
}

function readUntil(text: string): Result<Until, string> {
	const local = parseLocal(text);
	if (local === undefined || !/^\d{8}(T\d{6}Z?)?$/.test(text)) {
		return err(`UNTIL=${text}: expected a date or time like 20261231 or 20261231T235959Z`);
	}
	if (local.offsetMs !== undefined) return ok({ kind: "instant", at: local.local });
	return ok({ kind: local.isDate ? "date" : "local", local: local.local });
}

function readByDay(text: string | undefined): Result<readonly ByDay[], string> {
	if (text === undefined) return ok([]);
	const days: ByDay[] = [];
	for (const part of text.split(",")) {
		const match = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(part);
		const n = match?.[1] === undefined ? undefined : Number(match[1]);
		if (match === null || n === 0 || Math.abs(n ?? 1) > 53) {
			return err(`BYDAY=${part}: expected a weekday like MO, perhaps counted like 1MO or -1FR`);
		}
		days.push({ n: n ?? 0, weekday: weekdayOf(match[2]) });
	}
	return ok(days);
}

/** 0 (Sunday) to 6, or -1. */
function weekdayOf(code: string | undefined): number {
	const codes: readonly (string | undefined)[] = WEEKDAY_CODES;
	return codes.indexOf(code);
}

function readList(name: ListName, text: string | undefined): Result<readonly number[], string> {
	if (text === undefined) return ok([]);
	const [min, max, signed] = LISTS[name];
	const values = new Set<number>();
	for (const part of text.split(",")) {
		const isNumber = signed ? /^[+-]?\d{1,3}$/.test(part) : /^\d{1,3}$/.test(part);
		const value = Number(part);
		const size = signed ? Math.abs(value) : value;
		if (!isNumber || size < min || size > max) {
			const range = signed ? `${min} to ${max} or -${max} to -${min}` : `${min} to ${max}`;
			return err(`${name}=${part}: expected ${range}`);
		}
		values.add(value);
	}
	return ok([...values].sort((a, b) => a - b));
}
