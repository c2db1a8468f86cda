/** Recurrence rules: text, anchors, ends, dates added and left out. */
import { describe, expect, it } from "vitest";
import { accepted, flawsOf, upcoming } from "./read.ts";

const FROM = "2025-01-01T00:00:00Z";
const at = (...days: string[]): string[] => days.map((day) => `2025-${day}:00.000Z`);

describe("text", () => {
	const expected = at("01-06T08:00", "01-07T08:00");

	it.each([
		["with its prefix", "RRULE:FREQ=DAILY;BYHOUR=9;BYMINUTE=0"],
		["in small letters", "freq=daily;byhour=9;byminute=0"],
		["in lines", "DTSTART;TZID=Europe/Berlin:20250106T090000\nRRULE:FREQ=DAILY"],
		["in folded lines", "DTSTART;TZID=Europe/Berlin:20250106T090000\r\nRRULE:FREQ=DA\r\n ILY\r\n"],
		["with DTSTART in UTC", "DTSTART:20250106T080000Z\nFREQ=DAILY"],
	])("[SCHED-12] is read %s", (_, rrule) => {
		const hasZone = rrule.includes("TZID");
		const dtstart = rrule.includes("DTSTART") ? {} : { dtstart: "2025-01-06T00:00:00" };
		const schedule = { rrule, ...dtstart, ...(!hasZone && { timezone: "Europe/Berlin" }) };
		expect(upcoming(schedule, "2025-01-06T00:00:00Z", 2)).toEqual(expected);
	});

	it("[SCHED-12] takes its zone from TZID, which must agree with `timezone`", () => {
		const rrule = "DTSTART;TZID=Europe/Berlin:20250106T090000\nRRULE:FREQ=DAILY";
		expect(accepted({ rrule })).toMatchObject({ timezone: "Europe/Berlin" });
		expect(flawsOf({ rrule, timezone: "Asia/Tokyo" })).toEqual([
			"schedule.timezone: is Asia/Tokyo, but DTSTART is in Europe/Berlin",
		]);
	});

	it("[SCHED-12] that zone is the one of every other time of the schedule", () => {
		const rrule = "DTSTART;TZID=Asia/Tokyo:20250101T090000\nRRULE:FREQ=DAILY";
		const schedule = { rrule, start: "2025-01-05T00:00:00", exclude: { dates: ["2025-01-05"] } };
		expect(upcoming(schedule, FROM, 1)).toEqual(at("01-06T00:00"));
	});

	it.each([
		["RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", /more than one RRULE/],
		["DTSTART:20250101T000000\nDTSTART:20250102T000000\nFREQ=DAILY", /more than one DTSTART/],
		["DTSTART;X=1:20250101T000000\nRRULE:FREQ=DAILY", /expected TZID=/],
		["DTSTART:20250101T000000", /neither an RRULE nor an RDATE/],
		["BEGIN:VEVENT\nRRULE:FREQ=DAILY", /more than one RRULE/],
		["DTSTART;TZID=Nowhere/Land:20250101T000000\nRRULE:FREQ=DAILY", /not a time zone/],
		["DTSTART:20250101\nRRULE:FREQ=DAILY;UNTIL=20250105T000000Z", /UNTIL must be a date/],
		["DTSTART;TZID=Asia/Tokyo:20250101T000000\nRRULE:FREQ=DAILY;UNTIL=20250105T000000", /end in Z/],
	])("[SCHED-12] refuses %j", (rrule, reason) => {
		expect(flawsOf({ rrule })).toEqual([expect.stringMatching(reason)]);
	});

	it.each([
		["FREQ=DAILY;COUNT=0", "COUNT=0: expected a whole number from 1 to 1000000000"],
		["FREQ=DAILY;BYHOUR=24", "BYHOUR=24: expected 0 to 23"],
		["FREQ=DAILY;BYSETPOS=0;BYHOUR=1", "BYSETPOS=0: expected 1 to 366 or -366 to -1"],
		["FREQ=DAILY;BYSECOND=60", "BYSECOND=60 never comes: POSIX time has no leap seconds"],
		["FREQ=DAILY;WKST=XX", "WKST=XX: expected one of SU, MO, TU, WE, TH, FR, SA"],
		["FREQ=DAILY;FREQ=DAILY", "FREQ is given twice"],
	])("[SCHED-11] %s: %s", (rrule, message) => {
		expect(flawsOf({ rrule })).toEqual([`schedule.rrule: ${message}`]);
	});
});

