/** Reads schedules as the edge does, schema first, for the tests of recurrence. */
import { ScheduleSchema } from "../../../src/contract/schedule.ts";
import { type Calendars, NO_CALENDARS } from "../../../src/core/calendar/calendar-dates.ts";
import { nextOccurrence, occurrencesFrom } from "../../../src/core/recurrence/next-occurrence.ts";
import { pathInSchedule, readSchedule } from "../../../src/core/recurrence/read-schedule.ts";
import type { ScheduleDoc } from "../../../src/core/recurrence/schedule-doc.ts";
import { Flaws } from "../../../src/core/timer-rules.ts";
import { validate } from "../../../src/http/validate.ts";

export type Options = {
	readonly now?: number;
	readonly calendars?: Calendars;
	readonly requireFuture?: boolean;
};

const NOW = Date.UTC(2025, 0, 1);

/** What is stored, or what is wrong. */
export function read(
	json: unknown,
	{ now = NOW, calendars = NO_CALENDARS, requireFuture = false }: Options = {},
): ScheduleDoc | readonly { path: string; message: string }[] {
	const parsed = validate(ScheduleSchema, json);
	if (!parsed.ok)
		return parsed.error.errors.map((each) => ({ ...each, path: `schedule.${each.path}` }));
	const flaws = new Flaws();
	const options = { now, pathOf: pathInSchedule, calendars, requireFuture };
	const doc = readSchedule(parsed.value, options, flaws);
	const refusal = flaws.refusal();
	if (refusal !== undefined) return "errors" in refusal ? refusal.errors : [];
	if (doc === undefined) throw new Error("Neither read nor refused");
	return doc;
}

export function accepted(json: unknown, options?: Options): ScheduleDoc {
	const doc = read(json, options);
	if (isFlaws(doc)) throw new Error(`refused: ${JSON.stringify(doc)}`);
	return doc;
}

/** The paths and messages of a refusal, `path: message`; fails the test when it is accepted. */
export function flawsOf(json: unknown, options?: Options): readonly string[] {
	const doc = read(json, options);
	if (!isFlaws(doc)) throw new Error(`accepted: ${JSON.stringify(doc)}`);
	return doc.map(({ path, message }) => `${path}: ${message}`);
}

/** The first occurrences from an instant on, that instant included. */
export function upcoming(json: unknown, from: string, count: number, options?: Options): string[] {
	const now = Date.parse(from);
	const doc = accepted(json, { now, ...options });
	const asked = { from: now, inclusive: true, count };
	return occurrencesFrom(doc, asked, options?.calendars ?? NO_CALENDARS).map(({ at }) => at);
}

/** The instants that `nextOccurrence` gives one after another, strictly after `from`. */
export function chain(doc: ScheduleDoc, from: number, count: number): number[] {
	const found: number[] = [];
	let after = from;
	while (found.length < count) {
		const next = nextOccurrence(doc, after, NO_CALENDARS);
		if (next === null) break;
		found.push(next.at);
		after = next.at;
	}
	return found;
}

function isFlaws(
	read: ScheduleDoc | readonly { path: string; message: string }[],
): read is readonly { path: string; message: string }[] {
	return Array.isArray(read);
}
