/**
 * Reads when a timer is due: `in` (or `duration`) from now, or `at` (or `fireAt`); for changes also
 * `extend`, and `by` or `until` of a snooze. What a `schedule` says is read in `recurrence/`; here
 * it gives the first instant.
 */
import { LIMITS } from "../contract/limits.ts";
import type { ScheduleInput } from "../contract/schedule.ts";
import type { TimerPatch } from "../contract/timer.ts";
import type { SnoozeBody } from "../contract/timer-calls.ts";
import { NO_CALENDARS } from "./calendar/calendar-dates.ts";
import { NO_INSTANT } from "./dependency.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { formatInstant, parseInstant } from "./instant.ts";
import { pathInFounding, toSchedule } from "./recurrence/founding-schedule.ts";
import { nextOccurrence } from "./recurrence/next-occurrence.ts";
import { pathInSchedule, readSchedule, unknownZoneText } from "./recurrence/read-schedule.ts";
import { readTime } from "./recurrence/read-times.ts";
import type { ScheduleDoc } from "./recurrence/schedule-doc.ts";
import { zoneOf } from "./recurrence/zone.ts";
import type { Flaws, TimerRules } from "./timer-rules.ts";
import { DAY } from "./units.ts";

const WHEN_FIELDS = [
	"in",
	"duration",
	"at",
	"fireAt",
	"schedule",
	"schedule_kind",
	"extend",
	"by",
	"until",
] as const;
type WhenField = (typeof WHEN_FIELDS)[number];
type TimerWhen = Exclude<WhenField, keyof SnoozeBody> | "schedule_expr" | "timezone";
type WhenInput = Pick<TimerPatch, TimerWhen> & SnoozeBody;

/** An instant, the first of `schedule` where there is one. */
export type DueWhen = { readonly dueAt: number; readonly schedule?: ScheduleDoc };
export type When = DueWhen | { readonly extendMs: number };

/**
 * The one field of `input` that says when; `undefined` where there is none or it is refused. Two of
 * them are refused even where they agree: which one a later change meant to replace is not known.
 */
export function readWhen(input: WhenInput, rules: TimerRules, flaws: Flaws): When | undefined {
	const given = WHEN_FIELDS.filter((field) => input[field] !== undefined && input[field] !== null);
	const [field] = given;
	if (input.schedule_kind === undefined) {
		for (const member of ["schedule_expr", "timezone"] as const) {
			if (input[member] !== undefined) flaws.invalid(member, "belongs to schedule_kind, not given");
		}
	}
	if (field === undefined) return undefined;
	if (given.length > 1) {
		const names = `${given.slice(0, -1).join(", ")} and ${given.at(-1)}`;
		for (const each of given) flaws.invalid(each, `${names} are given, where one may say when`);
		return undefined;
	}
	if (field === "schedule")
		return readRecurring(input.schedule ?? {}, pathInSchedule, rules, flaws);
	if (field === "schedule_kind") return readFounding(input, rules, flaws);
	return field === "at" || field === "fireAt" || field === "until"
		? readInstant(field, input[field] ?? "", rules, flaws)
		: readDuration(field, input[field], rules, flaws);
}

/** A schedule, and the first of its occurrences. Only what ends is held to the plan's horizon. */
function readRecurring(
	input: ScheduleInput,
	pathOf: (member: string) => string,
	rules: TimerRules,
	flaws: Flaws,
): When | undefined {
	const { now, calendars = NO_CALENDARS } = rules;
	const schedule = readSchedule(input, { now, pathOf, calendars, requireFuture: true }, flaws);
	if (schedule === undefined) return undefined;
	// No instant is known of it but its end.
	if ("event" in schedule) return { dueAt: schedule.endAt ?? NO_INSTANT, schedule };
	const first = nextOccurrence(schedule, now, calendars);
	// `readSchedule` has refused what has no occurrence after now.
	if (first === null) return undefined;
	const when = { dueAt: first.at, schedule };
	const last = "dates" in schedule ? schedule.dates.at(-1) : undefined;
	return last === undefined ? when : withinHorizon(pathOf("dates"), last, when, rules, flaws);
}

