/**
 * Turns a stored schedule into a source of occurrences, and keeps the sources of rules it has met:
 * reading a rule costs more than asking it, and one rule serves many timers. Called by
 * `next-occurrence.ts`; what it gets has been checked by `read-schedule.ts`.
 */
import type { Calendars } from "../calendar/calendar-dates.ts";
import { DAY } from "../units.ts";
import { businessDaysOf, nthBusinessDay, shiftToBusinessDays } from "./business-days.ts";
import { readCron } from "./cron-rule.ts";
import { exclusionOf } from "./exclusions.ts";
import { parseLocal } from "./local-time.ts";
import type { DstPolicy, Source } from "./occurrence.ts";
import { ruleSource } from "./rrule-source.ts";
import { calendarsOf, type ScheduleDoc, type WhenDoc } from "./schedule-doc.ts";
import { endingAt, everySource, instantsSource, union } from "./sources.ts";
import { stepping, wallClock } from "./wall-clock.ts";
import { without } from "./without.ts";
import { requireZone, type Zone } from "./zone.ts";

/** Rules kept: what one isolate meets in a minute, at about a kilobyte each. */
const RULES_MAX = 2_000;

/** Characters of a rule that is kept; a list of a thousand dates is read again each time. */
const KEPT_LENGTH_MAX = 2_048;

const rules = new Map<string, Source>();

/** The occurrences of a schedule, from its start to its end. */
export function compileSchedule(schedule: ScheduleDoc, calendars: Calendars): Source {
	const { exclude, businessDays } = schedule;
	const isPlain = exclude === undefined && businessDays === undefined;
	// Two tenants may have calendars of one name, so what asks them is not kept.
	if (isPlain || calendarsOf(schedule).length > 0) return makeSource(schedule, calendars);
	return keep(JSON.stringify(schedule), () => makeSource(schedule, calendars));
}

function makeSource(schedule: ScheduleDoc, calendars: Calendars): Source {
	const zone = requireZone(schedule.timezone ?? "UTC");
	const dst = schedule.dst ?? "rfc5545";
	const { businessDays, exclude, startAt, endAt } = schedule;
	const isBusiness =
		businessDays === undefined && !("businessDay" in schedule)
			? undefined
			: businessDaysOf(businessDays ?? {}, calendars);
	let source =
		"businessDay" in schedule && isBusiness !== undefined
			? wallClock(
					nthBusinessDay(schedule.businessDay.nth, timesOf(schedule.businessDay.at), isBusiness),
					zone,
					dst,
				)
			: keptSource(schedule, zone, dst);
	if (startAt !== undefined) source = startingAt(source, startAt);
	if (exclude !== undefined) {
		source = without(source, exclusionOf(exclude, zone, calendars, readKeptCron), zone);
	}
	if (isBusiness !== undefined && businessDays?.shift !== undefined) {
		source =
			businessDays.shift === "skip"
				? without(
						source,
						{ day: (day, work) => !isBusiness(day, work), instant: () => false },
						zone,
					)
				: shiftToBusinessDays(source, businessDays.shift, isBusiness, zone, dst);
	}
	return endAt === undefined ? source : endingAt(source, endAt);
}

/** The source of the kind alone, which depends on nothing but its text, zone and policy. */
function keptSource(when: WhenDoc, zone: Zone, dst: DstPolicy): Source {
	if ("everyMs" in when) return everySource(when.everyMs, when.phaseMs);
	if ("dates" in when) return instantsSource(when.dates);
	if ("cron" in when) return union(when.cron.map((text) => readKeptCron(text, zone, dst)));
	if (!("dtstart" in when)) return { next: () => null };
	const { rrule, dtstart, rdate, exdate, exdays, exrule, last } = when;
	const key = JSON.stringify([zone.id, dst, rrule, dtstart, rdate, exdate, exdays, exrule, last]);
	return keep(key, () => ruleSource(when, zone, dst));
}

function readKeptCron(text: string, zone: Zone, dst: DstPolicy): Source {
	return keep(`${zone.id} ${dst} ${text}`, () => {
		const rule = readCron(text);
		if (!rule.ok) throw new Error(`A stored cron expression cannot be read: ${rule.error}`);
		return rule.value.steps ? stepping(rule.value, zone) : wallClock(rule.value, zone, dst);
	});
}

function keep(key: string, make: () => Source): Source {
	if (key.length > KEPT_LENGTH_MAX) return make();
	let source = rules.get(key);
	if (source === undefined) {
		if (rules.size >= RULES_MAX) rules.clear();
		source = make();
		rules.set(key, source);
	}
	return source;
}

function startingAt(source: Source, startAt: number): Source {
	return { next: (after, work) => source.next(Math.max(after, startAt - 1), work) };
}

/** `17:00` as ms since midnight. */
function timesOf(texts: readonly string[]): readonly number[] {
	return texts.map((text) => (parseLocal(`1970-01-01T${text}`)?.local ?? 0) % DAY);
}
