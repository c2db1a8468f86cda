/**
 * What finding the next occurrence costs, by kind of rule: ours beside the libraries alone, each
 * rule read once and asked from instants that a timer would ask from. In this process, on one core.
 */
import type { Context } from "../context.ts";
import {
	CRON_ENGINES,
	type CronRule,
	type Engine,
	type Next,
	type Recurrence,
	RULE_ENGINES,
	readOurs,
} from "../recurrence/engines.ts";
import { atMost, type Metric } from "../report/metric.ts";

const CRONS: readonly (readonly [string, CronRule])[] = [
	["cron, weekdays at nine", { cron: "0 9 * * 1-5", timezone: "Europe/Berlin" }],
	["cron, every five minutes", { cron: "*/5 * * * *", timezone: "UTC" }],
	["cron, last Friday of the month", { cron: "0 17 * * 5L", timezone: "America/New_York" }],
];
const DTSTART = "2020-01-06T09:00:00";
const RULES: readonly (readonly [string, Recurrence])[] = [
	["daily", "FREQ=DAILY"],
	["every other week on two days", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"],
	["last Friday of the month", "FREQ=MONTHLY;BYDAY=-1FR"],
	["February 29th", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"],
	["every seven minutes", "FREQ=MINUTELY;INTERVAL=7"],
].map(([name = "", rrule = ""]) => [
	`rule, ${name}`,
	{ rrule, dtstart: DTSTART, timezone: "Europe/Berlin" },
]);

/** Asked from here on, a rule being six years old. */
const FROM = Date.UTC(2026, 0, 5);
const ANSWERS = 2_000;
/** For one engine and rule; some take seconds for an answer. */
const ENOUGH_MS = 300;
const US_PER_MS = 1_000;
/** What 100,000 recurring timers a minute leave for each, on a hundredth of a core. */
const TARGET_US = 100;

export function measureRecurrence({ scale, say }: Context): Metric[] {
	const metrics: Metric[] = [];
	for (const [kind, rule] of CRONS) {
		say(`recurrence: ${kind}`);
		metrics.push(...measure(kind, rule, CRON_ENGINES, scale.reps));
	}
	for (const [kind, rule] of RULES) {
		say(`recurrence: ${kind}`);
		metrics.push(...measure(kind, rule, RULE_ENGINES, scale.reps));
	}
	const others = [
		["every 15 minutes", { every: "15m" }],
		["last business day", { lastBusinessDay: "17:00", timezone: "Europe/Berlin" }],
	] as const;
	for (const [kind, schedule] of others) {
		metrics.push(metricOf(kind, "ours", readOurs(schedule), scale.reps));
	}
	return metrics;
}

function measure<R>(
	kind: string,
	rule: R,
	engines: readonly Engine<R>[],
	reps: number,
): readonly Metric[] {
	return engines.map(({ name, read }) => metricOf(kind, name, read(rule), reps));
}

function metricOf(kind: string, engine: string, next: Next, reps: number): Metric {
	return {
		name: "next occurrence",
		variant: `${kind}, ${engine}`,
		unit: "µs",
		values: Array.from({ length: reps }, () => microsecondsOf(next)),
		...(engine === "ours" && { target: atMost(TARGET_US, " µs") }),
	};
}

/** The mean of answers, each asked from the one before as a timer's are. */
function microsecondsOf(next: Next): number {
	next(FROM);
	const startedAt = performance.now();
	let after = FROM;
	let answers = 0;
	while (answers < ANSWERS && performance.now() - startedAt < ENOUGH_MS) {
		after = next(after) ?? FROM;
		answers += 1;
	}
	return ((performance.now() - startedAt) / answers) * US_PER_MS;
}
