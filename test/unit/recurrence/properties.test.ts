/** What holds for every schedule, over random rules, zones and instants. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_CALENDARS } from "../../../src/core/calendar/calendar-dates.ts";
import { nextOccurrence, occurrencesFrom } from "../../../src/core/recurrence/next-occurrence.ts";
import { renderSchedule } from "../../../src/core/recurrence/render-schedule.ts";
import type { ScheduleDoc } from "../../../src/core/recurrence/schedule-doc.ts";
import { chain, read } from "./read.ts";

const RUNS = { numRuns: 150 };
const TIMEOUT_MS = 60_000;
/** Ms that no answer may take, once the zone's data has been read. */
const BOUND_MS = 50;
const NOW = Date.UTC(2025, 5, 1, 12, 34, 56);

const timezone = fc.constantFrom(
	"UTC",
	"Europe/Berlin",
	"America/New_York",
	"Australia/Lord_Howe",
	"Africa/Casablanca",
	"Pacific/Apia",
	"Asia/Kathmandu",
	"America/Sao_Paulo",
);
const dst = fc.constantFrom("rfc5545", "skip", "twice");
const instant = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2045, 0, 1) });

function field(min: number, max: number): fc.Arbitrary<string> {
	const value = fc.integer({ min, max });
	return fc.oneof(
		fc.constant("*"),
		fc.integer({ min: 1, max: max - min + 1 }).map((step) => `*/${step}`),
		fc.uniqueArray(value, { minLength: 1, maxLength: 4 }).map((values) => values.join(",")),
		fc.tuple(value, value).map(([from, to]) => `${from}-${to}`),
	);
}

const cron = fc
	.tuple(
		fc.oneof(fc.constant("0"), field(0, 59)),
		field(0, 59),
		field(0, 23),
		fc.oneof(field(1, 31), fc.constantFrom("*", "L", "LW", "15W", "L-3")),
		fc.oneof(fc.constant("*"), field(1, 12)),
		fc.oneof(fc.constant("*"), field(0, 6), fc.constantFrom("5L", "MON#2", "MON-FRI")),
	)
	.map((fields) => ({ cron: fields.join(" ") }));

function list(name: string, min: number, max: number): fc.Arbitrary<string | undefined> {
	const values = fc.uniqueArray(
		fc.integer({ min, max }).filter((value) => value !== 0 || min === 0),
		{ minLength: 1, maxLength: 4 },
	);
	return fc.option(
		values.map((each) => `${name}=${each.join(",")}`),
		{ nil: undefined, freq: 3 },
	);
}

const rrule = fc
	.record({
		freq: fc.constantFrom("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"),
		interval: fc.integer({ min: 1, max: 40 }),
		parts: fc.tuple(
			list("BYMONTH", 1, 12),
			list("BYMONTHDAY", -31, 31),
			list("BYYEARDAY", -366, 366),
			list("BYWEEKNO", -53, 53),
			fc.option(fc.constantFrom("BYDAY=MO,WE,FR", "BYDAY=1MO,-1FR", "BYDAY=SU"), {
				nil: undefined,
			}),
			list("BYHOUR", 0, 23),
			list("BYMINUTE", 0, 59),
			list("BYSECOND", 0, 59),
			list("BYSETPOS", -3, 3),
			fc.option(fc.constantFrom("COUNT=1", "COUNT=7", "COUNT=60"), { nil: undefined }),
		),
		dtstart: instant,
	})
	.map(({ freq, interval, parts, dtstart }) => ({
		rrule: [`FREQ=${freq}`, `INTERVAL=${interval}`, ...parts.filter((part) => part)].join(";"),
		dtstart: new Date(dtstart).toISOString().slice(0, 19),
	}));

const every = fc
	.record({ every: fc.integer({ min: 1_000, max: 1e9 }), phase: fc.nat(1e9) })
	.map((each) => each);
const businessDay = fc.record({
	businessDay: fc.record({
		nth: fc.integer({ min: 1, max: 20 }),
		at: fc.constantFrom("02:30", "09:00"),
	}),
});
const extras = fc.record(
	{
		businessDays: fc.record({ shift: fc.constantFrom("next", "previous", "nearest", "skip") }),
		exclude: fc.record({ rules: fc.constant([{ cron: "0 9 1-7 * *" }]) }),
	},
	{ requiredKeys: [] },
);

/** A schedule that can be read; most random ones can. */
const schedule: fc.Arbitrary<ScheduleDoc> = fc
	.tuple(fc.oneof(cron, rrule, every, businessDay), timezone, dst, extras)
	.map(([kind, zone, policy, rest]) =>
		read({ ...kind, ...rest, timezone: zone, dst: policy }, { now: NOW }),
	)
	.filter((doc): doc is ScheduleDoc => !Array.isArray(doc));

