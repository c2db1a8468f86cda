/** Rules over whole days: the examples of RFC 5545 section 3.8.5.3 that name days, and the bounds. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { NO_CALENDARS } from "../../../src/core/calendar/calendar-dates.ts";
import { expandDates } from "../../../src/core/calendar/expand-dates.ts";
import {
	dayOf,
	fieldsOf,
	formatLocalDate,
	parseLocalDate,
	weekdayOf,
} from "../../../src/core/calendar/local-date.ts";
import { readIcalendar } from "../../../src/core/calendar/read-calendar.ts";
import { readDateRule } from "../../../src/core/calendar/read-date-rule.ts";
import { findComponents, firstValue, readIcal } from "../../../src/core/ical/read-ical.ts";
import { nextOccurrence } from "../../../src/core/recurrence/next-occurrence.ts";
import { pathInSchedule, readSchedule } from "../../../src/core/recurrence/read-schedule.ts";
import { Flaws } from "../../../src/core/timer-rules.ts";
import { DAY } from "../../../src/core/units.ts";

/** The first dates that a rule names from `start` on, up to the end of 2010. */
function expand(rule: string, start: string, days = 1_000_000): readonly string[] | undefined {
	const parsed = readIcal(`BEGIN:VEVENT\r\nRRULE:${rule}\r\nEND:VEVENT\r\n`);
	if (!parsed.ok) throw new Error(parsed.error);
	const [event] = [...findComponents(parsed.value, "vevent")];
	const first = dayOfText(start);
	const read = readDateRule(event && firstValue(event, "rrule"), first);
	if (!read.ok) throw new Error(read.error);
	return expandDates(read.value, first, dayOfText("2010-12-31"), { days })?.map(formatLocalDate);
}

function dayOfText(text: string): number {
	const day = parseLocalDate(text);
	if (day === undefined) throw new Error(`${text} is no date`);
	return day;
}

const EXAMPLES: readonly (readonly [rule: string, first: string, start?: string])[] = [
	["FREQ=DAILY;COUNT=10", "1997-09-02 1997-09-03 1997-09-04 1997-09-05 1997-09-06"],
	["FREQ=DAILY;INTERVAL=10;COUNT=5", "1997-09-02 1997-09-12 1997-09-22 1997-10-02 1997-10-12"],
	["FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", "1997-09-02 1997-09-04 1997-09-09"],
	["FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", "1997-09-02 1997-09-04 1997-09-16"],
	["FREQ=MONTHLY;COUNT=10;BYDAY=1FR", "1997-09-05 1997-10-03 1997-11-07 1997-12-05 1998-01-02"],
	[
		"FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
		"1997-09-07 1997-09-28 1997-11-02 1997-11-30 1998-01-04 1998-01-25",
	],
	["FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22 1997-10-20 1997-11-17 1997-12-22 1998-01-19"],
	[
		"FREQ=MONTHLY;BYMONTHDAY=-3",
		"1997-09-28 1997-10-29 1997-11-28 1997-12-29 1998-01-29 1998-02-26",
	],
	["FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1", "1997-09-30 1997-10-01 1997-10-31 1997-11-01"],
	[
		"FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12",
		"1997-09-10 1997-09-11 1997-09-12 1999-03-10",
	],
	[
		"FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
		"2000-01-01 2000-04-09 2000-07-18 2003-01-01",
	],
	["FREQ=YEARLY;BYDAY=20MO", "1998-05-18 1999-05-17 2000-05-15"],
	["FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1998-05-11 1999-05-17 2000-05-15"],
	["FREQ=YEARLY;BYMONTH=3;BYDAY=TH", "1998-03-05 1998-03-12 1998-03-19 1998-03-26 1999-03-04"],
	["FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13 1998-03-13 1998-11-13 1999-08-13 2000-10-13"],
	["FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", "1997-09-13 1997-10-11 1997-11-08"],
	[
		"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
		"1996-11-05 2000-11-07 2004-11-02 2008-11-04",
		"1996-11-05",
	],
	["FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04 1997-10-07 1997-11-06"],
	["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29 1997-10-30 1997-11-27 1997-12-30"],
	["FREQ=YEARLY;COUNT=10;BYMONTH=6,7", "1998-06-02 1998-07-02 1999-06-02 1999-07-02"],
	["FREQ=YEARLY", "1997-09-02 1998-09-02 1999-09-02"],
];

const CASES = EXAMPLES.map(([rule, first, start = "1997-09-02"]) => ({ rule, first, start }));

it.each(CASES)("[CAL-3] $rule", ({ rule, first, start }) => {
	expect(expand(rule, start)?.join(" ")).toMatch(new RegExp(`^${first}`));
});

it("[CAL-3] WKST tells which weeks every other one is, and COUNT and UNTIL end a rule", () => {
	const rule = "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=";
	const monday = ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"];
	const sunday = ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"];
	expect(expand(`${rule}MO`, "1997-08-05")).toEqual(monday);
	expect(expand(`${rule}SU`, "1997-08-05")).toEqual(sunday);
	expect(expand("FREQ=DAILY;UNTIL=19970904", "1997-09-02")).toHaveLength(3);
	expect(expand("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "1997-01-01")).toEqual([
		"2000-02-29",
		"2004-02-29",
		"2008-02-29",
	]);
});

it("[CAL-3] a week belongs to the year that has four days of it", () => {
	const rule = "FREQ=YEARLY;BYWEEKNO=1,53;BYDAY=MO,SU";
	const dates = expand(rule, "2004-12-01")?.filter((date) => date < "2006");
	expect(dates).toEqual(["2004-12-27", "2005-01-02", "2005-01-03", "2005-01-09"]);
});

