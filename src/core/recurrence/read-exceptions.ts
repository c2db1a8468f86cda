/**
 * Reads what a schedule leaves out or moves: `exclude`, `businessDays`, and the calendars that both
 * name. Called by the reading of schedules.
 */
import type { ScheduleInput } from "../../contract/schedule.ts";
import type { Calendars } from "../calendar/calendar-dates.ts";
import { readCronField, readRecurrence } from "./read-rules.ts";
import { type Flaw, isDayText, readInstants, type TimeContext } from "./read-times.ts";
import type { BusinessDaysDoc, ExcludedRule, ExclusionDoc } from "./schedule-doc.ts";

export function readExclude(
	{ exclude }: ScheduleInput,
	context: TimeContext,
	now: number,
): ExclusionDoc | undefined {
	if (exclude === undefined) return undefined;
	const cron: string[] = [];
	const rrules: ExcludedRule[] = [];
	for (const [index, rule] of (exclude.rules ?? []).entries()) {
		const at = `exclude.rules.${index}`;
		const flaw: Flaw = (member, message) =>
			context.flaw(member === "" ? at : `${at}.${member}`, message);
		if ((rule.cron === undefined) === (rule.rrule === undefined)) {
			flaw("", "expected one of cron and rrule");
		} else if (rule.cron !== undefined) {
			cron.push(...(readCronField("cron", rule.cron, flaw) ?? []));
		} else {
			const read = readRecurrence(rule, { ...context, flaw, now, startAt: undefined });
			if (read?.rrule !== undefined)
				rrules.push(asDays({ ...read, rrule: read.rrule }, rule.dtstart));
		}
	}
	const dates = exclude.dates ?? [];
	const days = dates.filter(isDayText);
	const instants = readInstants(
		"exclude.dates",
		dates.filter((text) => !isDayText(text)),
		context,
	);
	return {
		...(cron.length > 0 && { cron }),
		...(rrules.length > 0 && { rrules }),
		...(instants !== undefined && instants.length > 0 && { instants }),
		...(days.length > 0 && { days }),
		...(exclude.calendars !== undefined && { calendars: exclude.calendars }),
	};
}

/** A rule that names no time of day leaves out whole days, which a DTSTART without one says. */
function asDays(rule: ExcludedRule, dtstart: string | undefined): ExcludedRule {
	const namesTime = /BYHOUR|BYMINUTE|BYSECOND|HOURLY|MINUTELY|SECONDLY/.test(rule.rrule);
	if (namesTime || (dtstart !== undefined && !isDayText(dtstart))) return rule;
	return { ...rule, dtstart: rule.dtstart.slice(0, "2026-01-01".length) };
}

/** The names of the calendars that a schedule asks, and where. */
export function calendarNamesOf(
	input: ScheduleInput,
): readonly { readonly name: string; readonly member: string }[] {
	const listed = (names: readonly string[] | undefined, member: string) =>
		(names ?? []).map((name, index) => ({ name, member: `${member}.${index}` }));
	return [
		...listed(input.exclude?.calendars, "exclude.calendars"),
		...listed(input.businessDays?.calendars, "businessDays.calendars"),
	];
}

export function checkCalendars(input: ScheduleInput, calendars: Calendars, flaw: Flaw): void {
	for (const { name, member } of calendarNamesOf(input)) {
		if (!calendars.has(name)) flaw(member, `there is no calendar called ${JSON.stringify(name)}`);
	}
}

export function readBusinessDays(
	{ businessDays }: ScheduleInput,
	kind: string,
	flaw: Flaw,
): BusinessDaysDoc | undefined {
	if (businessDays === undefined) return undefined;
	const isOfMonth = kind === "businessDay" || kind === "lastBusinessDay";
	if (kind === "event" || kind === "condition") {
		return flaw("businessDays", `does not go with ${kind}, which has no days of its own`);
	}
	if (businessDays.shift === undefined && !isOfMonth) {
		return flaw("businessDays.shift", "is missing: expected next, previous, nearest or skip");
	}
	const { calendars, weekend, shift } = businessDays;
	return {
		...(calendars !== undefined && { calendars }),
		...(weekend !== undefined && { weekend }),
		...(shift !== undefined && { shift }),
	};
}
