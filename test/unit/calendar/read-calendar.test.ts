/** Calendars as callers send them, into the dates that are stored. */
import ICAL from "ical.js";
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { readDates, readIcalendar } from "../../../src/core/calendar/read-calendar.ts";

const NOW = Date.UTC(2026, 10, 21, 12);

function ical(...events: readonly string[]): string {
	const bodies = events.map((event) => `BEGIN:VEVENT\n${event}\nEND:VEVENT\n`);
	return `BEGIN:VCALENDAR\nVERSION:2.0\n${bodies.join("")}END:VCALENDAR\n`.replaceAll("\n", "\r\n");
}

function datesOf(...events: readonly string[]): readonly string[] {
	const read = readIcalendar(ical(...events), NOW);
	if (!read.ok) throw new Error(JSON.stringify(read.error));
	return read.value;
}

function refusal(text: string): string {
	const read = readIcalendar(text, NOW);
	return read.ok ? "" : read.error.map(({ path, message }) => `${path}: ${message}`).join("; ");
}

it("[CAL-1] dates are kept in order and once each", () => {
	expect(readDates(["2027-01-01", "2026-12-25", "2027-01-01"])).toEqual({
		ok: true,
		value: ["2026-12-25", "2027-01-01"],
	});
});

it("[CAL-2] an all-day event counts up to the day before DTEND, or for its DURATION", () => {
	expect(datesOf("DTSTART;VALUE=DATE:20261225")).toEqual(["2026-12-25"]);
	expect(datesOf("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227")).toEqual([
		"2026-12-25",
		"2026-12-26",
	]);
	expect(datesOf("DTSTART;VALUE=DATE:20261231\nDURATION:P2D")).toEqual([
		"2026-12-31",
		"2027-01-01",
	]);
	expect(datesOf("DTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225")).toHaveLength(1);
});

it("[CAL-2] a timed event counts as the whole of each local day it touches, whatever its zone", () => {
	expect(datesOf("DTSTART;TZID=Europe/Berlin:20261224T140000")).toEqual(["2026-12-24"]);
	expect(datesOf("DTSTART:20261224T233000Z\nDTEND:20261225T003000Z")).toHaveLength(2);
	expect(datesOf("DTSTART:20261224T140000\nDTEND:20261225T000000")).toEqual(["2026-12-24"]);
	expect(datesOf("DTSTART:20261224T140000\nDURATION:PT12H")).toHaveLength(2);
});

it("[CAL-3] expands rules for 20 years ahead, adds RDATE and takes out EXDATE", () => {
	const christmas = datesOf("DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY");
	expect([christmas[0], christmas.length, christmas.at(-1)]).toEqual([
		"2020-12-25",
		26,
		"2045-12-25",
	]);
	const thanksgiving =
		"DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;COUNT=3;BYMONTH=11;BYDAY=4TH";
	expect(datesOf(`${thanksgiving}\nEXDATE;VALUE=DATE:20271125`)).toEqual([
		"2026-11-26",
		"2028-11-23",
	]);
	const more = "RDATE;VALUE=DATE:20270601,20270701\nRDATE;VALUE=PERIOD:20270801T080000Z/PT1H";
	expect(datesOf(`DTSTART;VALUE=DATE:20261225\n${more}`)).toEqual([
		"2026-12-25",
		"2027-06-01",
		"2027-07-01",
		"2027-08-01",
	]);
});

it("[CAL-3] an event with a RECURRENCE-ID takes the place of that occurrence, a cancelled one none", () => {
	const series = "UID:a\nDTSTART;VALUE=DATE:20261225\nRRULE:FREQ=YEARLY;COUNT=3";
	const moved = "UID:a\nRECURRENCE-ID;VALUE=DATE:20271225\nDTSTART;VALUE=DATE:20271227";
	const off =
		"UID:a\nRECURRENCE-ID;VALUE=DATE:20281225\nSTATUS:CANCELLED\nDTSTART;VALUE=DATE:20281225";
	expect(datesOf(moved, series, off)).toEqual(["2026-12-25", "2027-12-27"]);
	expect(datesOf("DTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED", "DTSTART:20270101")).toEqual([
		"2027-01-01",
	]);
});

