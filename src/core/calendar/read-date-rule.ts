/** Reads the RRULE of an event, as ical.js parsed it, into a rule over whole days. */
import { err, ok, type Result } from "../result.ts";
import { type DateFields, fieldsOf, weekdayOf } from "./local-date.ts";

const DATE_FREQUENCIES = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"] as const;
export type DateFrequency = (typeof DATE_FREQUENCIES)[number];

/** A BYDAY value: every such weekday of the period, or the nth; 0 is Sunday. */
export type NthWeekday = { readonly nth: number | null; readonly weekday: number };

/** An empty list does not narrow the rule. */
export type DateRule = {
	readonly frequency: DateFrequency;
	readonly interval: number;
	readonly count: number | null;
	/** The last date it may name, as text; null for no end. */
	readonly until: string | null;
	/** The weekday that weeks begin with; 0 is Sunday. */
	readonly weekStart: number;
	readonly months: readonly number[];
	readonly monthDays: readonly number[];
	readonly yearDays: readonly number[];
	readonly weeks: readonly number[];
	readonly weekdays: readonly NthWeekday[];
	readonly positions: readonly number[];
};

const WEEKDAYS = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
const MONDAY = 1;
/** Longer than any calendar; a longer one would leave the years that dates can have. */
const INTERVAL_MAX = 10_000;
/** ical.js counts weekdays from 1, Sunday. */
const PARSER_SUNDAY = 1;
const LOCAL_DATE_LENGTH = 10;
const TIME_PARTS = ["byhour", "byminute", "bysecond"];

/** @param recur the value of an RRULE in jCal; @param start the day of DTSTART */
export function readDateRule(recur: unknown, start: number): Result<DateRule, string> {
	if (typeof recur !== "object" || recur === null) return err("expected a rule");
	const parts: ReadonlyMap<string, unknown> = new Map(Object.entries(recur));
	const frequency = DATE_FREQUENCIES.find((one) => one === parts.get("freq"));
	if (frequency === undefined) {
		return err(`FREQ=${parts.get("freq")} names no days; expected ${DATE_FREQUENCIES.join(", ")}`);
	}
	const timePart = TIME_PARTS.find((part) => parts.has(part));
	if (timePart !== undefined) return err(`${timePart.toUpperCase()} names no days`);
	const weekdays = textsOf(parts.get("byday")).map(nthWeekdayOf);
	const written: DateRule = {
		frequency,
		interval: Math.max(1, Number(parts.get("interval") ?? 1)),
		count: parts.has("count") ? Number(parts.get("count")) : null,
		until: parts.has("until") ? String(parts.get("until")).slice(0, LOCAL_DATE_LENGTH) : null,
		weekStart: parts.has("wkst") ? Number(parts.get("wkst")) - PARSER_SUNDAY : MONDAY,
		months: numbersOf(parts.get("bymonth")),
		monthDays: numbersOf(parts.get("bymonthday")),
		yearDays: numbersOf(parts.get("byyearday")),
		weeks: numbersOf(parts.get("byweekno")),
		weekdays,
		positions: numbersOf(parts.get("bysetpos")),
	};
	const flaw = flawOf(written);
	return flaw === undefined ? ok(withStart(written, fieldsOf(start), start)) : err(flaw);
}

/** What RFC 5545 forbids to combine, and what is out of all bounds. */
function flawOf(rule: DateRule): string | undefined {
	const { frequency, interval, weeks, yearDays, monthDays, weekdays } = rule;
	if (interval > INTERVAL_MAX) return `INTERVAL is at most ${INTERVAL_MAX}, got ${interval}`;
	if (weeks.length > 0 && frequency !== "YEARLY") return "BYWEEKNO goes with FREQ=YEARLY only";
	if (yearDays.length > 0 && frequency !== "YEARLY") return "BYYEARDAY goes with FREQ=YEARLY only";
	if (monthDays.length > 0 && frequency === "WEEKLY") return "BYMONTHDAY does not go with WEEKLY";
	if (weekdays.every(({ nth }) => nth === null)) return undefined;
	if (frequency === "DAILY" || frequency === "WEEKLY" || weeks.length > 0) {
		return "a number in BYDAY goes with FREQ=MONTHLY, or YEARLY without BYWEEKNO";
	}
	return undefined;
}

/** The rule with what DTSTART fills in where the rule itself does not narrow its periods to days. */
function withStart(rule: DateRule, fields: DateFields, start: number): DateRule {
	const { frequency, months, monthDays, yearDays, weeks, weekdays } = rule;
	const namesDays = [monthDays, yearDays, weekdays].some((list) => list.length > 0);
	if (frequency === "DAILY" || namesDays) return rule;
	const weekday = [{ nth: null, weekday: weekdayOf(start) }];
	if (frequency === "WEEKLY" || weeks.length > 0) return { ...rule, weekdays: weekday };
	const filled = { ...rule, monthDays: [fields.day] };
	return frequency === "YEARLY" && months.length === 0
		? { ...filled, months: [fields.month] }
		: filled;
}

function nthWeekdayOf(text: string): NthWeekday {
	// ical.js has checked the form.
	const nth = Number(text.slice(0, -2));
	return { nth: nth === 0 ? null : nth, weekday: WEEKDAYS.indexOf(text.slice(-2)) };
}

function textsOf(value: unknown): readonly string[] {
	return value === undefined ? [] : [value].flat().map(String);
}

function numbersOf(value: unknown): readonly number[] {
	return value === undefined ? [] : [value].flat().map(Number);
}
