/**
 * Reads when a timer is due: `in` (or `duration`) from now, or `at` (or `fireAt`); for changes also
 * `extend`, and `by` or `until` of a snooze. Recurrences come elsewhere.
 */
import { LIMITS } from "../contract/limits.ts";
import type { TimerPatch } from "../contract/timer.ts";
import type { SnoozeBody } from "../contract/timer-calls.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { formatInstant, parseInstant } from "./instant.ts";
import type { Flaws, TimerRules } from "./timer-rules.ts";
import { DAY } from "./units.ts";

const WHEN_FIELDS = ["in", "duration", "at", "fireAt", "extend", "by", "until"] as const;
type WhenField = (typeof WHEN_FIELDS)[number];
type WhenInput = Pick<TimerPatch, Exclude<WhenField, keyof SnoozeBody>> & SnoozeBody;

export type When = { readonly dueAt: number } | { readonly extendMs: number };

/**
 * The one field of `input` that says when; `undefined` where there is none or it is refused. Two of
 * them are refused even where they agree: which one a later change meant to replace is not known.
 */
export function readWhen(input: WhenInput, rules: TimerRules, flaws: Flaws): When | undefined {
	const given = WHEN_FIELDS.filter((field) => input[field] !== undefined);
	const [field] = given;
	if (field === undefined) return undefined;
	if (given.length > 1) {
		const names = `${given.slice(0, -1).join(", ")} and ${given.at(-1)}`;
		for (const each of given) flaws.invalid(each, `${names} are given, where one may say when`);
		return undefined;
	}
	return field === "at" || field === "fireAt" || field === "until"
		? readInstant(field, input[field] ?? "", rules, flaws)
		: readDuration(field, input[field], rules, flaws);
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
	if (instant.value <= rules.now) {
		const ago = formatDuration(rules.now - instant.value);
		const now = formatInstant(rules.now);
		flaws.invalid(
			field,
			`${text} has passed ${ago} ago: it is ${now}; a later instant is expected`,
		);
		return undefined;
	}
	return withinHorizon(field, instant.value, { dueAt: instant.value }, rules, flaws);
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
	field: WhenField,
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