it("[CAL-4] a rule that never matches ends, and one that looks at too much is refused", () => {
	expect(expand("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "1997-01-01")).toEqual([]);
	expect(expand("FREQ=YEARLY;INTERVAL=10000", "1997-01-01")).toEqual(["1997-01-01"]);
	expect(expand("FREQ=DAILY", "1997-01-01", 5_000)).toBeUndefined();
	const event =
		"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:00010101\r\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\nEND:VEVENT\r\n";
	const text = `BEGIN:VCALENDAR\r\n${event.repeat(3)}END:VCALENDAR\r\n`;
	const read = readIcalendar(text, Date.UTC(2026, 10, 21));
	expect(read.ok ? [] : read.error.map(({ message }) => message)).toEqual([
		"event 2: the rules of the calendar take too long to expand",
	]);
});

it.each([
	["FREQ=HOURLY", /names no days/],
	["FREQ=YEARLY;BYHOUR=9", /BYHOUR/],
	["FREQ=YEARLY;INTERVAL=99999", /INTERVAL/],
	["FREQ=WEEKLY;BYDAY=1MO", /BYDAY/],
	["FREQ=MONTHLY;BYWEEKNO=3", /BYWEEKNO/],
	["FREQ=MONTHLY;BYYEARDAY=3", /BYYEARDAY/],
	["FREQ=WEEKLY;BYMONTHDAY=3", /BYMONTHDAY/],
])("[CAL-5] %s is refused, as RFC 5545 has no such days", (rule, reason) => {
	expect(() => expand(rule, "1997-09-02")).toThrow(reason);
});

it("[CAL-3] days and dates are each other's inverse, also before 1970 and before the year 100", () => {
	for (const text of ["0001-01-01", "0099-12-31", "1900-02-28", "1969-12-31", "2024-02-29"]) {
		const day = dayOfText(text);
		expect(formatLocalDate(day)).toBe(text);
		expect(dayOf(fieldsOf(day))).toBe(day);
	}
	expect(weekdayOf(dayOfText("1969-12-31"))).toBe(3);
	expect(["2026-02-29", "2026-13-01", "26-01-01", ""].map(parseLocalDate)).toEqual(
		Array.from({ length: 4 }, () => undefined),
	);
});

const number = (max: number) => fc.integer({ min: -max, max }).filter((one) => one !== 0);
const list = (item: fc.Arbitrary<number>) =>
	fc.uniqueArray(item, { minLength: 1, maxLength: 3 }).map((all) => all.join(","));
const weekdays = (nth: fc.Arbitrary<string>) =>
	fc
		.uniqueArray(
			fc
				.tuple(nth, fc.constantFrom("SU", "MO", "TU", "WE", "TH", "FR", "SA"))
				.map((one) => one.join("")),
			{ minLength: 1, maxLength: 3 },
		)
		.map((all) => all.join(","));
const plain = weekdays(fc.constant(""));
const numbered = weekdays(fc.oneof(fc.constant(""), number(5).map(String)));
const shared = {
	INTERVAL: fc.integer({ min: 1, max: 4 }),
	BYMONTH: list(fc.integer({ min: 1, max: 12 })),
	WKST: fc.constantFrom("SU", "TU", "FR"),
	COUNT: fc.integer({ min: 1, max: 20 }),
};
/** By frequency, the parts that RFC 5545 lets go together. */
const PARTS = {
	DAILY: { ...shared, BYMONTHDAY: list(number(31)), BYDAY: plain },
	WEEKLY: { ...shared, BYDAY: plain },
	MONTHLY: { ...shared, BYMONTHDAY: list(number(31)), BYDAY: numbered },
	YEARLY: {
		...shared,
		BYMONTHDAY: list(number(31)),
		BYYEARDAY: list(number(366)),
		BYDAY: numbered,
	},
	WEEKS: { ...shared, BYWEEKNO: list(number(53)), BYDAY: plain },
};
const rules = fc.oneof(
	...Object.entries(PARTS).map(([frequency, parts]) =>
		fc
			.tuple(fc.record(parts, { requiredKeys: [] }), fc.option(list(number(4))))
			.map(([given, positions]) => {
				const written = Object.entries(given).map(([part, value]) => `${part}=${value}`);
				const chosen = written.some((part) => part.startsWith("BY")) ? positions : null;
				const freq = frequency === "WEEKS" ? "YEARLY" : frequency;
				return [
					`FREQ=${freq}`,
					...written,
					...(chosen === null ? [] : [`BYSETPOS=${chosen}`]),
				].join(";");
			}),
	),
);

it("[CAL-3] names the days that the recurrences of timers name, whatever the rule", () => {
	const start = fc.integer({ min: dayOfText("1995-01-01"), max: dayOfText("2005-12-31") });
	fc.assert(
		fc.property(rules, start.map(formatLocalDate), (rule, from) => {
			const days = expand(rule, from)?.slice(0, 40) ?? [];
			const flaws = new Flaws();
			const schedule = readSchedule(
				{ rrule: rule, dtstart: `${from}T00:00:00` },
				{ now: 0, pathOf: pathInSchedule, calendars: NO_CALENDARS, requireFuture: false },
				flaws,
			);
			const last = Date.UTC(2010, 11, 31);
			const found: string[] = [];
			// A rule that never matches is refused there, and names nothing here.
			for (let after = dayOfText(from) * DAY - 1; schedule && found.length < 40; ) {
				const next = nextOccurrence(schedule, after, NO_CALENDARS);
				if (next === null || next.at > last) break;
				found.push(new Date(next.at).toISOString().slice(0, 10));
				after = next.at;
			}
			expect(days).toEqual(found);
		}),
		{ numRuns: 200 },
	);
});
