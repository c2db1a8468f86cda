/**
 * Published cases of other engines. What we refuse or answer otherwise is listed by its id with the
 * reason, so that a new difference is a failure.
 */
import { describe, expect, it } from "vitest";
import { getPublishedVectors } from "../published-vectors.ts";
import { flawsOf, read, upcoming } from "./read.ts";

type CronCase = {
	readonly id: string;
	readonly expr: string;
	readonly tz: string;
	readonly op: "next" | "prev";
	readonly inclusive: boolean;
	readonly from: string;
	/** `[null]` where the expression never comes. */
	readonly expected: readonly (string | null)[];
};
type CronValidity = { readonly id: string; readonly expr: string; readonly valid: boolean };
type RuleCase = {
	readonly id: string;
	readonly rrule: string;
	readonly dtstart: string;
	readonly tzid: string;
	readonly rdate: readonly string[];
	readonly exdate: readonly string[];
	readonly op: "all" | "after" | "before" | "between";
	readonly window: { after?: string; before?: string; inclusive: boolean } | null;
	readonly complete: boolean;
	readonly expectedUtc: readonly string[];
};
type InvalidRule = {
	readonly id: string;
	readonly rrule?: string;
	readonly ical?: string;
	readonly dtstart?: string;
};

/** The gap is at midnight there: we move by it (RFC 5545), Cronos to its end. */
const CRON_OTHERWISE = new Set(["cronos-643"]);

/** RFC 5545 says MUST NOT, or we do not know it, while the engines of the case read on. */
const RULES_REFUSED = new Set([
	"libical-040", // a semicolon at the end
	"ical.net-053", // BYSETPOS alone
	"dateutil-180", // BYYEARDAY alone in a weekly rule
	"rrule.js-013", // counted weekdays in a weekly rule
	"rrule.js-014",
	"rrule-temporal-178",
	"rrule-temporal-179",
	"rrule-temporal-056", // counted weekdays in an hourly rule
	"rrule.js-025", // COUNT and UNTIL
	"rrule.js-026",
	"rrule.js-027",
	"rrule-temporal-190", // RSCALE (RFC 7529)
]);

/** Rules without any occurrence, which are refused for that. */
const RULES_NEVER = new Set(["rrule-temporal-211", "ical.js-097"]);

/** An hourly rule has 25 firings where a day has 25 hours; this one skips the second 01:00. */
const RULES_OTHERWISE = new Set(["rrule-temporal-029"]);

/** RFC 2445's EXRULE, which we read. */
const INVALID_ACCEPTED = new Set(["inv-074"]);

const crons = getPublishedVectors<{ vectors: CronCase[] }>("cron/vectors.json")?.vectors;
const validity = getPublishedVectors<{ vectors: CronValidity[] }>("cron/validity.json")?.vectors;
const rules = getPublishedVectors<{ vectors: RuleCase[] }>("rrule/vectors.json")?.vectors;
const invalid = getPublishedVectors<InvalidRule[]>("rrule/invalid.json");

const seconds = (at: string): string => at.replace(".000Z", "Z");

describe.skipIf(crons === undefined)("published cron cases", () => {
	const next = (crons ?? []).filter(({ op }) => op === "next");

	it.each(next.filter(({ expected }) => expected[0] !== null))(
		"[SCHED-2] $id: $expr in $tz",
		({ id, expr, tz, inclusive, from, expected }) => {
			const start = new Date(Date.parse(from) + (inclusive ? 0 : 1)).toISOString();
			const found = upcoming({ cron: expr, timezone: tz }, start, expected.length).map(seconds);
			if (CRON_OTHERWISE.has(id)) expect(found).not.toEqual(expected);
			else expect(found).toEqual(expected);
		},
	);

	it.each(next.filter(({ expected }) => expected[0] === null))(
		"[SCHED-32] $id: $expr never comes",
		({ expr, tz }) => {
			expect(flawsOf({ cron: expr, timezone: tz })).toEqual([
				expect.stringMatching(/^schedule\.cron: can never fire: .* \d+(st|nd|rd|th) never comes$/),
			]);
		},
	);
});

describe.skipIf(validity === undefined)("published cron validity", () => {
	it.each(validity ?? [])("[SCHED-4] $id: $expr", ({ expr, valid }) => {
		expect(Array.isArray(read({ cron: expr }))).toBe(!valid);
	});
});

describe.skipIf(rules === undefined)("published recurrence rules", () => {
	it.each(rules ?? [])("[SCHED-10] $id: $rrule", (each) => {
		const { rrule, dtstart, tzid: timezone, rdate, exdate } = each;
		const schedule = {
			rrule,
			dtstart,
			timezone,
			...(rdate.length > 0 && { rdate }),
			...(exdate.length > 0 && { exdate }),
		};
		if (RULES_REFUSED.has(each.id) || RULES_NEVER.has(each.id)) {
			expect(flawsOf(schedule)).toHaveLength(1);
			return;
		}
		const found = inWindow(each, upcoming(schedule, "1900-01-01T00:00:00Z", 1_000));
		const expected = each.complete ? found : found.slice(0, each.expectedUtc.length);
		if (RULES_OTHERWISE.has(each.id)) expect(expected).not.toEqual(each.expectedUtc);
		else expect(expected).toEqual(each.expectedUtc);
	});
});

describe.skipIf(invalid === undefined)("published rules to refuse", () => {
	it.each(invalid ?? [])("[SCHED-11] $id: $rrule$ical", ({ id, rrule, ical, dtstart }) => {
		const schedule = { rrule: ical ?? rrule, ...(dtstart !== undefined && { dtstart }) };
		if (INVALID_ACCEPTED.has(id)) expect(Array.isArray(read(schedule))).toBe(false);
		else expect(flawsOf(schedule)).toHaveLength(1);
	});
});

function inWindow({ op, window }: RuleCase, found: readonly string[]): string[] {
	const instant = (text: string | undefined): number | undefined =>
		text === undefined ? undefined : Date.parse(text.replace(/\[.*/, ""));
	const [after = Number.NEGATIVE_INFINITY, before = Number.POSITIVE_INFINITY] = [
		instant(window?.after),
		instant(window?.before),
	];
	const slack = window?.inclusive ? 1 : 0;
	const within = found
		.filter((at) => Date.parse(at) > after - slack && Date.parse(at) < before + slack)
		.map(seconds);
	if (op === "after") return within.slice(0, 1);
	return op === "before" ? within.slice(-1) : within;
}