/** `schedule_kind` and `schedule_expr`: an instant, or a schedule. */
function readFounding(input: WhenInput, rules: TimerRules, flaws: Flaws): When | undefined {
	const { schedule_kind: kind, schedule_expr: expression, timezone } = input;
	if (expression === undefined) {
		flaws.invalid("schedule_expr", `is missing: schedule_kind ${kind} needs it`);
		return undefined;
	}
	if (kind === "once") {
		const at = readOnce(expression, timezone, flaws);
		return at === undefined
			? undefined
			: checkInstant("schedule_expr", expression, at, rules, flaws);
	}
	return readRecurring(toSchedule(input) ?? {}, pathInFounding, rules, flaws);
}

/** The founding scheduler read a time without an offset in the task's own zone. */
function readOnce(text: string, timezone: string | undefined, flaws: Flaws): number | undefined {
	const zone = zoneOf(timezone ?? "UTC");
	if (zone === undefined) {
		flaws.invalid("timezone", unknownZoneText(timezone ?? "UTC"));
		return undefined;
	}
	const flaw = (member: string, message: string): undefined => {
		flaws.invalid(member, message);
		return undefined;
	};
	return readTime("schedule_expr", text, { zone, flaw });
}

/** Whether `input` says when by an instant or a schedule, rather than by a delay. */
export function namesInstant(input: WhenInput): boolean {
	const { at, fireAt, schedule, schedule_kind } = input;
	return (at ?? fireAt ?? schedule ?? schedule_kind ?? null) !== null;
}

/** The latest instant (epoch ms) at which a timer may be due under the plan. */
export function horizonOf({ now, plan }: TimerRules): number {
	if (plan.horizonDays === null) return LIMITS.instantMax;
	return Math.min(LIMITS.instantMax, now + plan.horizonDays * DAY);
}

/** Why nothing can be due later than the horizon. */
export function horizonText({ plan }: TimerRules): string {
	return plan.horizonDays === null
		? "a timer may be due until the year 9999"
		: `a timer of the ${plan.name} plan may be due up to ${plan.horizonDays} days ahead`;
}

function readInstant(
	field: WhenField,
	text: string,
	rules: TimerRules,
	flaws: Flaws,
): When | undefined {
	const instant = parseInstant(text);
	if (!instant.ok) {
		flaws.invalid(field, instant.error.message);
		return undefined;
	}
	return checkInstant(field, text, instant.value, rules, flaws);
}

function checkInstant(
	field: string,
	text: string,
	at: number,
	rules: TimerRules,
	flaws: Flaws,
): When | undefined {
	if (at <= rules.now) {
		const ago = formatDuration(rules.now - at);
		const now = formatInstant(rules.now);
		flaws.invalid(
			field,
			`${text} has passed ${ago} ago: it is ${now}; a later instant is expected`,
		);
		return undefined;
	}
	return withinHorizon(field, at, { dueAt: at }, rules, flaws);
}

function readDuration(
	field: WhenField,
	input: unknown,
	rules: TimerRules,
	flaws: Flaws,
): When | undefined {
	const duration = parseDuration(input);
	if (!duration.ok) {
		flaws.invalid(field, duration.error.message);
		return undefined;
	}
	const dueAt = rules.now + duration.value;
	const when = field === "extend" || field === "by" ? { extendMs: duration.value } : { dueAt };
	return withinHorizon(field, dueAt, when, rules, flaws);
}

function withinHorizon(
	field: string,
	dueAt: number,
	when: When,
	rules: TimerRules,
	flaws: Flaws,
): When | undefined {
	const horizon = horizonOf(rules);
	if (dueAt <= horizon) return when;
	flaws.invalid(field, `lies too far ahead: ${horizonText(rules)}, now ${formatInstant(horizon)}`);
	return undefined;
}
