/** Time zones and the local times that DST takes away or gives twice. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_CALENDARS } from "../../../src/core/calendar/calendar-dates.ts";
import { occurrencesFrom } from "../../../src/core/recurrence/next-occurrence.ts";
import { formatOffset, zoneOf } from "../../../src/core/recurrence/zone.ts";
import { accepted, upcoming } from "./read.ts";

const BERLIN = "Europe/Berlin";
const SPRING = "2025-03-29T12:00:00Z";
const AUTUMN = "2025-10-25T12:00:00Z";

/** `15:30` … of the instants that a schedule gives in a day and a half of changing clocks. */
function times(schedule: object, from: string): string[] {
	const end = new Date(Date.parse(from) + 36 * 3_600_000).toISOString();
	return upcoming(schedule, from, 200)
		.filter((at) => at < end)
		.map((at) => at.slice(8, 16));
}

describe("policies", () => {
	it.each([
		["rfc5545", SPRING, ["30T01:30"]],
		["skip", SPRING, []],
		["twice", SPRING, ["30T01:30"]],
		["rfc5545", AUTUMN, ["26T00:30"]],
		["skip", AUTUMN, ["26T00:30"]],
		["twice", AUTUMN, ["26T00:30", "26T01:30"]],
	])("[SCHED-30] %s at 02:30 in Berlin after %s", (dst, from, expected) => {
		const common = { timezone: BERLIN, dst };
		expect(times({ cron: "30 2 * * *", ...common }, from)).toEqual(expected);
		const rrule = "FREQ=DAILY;BYHOUR=2;BYMINUTE=30";
		expect(times({ rrule, dtstart: "2025-01-01", ...common }, from)).toEqual(expected);
	});

	it("[SCHED-30] says where DST moved an occurrence", () => {
		const schedule = accepted({ cron: "30 2 * * *", timezone: BERLIN, dst: "twice" });
		const ask = (from: string, count: number) =>
			occurrencesFrom(schedule, { from: Date.parse(from), inclusive: false, count }, NO_CALENDARS);
		expect(ask(SPRING, 1)).toEqual([
			{
				at: "2025-03-30T01:30:00.000Z",
				local: "2025-03-30T03:30:00",
				offset: "+02:00",
				note: "gap: moved forward by 1h",
			},
		]);
		expect(ask(AUTUMN, 3)).toEqual([
			{
				at: "2025-10-26T00:30:00.000Z",
				local: "2025-10-26T02:30:00",
				offset: "+02:00",
				note: "fold: first of two",
			},
			{
				at: "2025-10-26T01:30:00.000Z",
				local: "2025-10-26T02:30:00",
				offset: "+01:00",
				note: "fold: second of two",
			},
			{ at: "2025-10-27T01:30:00.000Z", local: "2025-10-27T02:30:00", offset: "+01:00" },
		]);
	});
});

describe("cron across DST", () => {
	it.each([
		// A list is fixed times: what the gap has not is moved, and 03:00 comes but once.
		["0 2,3 * * *", SPRING, ["30T01:00"]],
		["30 2,3 * * *", SPRING, ["30T01:30"]],
		["0,30 2 * * *", SPRING, ["30T01:00", "30T01:30"]],
		["0,30 2 * * *", AUTUMN, ["26T00:00", "26T00:30"]],
		["15 2 * * *", AUTUMN, ["26T00:15"]],
	])("[SCHED-5] %s names times of day", (cron, from, expected) => {
		expect(times({ cron, timezone: BERLIN }, from)).toEqual(expected);
	});

	it.each([
		["*/30 2 * * *", SPRING, []],
		["0 2-3 * * *", SPRING, ["30T01:00"]],
		["*/30 2 * * *", AUTUMN, ["26T00:00", "26T00:30", "26T01:00", "26T01:30"]],
		["0 1-3 * * *", AUTUMN, ["25T23:00", "26T00:00", "26T01:00", "26T02:00"]],
	])("[SCHED-5] %s steps through the day", (cron, from, expected) => {
		expect(times({ cron, timezone: BERLIN }, from)).toEqual(expected);
	});

	it("[SCHED-5] the moved occurrence keeps its place among others", () => {
		const cron = ["30 2 * * *", "15 3 * * *", "45 3 * * *"];
		expect(times({ cron, timezone: BERLIN }, SPRING)).toEqual(["30T01:15", "30T01:30", "30T01:45"]);
	});

	it("[SCHED-5] a day that a zone skips is moved past, and falls together with the next", () => {
		const schedule = { cron: "0 9 * * *", timezone: "Pacific/Apia" };
		expect(upcoming(schedule, "2011-12-28T20:00:00Z", 3)).toEqual([
			"2011-12-29T19:00:00.000Z",
			"2011-12-30T19:00:00.000Z",
			"2011-12-31T19:00:00.000Z",
		]);
	});
});

