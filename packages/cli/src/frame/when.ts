/** When a timer fires, as the command line says it: a word, or options. */
import type { Command } from "commander";
import type { Schedule } from "../../../sdk/src/types.ts";
import { usageFailure } from "./failure.ts";
import { collect, isDate, readInstant } from "./input.ts";

export type ScheduleOptions = {
	readonly cron?: readonly string[];
	readonly rrule?: string;
	readonly dtstart?: string;
	readonly every?: string;
	readonly tz?: string;
};
export type WhenOptions = ScheduleOptions & { readonly in?: string; readonly at?: string };

/** Part of a timer's create or change. */
export type When = { in: string } | { at: string } | { schedule: Schedule };

export function addScheduleOptions(command: Command): Command {
	return command
		.option("--cron <expression>", '"0 9 * * MON-FRI"; several add up', collect)
		.option("--rrule <rule>", "a rule of RFC 5545: FREQ=MONTHLY;BYDAY=-1FR")
		.option("--dtstart <time>", "anchor of the rule")
		.option("--every <duration>", "elapsed time between firings: 15m")
		.option("--tz <zone>", "time zone of the schedule: Europe/Berlin (UTC unless given)");
}

export function addWhenOptions(command: Command): Command {
	command
		.option("--in <duration>", "a length of time from now: 30s, 1h30m, PT1H30M")
		.option("--at <instant>", "2026-12-01T09:00Z; without offset on this machine's clock");
	return addScheduleOptions(command);
}

/** Whether an option says when, so that the word in its place means something else. */
export function isWhenOption({ in: delay, at, cron, rrule, every }: WhenOptions): boolean {
	return [delay, at, cron, rrule, every].some((value) => value !== undefined);
}

/** Whether a word is a date or a length of time, where it may be a name as well. */
export function isWhenWord(text: string): boolean {
	return isDate(text) || /^((\d+(\.\d+)?(ms|[smhdw]))+|P(?=.*\d)[\d.,YMWDTHS]+)$/i.test(text);
}

/** What was said, nothing, or a failure where it was said twice. */
export function readWhen(positional: string | undefined, options: WhenOptions): When | undefined {
	const { in: delay, at } = options;
	const schedule = readSchedule(options);
	const said = [
		...(positional === undefined ? [] : [readWord(positional)]),
		...(delay === undefined ? [] : [{ in: delay }]),
		...(at === undefined ? [] : [{ at: readInstant("--at", at) }]),
		...(schedule === undefined ? [] : [{ schedule }]),
	];
	if (said.length > 1) throw usageFailure("it is said twice when the timer fires");
	return said[0];
}

export function readSchedule(options: ScheduleOptions): Schedule | undefined {
	const { cron = [], rrule, dtstart, every, tz } = options;
	const rules = [
		...(cron.length === 0 ? [] : [{ cron: cron.length === 1 ? (cron[0] ?? "") : [...cron] }]),
		...(rrule === undefined ? [] : [{ rrule, ...(dtstart === undefined ? {} : { dtstart }) }]),
		...(every === undefined ? [] : [{ every }]),
	];
	if (rules.length > 1) throw usageFailure("one of --cron, --rrule and --every can be given");
	if (rules[0] === undefined) {
		if (tz === undefined && dtstart === undefined) return undefined;
		throw usageFailure("--tz and --dtstart belong to --cron, --rrule or --every");
	}
	return tz === undefined ? rules[0] : { ...rules[0], timezone: tz };
}

function readWord(text: string): When {
	if (isDate(text)) return { at: readInstant("when", text) };
	// What is a length of time, the network knows; a number alone would be milliseconds.
	if (/^P?T?\d/i.test(text) && !/^\d+$/.test(text)) return { in: text };
	throw usageFailure(
		`expected a length of time (30s, 1h30m) or an instant (2026-12-01T09:00Z), got "${text}"`,
		/^\d+$/.test(text) ? `Say the unit: ${text}s, ${text}m or ${text}ms.` : undefined,
	);
}
