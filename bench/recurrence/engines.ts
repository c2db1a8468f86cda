/**
 * Recurrence engines behind one face: ours, and the libraries that were candidates. For the
 * comparison on published cases and for the phase that measures what an answer costs.
 */
import { CronExpressionParser } from "cron-parser";
import { Cron } from "croner";
import rruleModule from "rrule";
import { RRuleTemporal } from "rrule-temporal";
import { LIMITS } from "../../src/contract/limits.ts";
import type { ScheduleInput } from "../../src/contract/schedule.ts";
import { NO_CALENDARS } from "../../src/core/calendar/calendar-dates.ts";
import { parseLocal } from "../../src/core/recurrence/local-time.ts";
import { nextOccurrence } from "../../src/core/recurrence/next-occurrence.ts";
import { pathInSchedule, readSchedule } from "../../src/core/recurrence/read-schedule.ts";
import type { ScheduleDoc } from "../../src/core/recurrence/schedule-doc.ts";
import { instantOf } from "../../src/core/recurrence/wall-clock.ts";
import { type Zone, zoneOf } from "../../src/core/recurrence/zone.ts";
import { Flaws } from "../../src/core/timer-rules.ts";

const { RRule } = rruleModule;

/** The first instant (epoch ms) after another, or `null`. */
export type Next = (after: number) => number | null;

export type CronRule = { readonly cron: string; readonly timezone: string };
export type Recurrence = {
	readonly rrule: string;
	/** Local: `1997-09-02T09:00:00`. */
	readonly dtstart: string;
	readonly timezone: string;
};

/** Reads a rule, throwing where it refuses. */
export type Engine<R> = { readonly name: string; readonly read: (rule: R) => Next };

export const CRON_ENGINES: readonly Engine<CronRule>[] = [
	{ name: "ours", read: readOurs },
	{
		name: "croner",
		read({ cron, timezone }) {
			const job = new Cron(cron, { timezone, paused: true });
			return (after) => job.nextRun(new Date(after))?.getTime() ?? null;
		},
	},
	{
		name: "cron-parser",
		read({ cron, timezone }) {
			const rule = CronExpressionParser.parse(cron, { tz: timezone });
			return (after) => {
				rule.reset(new Date(after));
				return rule.next().getTime();
			};
		},
	},
];

export const RULE_ENGINES: readonly Engine<Recurrence>[] = [
	{ name: "ours", read: readOurs },
	{
		name: "rrule-temporal",
		read({ rrule, dtstart, timezone }) {
			const start = dtstart.replace(/[-:]/g, "");
			const rruleString = `DTSTART;TZID=${timezone}:${start}\nRRULE:${rrule}`;
			const rule = new RRuleTemporal({ rruleString });
			return (after) => rule.next(new Date(after))?.epochMilliseconds ?? null;
		},
	},
	{
		// Its zones need luxon and are known to be off; here its local times get our zones.
		name: "rrule",
		read({ rrule, dtstart, timezone }) {
			const zone = requireZone(timezone);
			const start = new Date(requireLocal(dtstart));
			const rule = new RRule({ ...RRule.parseString(rrule), dtstart: start });
			return (after) => {
				const found = rule.after(new Date(after + zone.offsetAt(after)))?.getTime();
				return found === undefined ? null : instantOf(found, zone);
			};
		},
	},
];

export function readOurs(input: ScheduleInput): Next {
	const schedule = readDoc(input);
	return (after) => nextOccurrence(schedule, after, NO_CALENDARS)?.at ?? null;
}

function readDoc(input: ScheduleInput): ScheduleDoc {
	const flaws = new Flaws();
	const options = {
		now: LIMITS.instantMax,
		pathOf: pathInSchedule,
		calendars: NO_CALENDARS,
		requireFuture: false,
	};
	const doc = readSchedule(input, options, flaws);
	if (doc === undefined) throw new Error(JSON.stringify(flaws.refusal()));
	return doc;
}

function requireZone(name: string): Zone {
	const zone = zoneOf(name);
	if (zone === undefined) throw new Error(`no zone ${name}`);
	return zone;
}

function requireLocal(text: string): number {
	const time = parseLocal(text);
	if (time === undefined) throw new Error(`no time ${text}`);
	return time.local;
}