describe("every schedule", () => {
	it(
		"[SCHED-34] goes forward: the next occurrence lies after where one looks from",
		() => {
			fc.assert(
				fc.property(schedule, instant, (doc, from) => {
					const found = chain(doc, from, 12);
					expect(found.every((at, index) => at > (found[index - 1] ?? from))).toBe(true);
				}),
				RUNS,
			);
		},
		TIMEOUT_MS,
	);

	it(
		"[SCHED-34] keeps its phase: looking from anywhere between two finds the second",
		() => {
			fc.assert(
				fc.property(
					schedule,
					instant,
					fc.double({ min: 0, max: 1, noNaN: true }),
					(doc, from, part) => {
						const [first, second] = chain(doc, from, 2);
						if (first === undefined || second === undefined) return;
						const between = first + Math.floor((second - first - 1) * part);
						expect(nextOccurrence(doc, between, NO_CALENDARS)?.at).toBe(second);
					},
				),
				RUNS,
			);
		},
		TIMEOUT_MS,
	);

	it(
		"[SCHED-34] a preview lists what follows one after another, also after a restart",
		() => {
			fc.assert(
				fc.property(schedule, instant, (doc, from) => {
					const listed = occurrencesFrom(doc, { from, inclusive: false, count: 12 }, NO_CALENDARS);
					const stored: ScheduleDoc = JSON.parse(JSON.stringify(doc));
					expect(listed.map(({ at }) => Date.parse(at))).toEqual(chain(stored, from, 12));
				}),
				RUNS,
			);
		},
		TIMEOUT_MS,
	);

	it(
		"[SCHED-35] shown and read again, it has the same occurrences",
		() => {
			fc.assert(
				fc.property(schedule, instant, (doc, from) => {
					const again = read(renderSchedule(doc), { now: NOW + 86_399_999 });
					if (Array.isArray(again)) throw new Error(JSON.stringify(again));
					expect(again).toEqual(doc);
					expect(chain(doc, from, 5)).toEqual(chain(again as ScheduleDoc, from, 5));
				}),
				RUNS,
			);
		},
		TIMEOUT_MS,
	);

	it(
		"[SCHED-33] answers within 50 ms",
		() => {
			fc.assert(
				fc.property(schedule, instant, (doc, from) => {
					expect(quickest(doc, from)).toBeLessThan(BOUND_MS);
				}),
				RUNS,
			);
		},
		TIMEOUT_MS,
	);
});

it.each([
	{ rrule: "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;BYHOUR=3;BYMINUTE=7;BYSECOND=11" },
	{ rrule: "FREQ=SECONDLY;INTERVAL=7", dtstart: "1700-01-01" },
	{ rrule: "FREQ=YEARLY;BYDAY=MO;BYMONTH=2;BYMONTHDAY=29;INTERVAL=7" },
	{ rrule: "FREQ=YEARLY;BYSETPOS=-1;BYHOUR=1;BYMINUTE=2;BYSECOND=3;BYDAY=SU,MO,TU,WE,TH,FR,SA" },
	{ rrule: "FREQ=DAILY;INTERVAL=97;BYMONTHDAY=31;BYDAY=FR" },
	{ rrule: "FREQ=MINUTELY;INTERVAL=1439;BYHOUR=9;BYMINUTE=0" },
	{ cron: "59 59 23 29 2 MON#5" },
	{ cron: "* * * * * *", exclude: { rules: [{ cron: "* 0-58 * * * *" }] } },
	{ cron: "* * * * * *", businessDays: { shift: "next" } },
])("[SCHED-33] answers within 50 ms: %j", (json) => {
	const doc = read({ ...json, timezone: "America/New_York" }, { now: NOW });
	if (Array.isArray(doc)) throw new Error(JSON.stringify(doc));
	for (const from of [NOW, Date.UTC(2025, 10, 2, 5, 59), Date.UTC(2025, 10, 1)]) {
		expect(nextOccurrence(doc as ScheduleDoc, from, NO_CALENDARS)).not.toBeNull();
		expect(quickest(doc as ScheduleDoc, from)).toBeLessThan(BOUND_MS);
	}
});

it("[SCHED-33] refuses an interval that meets its parts once in centuries", () => {
	const rrule = "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=9;BYMINUTE=0;BYSECOND=0";
	const rule = { rrule, dtstart: "2025-01-01T08:59:59" };
	expect(read(rule, { now: NOW })).toEqual([
		{ path: "schedule.rrule", message: expect.stringMatching(/^takes too long/) },
	]);
});

/** Ms of the quickest of three answers: what else the machine does is not the rule's cost. */
function quickest(doc: ScheduleDoc, from: number): number {
	const took = [1, 2, 3].map(() => {
		const startedAt = performance.now();
		nextOccurrence(doc, from, NO_CALENDARS);
		return performance.now() - startedAt;
	});
	return Math.min(...took);
}