describe("anchors", () => {
	it("[SCHED-13] DTSTART is no occurrence unless the rule gives it", () => {
		const schedule = { rrule: "FREQ=WEEKLY;BYDAY=MO", dtstart: "2025-01-01T09:00:00" };
		expect(upcoming(schedule, FROM, 2)).toEqual(at("01-06T09:00", "01-13T09:00"));
	});

	it("[SCHED-13] by default it is the minute of the creation, in the schedule's zone", () => {
		const now = Date.parse("2025-06-01T10:00:37.5Z");
		expect(accepted({ rrule: "FREQ=DAILY", timezone: "Europe/Berlin" }, { now })).toEqual({
			rrule: "FREQ=DAILY",
			dtstart: "2025-06-01T12:00:00",
			timezone: "Europe/Berlin",
		});
		expect(upcoming({ rrule: "FREQ=DAILY" }, "2025-06-01T10:00:37.5Z", 1)).toEqual(
			at("06-02T10:00"),
		);
	});

	it("[SCHED-13] or `start`, where that is given", () => {
		const schedule = { rrule: "FREQ=DAILY", start: "2025-02-01T09:30:00" };
		expect(upcoming(schedule, FROM, 2)).toEqual(at("02-01T09:30", "02-02T09:30"));
	});

	it("[SCHED-13] what COUNT counts begins after the creation", () => {
		const found = upcoming({ rrule: "FREQ=DAILY;COUNT=3" }, "2025-06-01T10:00:37Z", 5);
		expect(found).toEqual(at("06-02T10:00", "06-03T10:00", "06-04T10:00"));
	});

	it("[SCHED-13] an anchor written in another zone is the same instant", () => {
		const schedule = {
			rrule: "FREQ=DAILY",
			dtstart: "2025-01-01T09:00:00+09:00",
			timezone: "Europe/Berlin",
		};
		expect(accepted(schedule)).toMatchObject({ dtstart: "2025-01-01T01:00:00" });
	});

	it.each(["2025-02-30", "2025-01-01T25:00:00", "tomorrow", "2025-13-01T00:00:00Z"])(
		"[SCHED-13] %j is no DTSTART",
		(dtstart) => {
			expect(flawsOf({ rrule: "FREQ=DAILY", dtstart })).toEqual([
				expect.stringContaining(`schedule.dtstart: ${JSON.stringify(dtstart)} is not a time`),
			]);
		},
	);
});

