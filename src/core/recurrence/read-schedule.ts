/**
 * Reads a schedule as a caller wrote it into what is stored: checks that one kind says when, reads
 * every rule, time and zone, anchors what counts from the creation, and refuses what can never
 * fire. Called by the normalisation of timers and by previews.
 */
import { LIMITS } from "../../contract/limits.ts";
import type { ScheduleInput } from "../../contract/schedule.ts";
import type { Calendars } from "../calendar/calendar-dates.ts";
import { parseDuration } from "../duration.ts";
import { formatInstant } from "../instant.ts";
import type { Flaws } from "../timer-rules.ts";
import { MINUTE } from "../units.ts";
import { nextOccurrence } from "./next-occurrence.ts";
import { isExpression, readEventSchedule } from "./read-event.ts";
import { checkCalendars, readBusinessDays, readExclude } from "./read-exceptions.ts";
import { readCronField, readRecurrence, tzidOf } from "./read-rules.ts";
import { type Flaw, readInstants, readTime, type TimeContext } from "./read-times.ts";
import type { ScheduleDoc, WhenDoc } from "./schedule-doc.ts";
import { zoneOf } from "./zone.ts";

/** Paths of a schedule that stands in a body as `schedule`. */
export function pathInSchedule(member: string): string {
	return member === "" ? "schedule" : `schedule.${member}`;
}

export type ReadScheduleOptions = {
	/** Epoch ms: what the schedule is anchored at and must fire after. */
	readonly now: number;
	/** Where a member stands in the body, for the paths of errors; `""` is the schedule itself. */
	pathOf(member: string): string;
	readonly calendars: Calendars;
	/** Whether a schedule that has ended is refused, as at creation; a preview shows nothing. */
	readonly requireFuture: boolean;
};

const KINDS = [
	"cron",
	"rrule",
	"rdate",
	"every",
	"dates",
	"businessDay",
	"lastBusinessDay",
	"event",
	"condition",
] as const;
export type Kind = (typeof KINDS)[number];

/** Members that mean something beside one kind only. */
const BELONGS_TO: Readonly<Record<string, readonly Kind[]>> = {
	dtstart: ["rrule", "rdate"],
	exdate: ["rrule", "rdate"],
	exrule: ["rrule", "rdate"],
	phase: ["every"],
	filter: ["event"],
	debounce: ["event"],
	throttle: ["event"],
};

/** How often a condition is looked at unless it says. */
const CONDITION_EVERY_MS = MINUTE;

export function readSchedule(
	input: ScheduleInput,
	options: ReadScheduleOptions,
	flaws: Flaws,
): ScheduleDoc | undefined {
	let sound = true;
	const flaw = (member: string, message: string): undefined => {
		sound = false;
		flaws.invalid(options.pathOf(member), message);
		return undefined;
	};
	const kind = kindOf(input, flaw);
	const timezone = input.timezone ?? tzidOf(input.rrule) ?? "UTC";
	const zone = zoneOf(timezone);
	if (zone === undefined) {
		const member = input.timezone === undefined ? "rrule" : "timezone";
		flaw(member, unknownZoneText(timezone));
	}
	if (kind === undefined || zone === undefined) return undefined;
	const context: TimeContext = { zone, flaw };
	const startAt = input.start === undefined ? undefined : readTime("start", input.start, context);
	const endAt = input.end === undefined ? undefined : readTime("end", input.end, context);
	if (startAt !== undefined && endAt !== undefined && endAt < startAt) {
		flaw("end", `${input.end} lies before start, ${input.start}`);
	}
	const when = readWhen(kind, input, { ...context, now: options.now, startAt });
	const exclude = readExclude(input, context, options.now);
	checkCalendars(input, options.calendars, flaw);
	const businessDays = readBusinessDays(input, kind, flaw);
	if (!sound || when === undefined) return undefined;
	const doc: ScheduleDoc = {
		...when,
		...(timezone !== "UTC" && { timezone }),
		...(input.dst !== undefined && input.dst !== "rfc5545" && { dst: input.dst }),
		...(startAt !== undefined && { startAt }),
		...(endAt !== undefined && { endAt }),
		...(input.limit !== undefined && { limit: input.limit }),
		...(exclude !== undefined && { exclude }),
		...(businessDays !== undefined && { businessDays }),
	};
	return checkFires(doc, kind, options, flaw) ? doc : undefined;
}

export function unknownZoneText(name: string): string {
	return `${JSON.stringify(name)} is not a time zone: expected an IANA name like Europe/Berlin or UTC`;
}

