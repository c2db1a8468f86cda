/**
 * Reads the rules of a schedule: cron expressions, and recurrence rules with their DTSTART, RDATE,
 * EXDATE and EXRULE from text or from members of their own. Called by `read-schedule.ts`, for
 * schedules and for the rules they exclude.
 */
import { DAY, MINUTE, SECOND } from "../units.ts";
import { daysInMonth } from "./civil.ts";
import { readCron } from "./cron-rule.ts";
import { formatLocal, type LocalTime, parseLocal } from "./local-time.ts";
import { neverComes } from "./never.ts";
import { type Flaw, readTime, type TimeContext } from "./read-times.ts";
import { type RuleParts, readRuleParts } from "./rrule-parts.ts";
import { expandRule, firstLocalAfter, lastOf, type RuleDoc } from "./rrule-source.ts";
import { splitRuleText, type ValueText } from "./rrule-text.ts";
import { instantOf } from "./wall-clock.ts";
import { Work, withinBound } from "./work.ts";
import { type Zone, zoneOf } from "./zone.ts";

export type RecurrenceInput = {
	readonly rrule?: string | undefined;
	readonly dtstart?: string | undefined;
	readonly rdate?: readonly string[] | undefined;
	readonly exdate?: readonly string[] | undefined;
	readonly exrule?: string | readonly string[] | undefined;
	readonly timezone?: string | undefined;
};

export type RecurrenceContext = TimeContext & {
	readonly now: number;
	readonly startAt: number | undefined;
};

/** Each expression as it was written, without superfluous space. */
export function readCronField(
	member: string,
	input: string | readonly string[],
	flaw: Flaw,
): readonly string[] | undefined {
	const texts = typeof input === "string" ? [input] : input;
	const read: string[] = [];
	for (const [index, text] of texts.entries()) {
		const rule = readCron(text);
		if (rule.ok) read.push(text.trim().replace(/\s+/g, " "));
		else flaw(typeof input === "string" ? member : `${member}.${index}`, rule.error);
	}
	return read.length === texts.length ? read : undefined;
}

export function readRecurrence(
	input: RecurrenceInput,
	context: RecurrenceContext,
): RuleDoc | undefined {
	const { flaw } = context;
	const split = input.rrule === undefined ? undefined : splitRuleText(input.rrule);
	if (split !== undefined && !split.ok) return flaw("rrule", split.error);
	const text = split?.value ?? { rdate: [], exdate: [], exrule: [] };
	const { zone } = context;
	const tzid = text.dtstart?.zone;
	if (tzid !== undefined && tzid !== zone.id) {
		return flaw("timezone", `is ${zone.id}, but DTSTART is in ${tzid}`);
	}

	const parts = text.rrule === undefined ? undefined : readRuleParts(text.rrule);
	if (parts !== undefined && !parts.ok) return flaw("rrule", parts.error);
	const start = readStart(input, text.dtstart, context);
	if (start === undefined) return undefined;
	if (parts !== undefined && text.dtstart !== undefined) {
		const mismatch = untilMismatch(parts.value, text.dtstart);
		if (mismatch !== undefined) return flaw("rrule", mismatch);
	}
	const rdate = readDates("rdate", input.rdate, text.rdate, context);
	const exdate = readDates("exdate", input.exdate, text.exdate, context);
	const exrule = readExrules(input.exrule, text.exrule, flaw);
	if (rdate === undefined || exdate === undefined || exrule === undefined) return undefined;
	if (parts === undefined && rdate.instants.length + rdate.days.length === 0) {
		return flaw("rrule", "has neither an RRULE nor an RDATE");
	}
	if (parts !== undefined) {
		const never = neverText(parts.value, start.local, zone);
		if (never !== undefined) return flaw("rrule", never);
	}
	const counted = withinBound(Work.ofCount(), (work) => {
		const dtstart = countedFrom(parts?.value, start, context, work);
		return { dtstart, last: parts && lastOf(parts.value, dtstart, zone, work) };
	});
	if (counted === undefined) {
		return flaw("rrule", "COUNT takes too long to count out: end the rule with UNTIL");
	}
	const { dtstart, last } = counted;
	const rdates = [
		...rdate.instants,
		...rdate.days.map((day) => instantOf(parseLocal(day)?.local ?? 0, zone)),
	].sort((a, b) => a - b);
	return {
		...(text.rrule !== undefined && { rrule: text.rrule.toUpperCase() }),
		dtstart: formatLocal(dtstart),
		...(rdates.length > 0 && { rdate: rdates }),
		...(exdate.instants.length > 0 && { exdate: exdate.instants }),
		...(exdate.days.length > 0 && { exdays: exdate.days }),
		...(exrule.length > 0 && { exrule }),
		...(last !== undefined && { last }),
	};
}

/** The zone that DTSTART names in the text of a rule, which is the schedule's if it names none. */
export function tzidOf(rrule: string | undefined): string | undefined {
	const split = rrule === undefined ? undefined : splitRuleText(rrule);
	return split?.ok ? split.value.dtstart?.zone : undefined;
}