describe("ends", () => {
	const dtstart = "2025-01-01T09:00:00";

	it.each([
		["FREQ=DAILY;COUNT=2", ["01-01T09:00", "01-02T09:00"]],
		["FREQ=DAILY;UNTIL=20250102T090000Z", ["01-01T09:00", "01-02T09:00"]],
		["FREQ=DAILY;UNTIL=20250102T085959", ["01-01T09:00"]],
		["FREQ=DAILY;UNTIL=20250102", ["01-01T09:00", "01-02T09:00"]],
		["FREQ=HOURLY;COUNT=3", ["01-01T09:00", "01-01T10:00", "01-01T11:00"]],
		["FREQ=HOURLY;BYHOUR=9;COUNT=2", ["01-01T09:00", "01-02T09:00"]],
	])("[SCHED-14] %s", (rrule, expected) => {
		expect(upcoming({ rrule, dtstart }, FROM, 10)).toEqual(at(...expected));
	});

	it.each([
		["FREQ=SECONDLY;COUNT=100000001", "2028-03-03T18:46:40.000Z"],
		["FREQ=DAILY;INTERVAL=2;COUNT=1001", "2030-06-24T09:00:00.000Z"],
	])("[SCHED-14] %s ends without being counted out", (rrule, last) => {
		const near = new Date(Date.parse(last) - 1_000).toISOString();
		expect(upcoming({ rrule, dtstart }, near, 9).at(-1)).toBe(last);
	});

	it("[SCHED-14] what takes too long to count out is refused", () => {
		const rrule = "FREQ=SECONDLY;BYMONTH=1;COUNT=1000000000";
		expect(flawsOf({ rrule, dtstart })).toEqual([
			"schedule.rrule: COUNT takes too long to count out: end the rule with UNTIL",
		]);
	});

	it("[SCHED-14] COUNT counts from DTSTART, wherever one begins to look", () => {
		const schedule = { rrule: "FREQ=WEEKLY;BYDAY=MO,FR;COUNT=5", dtstart };
		const all = upcoming(schedule, FROM, 10);
		expect(all).toHaveLength(5);
		expect(upcoming(schedule, "2025-01-08T00:00:00Z", 10)).toEqual(all.slice(2));
		expect(upcoming(schedule, "2030-01-01T00:00:00Z", 10)).toEqual([]);
	});
});

describe("dates beside a rule", () => {
	it("[SCHED-17] RDATE adds, EXDATE and EXRULE leave out", () => {
		const schedule = {
			rrule: "FREQ=DAILY",
			dtstart: "2025-01-01T09:00:00",
			rdate: ["2025-01-02T12:00:00", "2025-01-02T09:00:00Z"],
			exdate: ["2025-01-03T09:00:00", "2025-01-06"],
			exrule: "FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=9;BYMINUTE=0",
		};
		expect(upcoming(schedule, FROM, 5)).toEqual(
			at("01-01T09:00", "01-02T09:00", "01-02T12:00", "01-07T09:00", "01-08T09:00"),
		);
	});

	it("[SCHED-17] they may stand as lines, in zones of their own", () => {
		const rrule = [
			"DTSTART;TZID=Europe/Berlin:20250101T090000",
			"RRULE:FREQ=DAILY;COUNT=4",
			"EXDATE;TZID=Asia/Tokyo:20250102T170000",
			"RDATE:20250105T120000Z",
			"EXRULE:FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=3",
		].join("\n");
		expect(upcoming({ rrule }, FROM, 9)).toEqual(at("01-01T08:00", "01-04T08:00", "01-05T12:00"));
	});

	it("[SCHED-17] dates alone are a schedule too", () => {
		const schedule = { rdate: ["2025-03-01T09:00:00Z", "2025-02-01T09:00:00Z"] };
		expect(upcoming(schedule, FROM, 3)).toEqual(at("02-01T09:00", "03-01T09:00"));
	});

	it("[SCHED-17] names the date that is none", () => {
		const schedule = { rrule: "FREQ=DAILY", exdate: ["2025-01-01", "2025-02-29T09:00:00"] };
		expect(flawsOf(schedule)).toEqual([
			expect.stringMatching(/^schedule\.exdate\.1: "2025-02-29T09:00:00" is not a time/),
		]);
	});
});

describe("days that never come", () => {
	it.each([
		["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "February 30th never comes"],
		["FREQ=HOURLY;BYMONTH=4,6;BYMONTHDAY=31", "April and June 31st never comes"],
		["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-31", "February never has a day 31st from the end"],
		["FREQ=MONTHLY;INTERVAL=12;BYMONTH=3", "no time satisfies all its parts together"],
		["FREQ=DAILY;INTERVAL=7;BYDAY=SU", "no time satisfies all its parts together"],
		["FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", "no time satisfies all its parts together"],
	])("[SCHED-32] %s", (rrule, reason) => {
		// A Monday in January.
		expect(flawsOf({ rrule, dtstart: "2025-01-06T09:00:00" })).toEqual([
			`schedule.rrule: can never fire: ${reason}`,
		]);
	});
});