it("[CAL-3] reads what ical.js writes, several calendars in a file too", () => {
	const calendar = new ICAL.Component("vcalendar");
	const event = new ICAL.Event(new ICAL.Component("vevent"));
	event.summary = "Labour Day, with a comma; and a summary that is long enough to be folded twice";
	event.startDate = ICAL.Time.fromDateString("2027-05-01");
	event.endDate = ICAL.Time.fromDateString("2027-05-02");
	event.component.addPropertyWithValue("rrule", ICAL.Recur.fromString("FREQ=YEARLY;COUNT=2"));
	calendar.addSubcomponent(event.component);
	const both = `${calendar.toString()}\r\n${ical("DTSTART;VALUE=DATE:20261225")}`;
	expect(readIcalendar(both, NOW)).toEqual({
		ok: true,
		value: ["2026-12-25", "2027-05-01", "2028-05-01"],
	});
});

it("[CAL-5] refuses what holds no dates, saying where and why", () => {
	expect(readDates(["2026-12-25", "2026-02-30", "x"])).toMatchObject({
		ok: false,
		error: [{ path: "dates.1" }, { path: "dates.2", message: /2026-12-25, got "x"/ }],
	});
	expect(refusal("hello")).toBe("ical: expected iCalendar: it does not begin with BEGIN:");
	expect(refusal("")).toMatch(/^ical: expected iCalendar/);
	expect(refusal("BEGIN:VCALENDAR\r\nhello\r\n")).toMatch(/invalid line/);
	expect(refusal("BEGIN:VCALENDAR\r\n")).toMatch(/did not end/);
	expect(refusal(ical())).toMatch(/at least one VEVENT/);
	expect(refusal(ical("SUMMARY:x"))).toMatch(/event 1: DTSTART/);
	expect(refusal(ical("DTSTART;VALUE=DATE:20261225\nDURATION:P1Y"))).toMatch(/DURATION/);
	expect(refusal(ical("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=FOO"))).toMatch(/FOO/);
	expect(refusal(ical("DTSTART;VALUE=DATE:20261225\nRRULE:FREQ=HOURLY"))).toMatch(/event 1: RRULE/);
	expect(refusal(ical("DTSTART;VALUE=DATE:20261225\nRDATE:soon"))).toMatch(/RDATE/);
});

it("[CAL-4] refuses more dates or events than a calendar may have, before it makes them", () => {
	const days = (count: number) =>
		Array.from({ length: count }, (_, n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
	expect(readDates(days(LIMITS.calendarDates)).ok).toBe(true);
	expect(readDates(days(LIMITS.calendarDates + 1))).toMatchObject({
		error: [{ path: "dates", message: /at most 10000 dates, got 10001/ }],
	});
	expect(refusal(ical("DTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY"))).toMatch(/10000 days/);
	expect(refusal(ical("DTSTART;VALUE=DATE:19000101\nDTEND;VALUE=DATE:99991231"))).toMatch(/10000/);
	const many = Array.from({ length: LIMITS.calendarEvents + 1 }, () => "DTSTART:20261225");
	expect(refusal(ical(...many))).toMatch(/at most 10000 events/);
});

it("[CAL-4] refuses what would take the parser too long, or the stack too deep", () => {
	const deep = `${"BEGIN:A\r\n".repeat(10_000)}${"END:A\r\n".repeat(10_000)}`;
	expect(refusal(deep)).toMatch(/more than 16 deep/);
	const parameters = `X-A${";a=b".repeat(100_000)}:c`;
	expect(refusal(ical(`DTSTART:20261225\n${parameters}`))).toMatch(/more than 5000 parts: X-A;a=b/);
	const escaped = `SUMMARY:${"\\;".repeat(10_000)}\nDTSTART:20261225`;
	expect(datesOf(escaped)).toEqual(["2026-12-25"]);
});
