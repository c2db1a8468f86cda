/**
 * A stored schedule as its author could have written it, with its anchors written out: reading the
 * answer again gives the same occurrences. Called by the rendering of timers and by exports.
 */
import type { ScheduleInput } from "../../contract/schedule.ts";
import { formatDuration } from "../duration.ts";
import { formatInstant } from "../instant.ts";
import type { ExclusionDoc, RateDoc, ScheduleDoc } from "./schedule-doc.ts";

export function renderSchedule(schedule: ScheduleDoc): ScheduleInput {
	const { timezone, dst, startAt, endAt, limit, exclude, businessDays } = schedule;
	return {
		...renderWhen(schedule),
		timezone: timezone ?? "UTC",
		...(dst !== undefined && { dst }),
		...(startAt !== undefined && { start: formatInstant(startAt) }),
		...(endAt !== undefined && { end: formatInstant(endAt) }),
		...(limit !== undefined && { limit }),
		...(exclude !== undefined && { exclude: renderExclusion(exclude) }),
		...(businessDays !== undefined && {
			businessDays: {
				...(businessDays.calendars !== undefined && { calendars: [...businessDays.calendars] }),
				...(businessDays.weekend !== undefined && { weekend: [...businessDays.weekend] }),
				...(businessDays.shift !== undefined && { shift: businessDays.shift }),
			},
		}),
	};
}

function renderWhen(schedule: ScheduleDoc): ScheduleInput {
	if ("cron" in schedule) return { cron: renderList(schedule.cron) };
	if ("dtstart" in schedule) {
		const { rrule, dtstart, rdate, exdate = [], exdays = [], exrule } = schedule;
		return {
			...(rrule !== undefined && { rrule }),
			dtstart,
			...(rdate !== undefined && { rdate: rdate.map(formatInstant) }),
			...(exdate.length + exdays.length > 0 && {
				exdate: [...exdays, ...exdate.map(formatInstant)],
			}),
			...(exrule !== undefined && { exrule: renderList(exrule) }),
		};
	}
	if ("dates" in schedule) return { dates: schedule.dates.map(formatInstant) };
	if ("businessDay" in schedule) {
		const { nth, at } = schedule.businessDay;
		return { businessDay: { nth, at: renderList(at) } };
	}
	if ("event" in schedule) {
		const { event, filter, debounce, throttle } = schedule;
		return {
			event,
			...(filter !== undefined && { filter }),
			...(debounce !== undefined && { debounce: renderRate(debounce) }),
			...(throttle !== undefined && { throttle: renderRate(throttle) }),
		};
	}
	const { everyMs, phaseMs } = schedule;
	const every = formatDuration(everyMs);
	if ("condition" in schedule) return { condition: schedule.condition, every };
	return { every, phase: formatDuration(phaseMs) };
}

function renderExclusion(doc: ExclusionDoc): NonNullable<ScheduleInput["exclude"]> {
	const { cron, rrules = [], instants = [], days = [], calendars } = doc;
	const rules = [
		...(cron === undefined ? [] : [{ cron: renderList(cron) }]),
		...rrules.map(({ rrule, dtstart }) => ({ rrule, dtstart })),
	];
	return {
		...(rules.length > 0 && { rules }),
		...(days.length + instants.length > 0 && {
			dates: [...days, ...instants.map(formatInstant)],
		}),
		...(calendars !== undefined && { calendars: [...calendars] }),
	};
}

function renderRate({ key, periodMs }: RateDoc): { key?: string; period: string } {
	return { ...(key !== undefined && { key }), period: formatDuration(periodMs) };
}

/** One text stands alone, as most people write it. */
function renderList(texts: readonly string[]): string | string[] {
	const [only] = texts;
	return only !== undefined && texts.length === 1 ? only : [...texts];
}
