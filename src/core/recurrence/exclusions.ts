/**
 * What a schedule leaves out: days, instants, the days of calendars, and the occurrences of other
 * rules. Called by the compilation of schedules.
 */
import type { Calendars } from "../calendar/calendar-dates.ts";
import { DAY } from "../units.ts";
import { formatDay } from "./civil.ts";
import type { DstPolicy, Source } from "./occurrence.ts";
import { ruleSource } from "./rrule-source.ts";
import { type ExclusionDoc, leavesOutDays } from "./schedule-doc.ts";
import { includes } from "./sources.ts";
import type { Exclusion } from "./without.ts";
import { requireZone, type Zone } from "./zone.ts";

/** Of `Work`, for writing a day and looking for it in calendars. */
const DAY_UNITS = 5;

export function exclusionOf(
	doc: ExclusionDoc,
	zone: Zone,
	calendars: Calendars,
	readCron: (text: string, zone: Zone, dst: DstPolicy) => Source,
): Exclusion {
	const days = new Set(doc.days);
	const dates = [
		days,
		...(doc.calendars ?? []).flatMap((name) => calendars.get(name)?.dates ?? []),
	];
	const instants = new Set(doc.instants);
	const whole = (doc.rrules ?? []).filter(leavesOutDays);
	const timed = (doc.rrules ?? []).filter((rule) => !leavesOutDays(rule));
	const rules = [
		...(doc.cron ?? []).map((text) => readCron(text, zone, "twice")),
		...timed.map((rule) => ruleSource(rule, zone, "twice")),
	];
	// Days are looked for in their own local time, which UTC stands for.
	const dayRules = whole.map((rule) => ruleSource(rule, requireZone("UTC"), "rfc5545"));
	return {
		day: (epochDay, work) => {
			work.spend(DAY_UNITS);
			const text = formatDay(epochDay);
			if (dates.some((each) => each.has(text))) return true;
			return dayRules.some((rule) => includes(rule, epochDay * DAY, work));
		},
		instant: (at, work) => instants.has(at) || rules.some((rule) => includes(rule, at, work)),
	};
}