describe("sub-daily rules across DST", () => {
	it("[SCHED-16] step in elapsed time, so that wall-clock times drift", () => {
		const schedule = { rrule: "FREQ=HOURLY;INTERVAL=12", timezone: BERLIN, dtstart: "2025-03-29" };
		expect(upcoming(schedule, "2025-03-28T23:00:00Z", 4)).toEqual([
			"2025-03-28T23:00:00.000Z",
			"2025-03-29T11:00:00.000Z",
			"2025-03-29T23:00:00.000Z",
			"2025-03-30T11:00:00.000Z",
		]);
	});

	it("[SCHED-16] and BY parts go by what the clock shows, twice if it shows it twice", () => {
		const rrule = "FREQ=MINUTELY;INTERVAL=30;BYHOUR=2";
		const schedule = { rrule, timezone: BERLIN, dtstart: "2025-01-01" };
		expect(times(schedule, SPRING)).toEqual([]);
		expect(times(schedule, AUTUMN)).toEqual(["26T00:00", "26T00:30", "26T01:00", "26T01:30"]);
	});

	it("[SCHED-16] with a change of half an hour minutes are still the clock's", () => {
		const rrule = "FREQ=HOURLY;BYMINUTE=15";
		const schedule = { rrule, timezone: "Australia/Lord_Howe", dtstart: "2025-01-01" };
		expect(upcoming(schedule, "2025-04-05T13:00:00Z", 4)).toEqual([
			"2025-04-05T13:15:00.000Z",
			"2025-04-05T14:15:00.000Z",
			"2025-04-05T15:45:00.000Z",
			"2025-04-05T16:45:00.000Z",
		]);
	});
});

describe("zones", () => {
	const zones = Intl.supportedValuesOf("timeZone");

	it("[SCHED-31] every zone the runtime knows is one", () => {
		expect(zones.filter((name) => zoneOf(name) === undefined)).toEqual([]);
	});

	it.each(["Etc/GMT+5", "EST5EDT", "Japan", "US/Eastern", "Asia/Calcutta", "GB"])(
		"[SCHED-31] %s is an older name of one",
		(name) => {
			expect(zoneOf(name)?.id).toBe(name);
		},
	);

	it.each([
		"+05:00",
		"GMT+5",
		"GMT+05:00",
		"UTC+1",
		"EST5EDT ",
		"europe/berlin",
		"Berlin",
		"../etc",
		"Etc/",
	])("[SCHED-31] %j is none", (name) => {
		expect(zoneOf(name)).toBeUndefined();
	});

	it("[SCHED-31] offsets and changes are those of the runtime's data", () => {
		const instant = fc.integer({ min: Date.UTC(1905, 0, 1), max: Date.UTC(2100, 0, 1) });
		fc.assert(
			fc.property(fc.constantFrom(...zones), instant, (name, at) => {
				const zone = zoneOf(name);
				if (zone === undefined) throw new Error(`${name} is unknown`);
				expect(zone.offsetAt(at)).toBe(shownOffset(name, at));
				const change = zone.changeAfter(at, at + 200 * 86_400_000);
				if (change === undefined) return;
				expect(zone.offsetAt(change)).toBe(shownOffset(name, change));
				expect(zone.offsetAt(change - 1)).not.toBe(zone.offsetAt(change));
			}),
			{ numRuns: 300 },
		);
	});

	it.each([
		[0, "+00:00"],
		[-12_600_000, "-03:30"],
		[3_208_000, "+00:53:28"],
	])("[SCHED-31] an offset of %d ms is written %s", (ms, text) => {
		expect(formatOffset(ms)).toBe(text);
	});
});

function shownOffset(timeZone: string, at: number): number {
	const format = new Intl.DateTimeFormat("sv-SE", {
		timeZone,
		dateStyle: "short",
		timeStyle: "medium",
	});
	return Date.parse(`${format.format(at).replace(" ", "T")}Z`) - Math.floor(at / 1_000) * 1_000;
}