type Start = { readonly local: number; readonly implied: boolean };

/** DTSTART in local time: from the text, from `dtstart`, from `start`, or the minute of creation. */
function readStart(
	input: RecurrenceInput,
	dtstart: ValueText | undefined,
	{ zone, flaw, now, startAt }: RecurrenceContext,
): Start | undefined {
	if (dtstart !== undefined && input.dtstart !== undefined) {
		return flaw("dtstart", "is given in rrule too, where one may say when the rule begins");
	}
	const written = dtstart?.text ?? input.dtstart;
	if (written === undefined) {
		const at = startAt ?? now - (now % MINUTE);
		return { local: at + zone.offsetAt(at), implied: startAt === undefined };
	}
	const time = parseLocal(written);
	if (time === undefined) {
		const member = dtstart === undefined ? "dtstart" : "rrule";
		return flaw(
			member,
			`${JSON.stringify(written)} is not a time there is: expected one like 2026-01-05T09:00:00`,
		);
	}
	const local = localIn(time, zone);
	return { local: local - (local % SECOND), implied: false };
}

function localIn(time: LocalTime, zone: Zone): number {
	return time.offsetMs === undefined ? time.local : time.local + zone.offsetAt(time.local);
}

/** Section 3.3.10: UNTIL is a date if DTSTART is one, and in UTC if DTSTART has a zone. */
function untilMismatch({ until }: RuleParts, { text, zone }: ValueText): string | undefined {
	if (until === undefined) return undefined;
	const isDate = text.length === 8;
	if (isDate !== (until.kind === "date")) {
		return `UNTIL must be a ${isDate ? "date" : "time"}, as DTSTART is`;
	}
	if (until.kind === "local" && (zone !== undefined || text.endsWith("Z"))) {
		return "UNTIL must end in Z where DTSTART has a zone";
	}
	return undefined;
}

type Dates = { readonly instants: readonly number[]; readonly days: readonly string[] };

function readDates(
	member: "rdate" | "exdate",
	listed: readonly string[] | undefined,
	lines: readonly ValueText[],
	context: TimeContext,
): Dates | undefined {
	const instants = new Set<number>();
	const days = new Set<string>();
	let sound = true;
	const add = (path: string, text: string, zone: Zone): void => {
		const time = parseLocal(text);
		if (time?.isDate) {
			days.add(formatLocal(time.local).slice(0, 10));
			return;
		}
		const at = readTime(path, text, { ...context, zone });
		if (at === undefined) sound = false;
		else instants.add(at);
	};
	for (const [index, text] of (listed ?? []).entries()) {
		add(`${member}.${index}`, text, context.zone);
	}
	for (const { text, zone } of lines) {
		const own = zone === undefined ? context.zone : zoneOf(zone);
		if (own === undefined)
			return context.flaw("rrule", `TZID=${zone} is not a time zone known here`);
		add("rrule", text, own);
	}
	if (!sound) return undefined;
	return { instants: [...instants].sort((a, b) => a - b), days: [...days].sort() };
}

function readExrules(
	listed: string | readonly string[] | undefined,
	lines: readonly string[],
	flaw: Flaw,
): readonly string[] | undefined {
	const given = typeof listed === "string" ? [listed] : (listed ?? []);
	const texts = [...given.map((text) => text.replace(/^(?:EXRULE|RRULE):/i, "")), ...lines];
	for (const text of texts) {
		const parts = readRuleParts(text);
		if (!parts.ok) return flaw(given.length > 0 ? "exrule" : "rrule", `EXRULE: ${parts.error}`);
	}
	return texts.map((text) => text.toUpperCase());
}

/**
 * DTSTART, which COUNT counts from: where only the creation implies it, the first occurrence after
 * that, since none before it fires.
 */
function countedFrom(
	parts: RuleParts | undefined,
	{ local, implied }: Start,
	{ zone, now }: RecurrenceContext,
	work: Work,
): number {
	if (parts?.count === undefined || !implied) return local;
	return firstLocalAfter(parts, local, zone, now, work) ?? local;
}

/** Why a rule can never fire, whatever its DTSTART; `undefined` if it can. */
function neverText(parts: RuleParts, start: number, zone: Zone): string | undefined {
	const { byMonth, byMonthDay } = parts;
	const [day] = byMonthDay;
	// A leap year has every day there is.
	const isTooLate = (each: number) =>
		byMonth.every((month) => Math.abs(each) > daysInMonth(2_000, month));
	if (day !== undefined && byMonth.length > 0 && byMonthDay.every(isTooLate)) {
		return `can never fire: ${neverComes(byMonth, day)}`;
	}
	const { until: _, count: __, ...endless } = parts;
	const source = expandRule(endless, start, zone, "rfc5545", undefined);
	// Two days before, since the first instant of DTSTART may lie that far from it.
	const from = instantOf(start, zone) - 2 * DAY;
	const first = withinBound(Work.ofAnswer(), (work) => source.next(from, work));
	if (first === undefined) return "takes too long to find a time that satisfies all its parts";
	return first === null ? "can never fire: no time satisfies all its parts together" : undefined;
}
