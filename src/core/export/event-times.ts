/**
 * When an exported event takes place, as far as iCalendar can say it: by the rule where the schedule
 * is one and nothing more, else by its next occurrences. For calendars to show; the timer itself is
 * in the property that carries it.
 */
import { LIMITS } from "../../contract/limits.ts";
import type { Calendars } from "../calendar/calendar-dates.ts";
import { nextOccurrence } from "../recurrence/next-occurrence.ts";
import type { ScheduleDoc } from "../recurrence/schedule-doc.ts";
import { isComputable } from "../recurrence/schedule-doc.ts";
import { SECOND } from "../units.ts";
import type { ExportedTimer } from "./export-line.ts";

/** Occurrences listed of a schedule that is no rule: what a calendar shows of the near future. */
const OCCURRENCES_LISTED = 10;

/** What a rule can be said with; a schedule that has more is no mere rule. */
const RULE_MEMBERS: readonly string[] = ["rrule", "dtstart", "rdate", "exdate", "last", "timezone"];

/** Lines of iCalendar: DTSTART and what makes it recur. */
export function eventTimes(timer: ExportedTimer, calendars: Calendars): readonly string[] {
	const { schedule } = timer.doc;
	// What waits for other timers, or for an event, has no time yet.
	const start = timer.fireAt > LIMITS.instantMax ? timer.createdAt : timer.fireAt;
	if (schedule === undefined) return [`DTSTART:${utc(start)}`];
	const rule = ruleLines(schedule);
	if (rule !== undefined) return rule;
	const next = occurrencesAfter(schedule, start, calendars).map(utc);
	return [`DTSTART:${utc(start)}`, ...(next.length > 0 ? [`RDATE:${next.join(",")}`] : [])];
}

function ruleLines(schedule: ScheduleDoc): readonly string[] | undefined {
	if (!("dtstart" in schedule) || schedule.rrule === undefined) return undefined;
	if (Object.keys(schedule).some((member) => !RULE_MEMBERS.includes(member))) return undefined;
	const { rrule, dtstart, rdate = [], exdate = [], timezone } = schedule;
	const local = dtstart.replaceAll(/[-:]/g, "");
	return [
		timezone === undefined ? `DTSTART:${local}Z` : `DTSTART;TZID=${timezone}:${local}`,
		`RRULE:${rrule}`,
		...(rdate.length > 0 ? [`RDATE:${rdate.map(utc).join(",")}`] : []),
		...(exdate.length > 0 ? [`EXDATE:${exdate.map(utc).join(",")}`] : []),
	];
}

function occurrencesAfter(
	schedule: ScheduleDoc,
	start: number,
	calendars: Calendars,
): readonly number[] {
	if (!isComputable(schedule)) return [];
	const found: number[] = [];
	for (let after = start; found.length < OCCURRENCES_LISTED; ) {
		const next = nextOccurrence(schedule, after, calendars);
		if (next === null) break;
		found.push(next.at);
		after = next.at;
	}
	return found;
}

/** Epoch ms in iCalendar's basic form, without the milliseconds that it has not. */
export function utc(at: number): string {
	const whole = new Date(Math.floor(at / SECOND) * SECOND).toISOString();
	return whole.replaceAll(/[-:]|\.\d+/g, "");
}