/** The one member that says when. */
function kindOf(input: ScheduleInput, flaw: Flaw): Kind | undefined {
	const given = KINDS.filter((kind) => {
		if (input[kind] === undefined) return false;
		// `every` beside a condition says how often to look, and dates may stand beside a rule.
		if (kind === "every") return input.condition === undefined;
		return kind !== "rdate" || input.rrule === undefined;
	});
	const [kind] = given;
	if (kind === undefined) {
		return flaw("", `says no time: expected one of ${KINDS.join(", ")}`);
	}
	if (given.length > 1) {
		const names = `${given.slice(0, -1).join(", ")} and ${given.at(-1)}`;
		for (const each of given) flaw(each, `${names} are given, where one may say when`);
		return undefined;
	}
	for (const [member, kinds] of Object.entries(BELONGS_TO)) {
		if (member in input && !kinds.includes(kind)) {
			flaw(member, `belongs to ${kinds[0]}, not to ${kind}`);
		}
	}
	return kind;
}

type WhenContext = TimeContext & { readonly now: number; readonly startAt: number | undefined };

function readWhen(kind: Kind, input: ScheduleInput, context: WhenContext): WhenDoc | undefined {
	const { flaw } = context;
	switch (kind) {
		case "cron": {
			const cron = readCronField("cron", input.cron ?? [], flaw);
			return cron && { cron };
		}
		case "rrule":
		case "rdate":
			return readRecurrence(input, context);
		case "every": {
			const everyMs = readEvery(input.every, flaw);
			const anchor = context.startAt ?? context.now;
			const phaseMs = input.phase === undefined ? anchor : readPhase(input.phase, flaw);
			if (everyMs === undefined || phaseMs === undefined) return undefined;
			return { everyMs, phaseMs: phaseMs % everyMs };
		}
		case "dates": {
			const dates = readInstants("dates", input.dates ?? [], context);
			return dates && { dates };
		}
		case "businessDay":
		case "lastBusinessDay": {
			const at = kind === "lastBusinessDay" ? input.lastBusinessDay : input.businessDay?.at;
			const nth = kind === "lastBusinessDay" ? -1 : (input.businessDay?.nth ?? 0);
			const times = readTimesOfDay(
				kind === "businessDay" ? "businessDay.at" : kind,
				at ?? [],
				flaw,
			);
			if (nth === 0) return flaw("businessDay.nth", "got 0: expected 1 to 23 or -23 to -1");
			return times && { businessDay: { nth, at: times } };
		}
		case "event":
			return readEventSchedule(input, flaw);
		default: {
			const everyMs = input.every === undefined ? CONDITION_EVERY_MS : readEvery(input.every, flaw);
			if (!isExpression(kind, input.condition, flaw) || everyMs === undefined) return undefined;
			return { condition: input.condition ?? "", everyMs, phaseMs: context.now % everyMs };
		}
	}
}

function readEvery(input: unknown, flaw: Flaw): number | undefined {
	const every = parseDuration(input);
	if (!every.ok) return flaw("every", every.error.message);
	if (every.value >= LIMITS.everyMsMin) return every.value;
	return flaw("every", `got ${every.value} ms: expected at least ${LIMITS.everyMsMin} ms`);
}

/** As a duration, but nothing is a phase too. */
function readPhase(input: number | string, flaw: Flaw): number | undefined {
	if (input === 0 || /^0(?:ms|s|m|h|d|w)$/i.test(String(input))) return 0;
	const phase = parseDuration(input);
	return phase.ok ? phase.value : flaw("phase", phase.error.message);
}

function readTimesOfDay(
	member: string,
	input: string | readonly string[],
	flaw: Flaw,
): readonly string[] | undefined {
	const times = typeof input === "string" ? [input] : input;
	const wrong = times.find((time) => !/^(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?$/.test(time));
	if (wrong === undefined) return [...new Set(times)].sort();
	return flaw(member, `${JSON.stringify(wrong)} is not a time of day: expected one like 17:00`);
}

/** Refuses what never fires, and at creation what fires no more. */
function checkFires(
	doc: ScheduleDoc,
	kind: Kind,
	{ now, calendars, requireFuture }: ReadScheduleOptions,
	flaw: Flaw,
): boolean {
	if (kind === "event") {
		if (!requireFuture || (doc.endAt ?? now + 1) > now) return true;
		flaw("end", `has passed: it is ${formatInstant(now)}`);
		return false;
	}
	if (requireFuture && nextOccurrence(doc, now, calendars) === null) {
		flaw(kind, `has no future occurrence: nothing is found after ${formatInstant(now)}`);
		return false;
	}
	return true;
}
