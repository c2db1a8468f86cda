/**
 * What a schedule leaves out: days, instants, the days of calendars, and the occurrences of other
 * rules. Called by the compilation of schedules.
 */
import type { Calendars } from "../calendar/calendar-dates.ts";
import { formatDay } from "./civil.ts";
import type { DstPolicy, Source } from "./occurrence.ts";
import { ruleSource } from "./rrule-source.ts";
import type { ExclusionDoc } from "./schedule-doc.ts";
import { includes } from "./sources.ts";
import type { Exclusion } from "./without.ts";
import type { Zone } from "./zone.ts";

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
	const rules = [
		...(doc.cron ?? []).map((text) => readCron(text, zone, "twice")),
		...(doc.rrules ?? []).map((rule) => ruleSource(rule, zone, "twice")),
	];
	return {
		day: (epochDay, work) => {
			work.spend(DAY_UNITS);
			const text = formatDay(epochDay);
			return dates.some((each) => each.has(text));
		},
		instant: (at, work) => instants.has(at) || rules.some((rule) => includes(rule, at, work)),
	};
}
