/**
 * A stored recurrence rule with its dates as a source of occurrences: RRULE and RDATE, less EXRULE
 * and EXDATE (RFC 5545, section 3.8.5). Called by the compilation of schedules and of exclusions.
 */
import { LIMITS } from "../../contract/limits.ts";
import { DAY, SECOND, WEEK } from "../units.ts";
import { parseLocal } from "./local-time.ts";
import type { DstPolicy, Source } from "./occurrence.ts";
import { type RuleParts, readRuleParts } from "./rrule-parts.ts";
import { isStepFrequency, STEP_MS, stepRule } from "./rrule-steps.ts";
import { wallRule } from "./rrule-wall.ts";
import type { WhenDoc } from "./schedule-doc.ts";
import { endingAt, endingAtLocal, includes, instantsSource, union } from "./sources.ts";
import { instantOf, wallClock } from "./wall-clock.ts";
import { without } from "./without.ts";
import { Work } from "./work.ts";
import type { Zone } from "./zone.ts";

export type RuleDoc = Extract<WhenDoc, { readonly dtstart: string }>;

export function ruleSource(doc: RuleDoc, zone: Zone, dst: DstPolicy): Source {
	const { rrule, dtstart, rdate = [], exdate = [], exdays = [], exrule = [], last } = doc;
	const start = requireLocal(dtstart);
	const sources: Source[] = [];
	if (rrule !== undefined) sources.push(expandRule(requireParts(rrule), start, zone, dst, last));
	if (rdate.length > 0) sources.push(instantsSource(rdate));
	const all = union(sources);
	if (exdate.length + exdays.length + exrule.length === 0) return all;
	const instants = new Set(exdate);
	const days = new Set(exdays.map((day) => Math.floor(requireLocal(day) / DAY)));
	const rules = exrule.map((text) => {
		const parts = requireParts(text);
		const end = lastOf(parts, start, zone, Work.ofCount());
		return expandRule(parts, start, zone, "twice", end);
	});
	return without(
		all,
		{
			day: (epochDay) => days.has(epochDay),
			instant: (at, work) => instants.has(at) || rules.some((rule) => includes(rule, at, work)),
		},
		zone,
	);
}

/**
 * The last occurrence of a rule that COUNT ends: a local time, or an instant in a sub-daily rule.
 * `undefined` where there is no COUNT, or the rule has fewer occurrences.
 */
export function lastOf(
	parts: RuleParts,
	dtstart: number,
	zone: Zone,
	work: Work,
): number | undefined {
	const { freq, count } = parts;
	if (count === undefined) return undefined;
	const stepMs = plainStepMs(parts);
	if (stepMs !== undefined) {
		const first = isStepFrequency(freq) ? instantOf(dtstart, zone) : dtstart;
		const last = first + (count - 1) * stepMs;
		return last <= LIMITS.instantMax ? last : undefined;
	}
	if (!isStepFrequency(freq)) {
		const locals = wallRule(parts, dtstart);
		return nth(count, dtstart - 1, (after) => locals.nextLocal(after, work));
	}
	const start = instantOf(dtstart, zone);
	const steps = stepRule({ ...parts, freq }, start, zone);
	return nth(count, start - 1, (after) => steps.next(after, work)?.at ?? null);
}

/** What lies between two occurrences of a rule without BY parts, where that is always the same. */
function plainStepMs(parts: RuleParts): number | undefined {
	const unit = { YEARLY: 0, MONTHLY: 0, WEEKLY: WEEK, DAILY: DAY, ...STEP_MS }[parts.freq];
	const lists = Object.values(parts).filter((part) => Array.isArray(part));
	return unit > 0 && lists.every((list) => list.length === 0) ? parts.interval * unit : undefined;
}

function nth(
	count: number,
	start: number,
	next: (after: number) => number | null,
): number | undefined {
	let found: number | null = start;
	for (let index = 0; index < count && found !== null; index++) found = next(found);
	return found ?? undefined;
}

/** The first occurrence after `at` (epoch ms) in local time; COUNT and UNTIL are not asked. */
export function firstLocalAfter(
	parts: RuleParts,
	dtstart: number,
	zone: Zone,
	at: number,
	work: Work,
): number | undefined {
	const { freq } = parts;
	if (!isStepFrequency(freq)) {
		return wallRule(parts, dtstart).nextLocal(at + zone.offsetAt(at), work) ?? undefined;
	}
	const found = stepRule({ ...parts, freq }, instantOf(dtstart, zone), zone).next(at, work);
	return found === null ? undefined : found.at + zone.offsetAt(found.at);
}

/** The occurrences of a rule alone. */
export function expandRule(
	parts: RuleParts,
	dtstart: number,
	zone: Zone,
	dst: DstPolicy,
	last: number | undefined,
): Source {
	const { freq, until } = parts;
	let source: Source;
	if (isStepFrequency(freq)) {
		source = stepRule({ ...parts, freq }, instantOf(dtstart, zone), zone);
		if (last !== undefined) source = endingAt(source, last);
	} else {
		const locals = wallRule(parts, dtstart);
		source = wallClock(last === undefined ? locals : endingAtLocal(locals, last), zone, dst);
	}
	if (until === undefined) return source;
	if (until.kind === "instant") return endingAt(source, until.at);
	// A date includes its whole day.
	const end = until.kind === "date" ? until.local + DAY - SECOND : until.local;
	return endingAt(source, instantOf(end, zone));
}

function requireParts(text: string): RuleParts {
	const parts = readRuleParts(text);
	if (!parts.ok) throw new Error(`A stored recurrence rule cannot be read: ${parts.error}`);
	return parts.value;
}

function requireLocal(text: string): number {
	const time = parseLocal(text);
	if (time === undefined) throw new Error(`A stored time cannot be read: ${text}`);
	return time.local;
}
