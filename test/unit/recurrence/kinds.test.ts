/** The other kinds of schedules, and what may stand beside any of them. */
import { describe, expect, it } from "vitest";
import { calendarsFrom } from "../../../src/core/calendar/calendar-dates.ts";
import { renderSchedule } from "../../../src/core/recurrence/render-schedule.ts";
import { accepted, flawsOf, upcoming } from "./read.ts";

const FROM = "2025-01-01T00:00:00Z";
const at = (...days: string[]): string[] => days.map((day) => `2025-${day}:00.000Z`);
const calendars = calendarsFrom([
	{ name: "holidays", version: 1, dates: ["2025-01-06", "2025-01-31", "2025-05-01"] },
]);

describe("one way to say when", () => {
	it("[SCHED-1] none is refused, and several are, naming each", () => {
		expect(flawsOf({})).toEqual([
			expect.stringMatching(/^schedule: says no time: expected one of/),
		]);
		expect(flawsOf({ cron: "0 9 * * *", every: "1h" })).toEqual([
			"schedule.cron: cron and every are given, where one may say when",
			"schedule.every: cron and every are given, where one may say when",
		]);
	});

	it.each([
		["dtstart", { cron: "0 9 * * *", dtstart: "2025-01-01" }, "belongs to rrule, not to cron"],
		["phase", { cron: "0 9 * * *", phase: "1m" }, "belongs to every, not to cron"],
		["filter", { every: "1m", filter: "a" }, "belongs to event, not to every"],
		["debounce", { every: "1m", debounce: { period: "1m" } }, "belongs to event, not to every"],
	])("[SCHED-1] %s beside another kind is refused", (member, schedule, message) => {
		expect(flawsOf(schedule)).toEqual([`schedule.${member}: ${message}`]);
	});

	it("[SCHED-1] an unknown member is refused", () => {
		expect(flawsOf({ cron: "0 9 * * *", timeZone: "UTC" })).toEqual([
			expect.stringMatching(/^schedule\.timeZone: /),
		]);
	});
});

describe("intervals", () => {
	it("[SCHED-20] count from the creation", () => {
		expect(upcoming({ every: "90s" }, "2025-01-01T00:00:10Z", 2)).toEqual([
			"2025-01-01T00:00:10.000Z",
			"2025-01-01T00:01:40.000Z",
		]);
	});

	it("[SCHED-20] from `start`, which is the first", () => {
		expect(upcoming({ every: "1h", start: "2025-02-01T09:30:00" }, FROM, 2)).toEqual(
			at("02-01T09:30", "02-01T10:30"),
		);
	});

	it.each([
		["2m", ["01-01T00:02", "01-01T00:17"]],
		["0s", ["01-01T00:00", "01-01T00:15"]],
		[0, ["01-01T00:00", "01-01T00:15"]],
		["1h2m", ["01-01T00:02", "01-01T00:17"]],
	])("[SCHED-20] with the phase %s from 1970 on", (phase, expected) => {
		expect(upcoming({ every: "15m", phase }, FROM, 2)).toEqual(at(...expected));
	});

	it("[SCHED-20] are a second at least", () => {
		expect(flawsOf({ every: "999ms" })).toEqual([
			"schedule.every: got 999 ms: expected at least 1000 ms",
		]);
		expect(flawsOf({ every: "1 month" })).toEqual([expect.stringMatching(/^schedule\.every: /)]);
	});
});

describe("lists of instants", () => {
	it("[SCHED-21] fire in order, each once, in the schedule's zone", () => {
		const dates = ["2025-03-01T09:00:00", "2025-02-01T00:00:00Z", "2025-03-01T08:00:00Z"];
		expect(upcoming({ dates, timezone: "Europe/Berlin" }, FROM, 5)).toEqual(
			at("02-01T00:00", "03-01T08:00"),
		);
	});

	it("[SCHED-21] name what is none", () => {
		expect(flawsOf({ dates: ["2025-01-01T00:00:00Z", "soon"] })).toEqual([
			expect.stringMatching(/^schedule\.dates\.1: "soon" is not a time there is/),
		]);
	});
});

describe("business days", () => {
	it.each([
		[{ lastBusinessDay: "17:00" }, ["01-31T17:00", "02-28T17:00", "03-31T17:00"]],
		[{ businessDay: { nth: 1, at: "09:00" } }, ["01-01T09:00", "02-03T09:00", "03-03T09:00"]],
		[
			{ businessDay: { nth: -2, at: ["17:00", "08:30"] } },
			["01-30T08:30", "01-30T17:00", "02-27T08:30"],
		],
		[
			{ businessDay: { nth: 4, at: "09:00" }, businessDays: { calendars: ["holidays"] } },
			["01-07T09:00", "02-06T09:00", "03-06T09:00"],
		],
		[
			{ lastBusinessDay: "17:00", businessDays: { calendars: ["holidays"] } },
			["01-30T17:00", "02-28T17:00"],
		],
		[
			{ businessDay: { nth: 1, at: "09:00" }, businessDays: { weekend: ["FR", "SA"] } },
			["01-01T09:00", "02-02T09:00"],
		],
	])("[SCHED-22] %j", (schedule, expected) => {
		expect(upcoming(schedule, FROM, expected.length, { calendars })).toEqual(at(...expected));
	});

	it("[SCHED-22] are refused for the zeroth day and for what is no time of day", () => {
		expect(flawsOf({ businessDay: { nth: 0, at: "09:00" } })).toEqual([
			"schedule.businessDay.nth: got 0: expected 1 to 23 or -23 to -1",
		]);
		expect(flawsOf({ lastBusinessDay: "24:00" })).toEqual([
			expect.stringMatching(/^schedule\.lastBusinessDay: "24:00" is not a time of day/),
		]);
	});

	// 2025-01-04 is a Saturday, 01-06 a holiday.
	it.each([
		["next", "0 9 4,5 * *", ["01-07T09:00", "02-04T09:00", "02-05T09:00"]],
		["previous", "0 9 4,5 * *", ["01-03T09:00", "02-04T09:00", "02-05T09:00"]],
		["nearest", "0 9 4,5 * *", ["01-03T09:00", "02-04T09:00", "02-05T09:00"]],
		["skip", "0 9 4,5 * *", ["02-04T09:00", "02-05T09:00", "03-04T09:00"]],
		["next", "0 9,17 * 1 *", ["01-01T09:00", "01-01T17:00", "01-02T09:00"]],
	])("[SCHED-23] shift %s moves %s", (shift, cron, expected) => {
		const schedule = { cron, businessDays: { shift, calendars: ["holidays"] } };
		expect(upcoming(schedule, FROM, 3, { calendars })).toEqual(at(...expected));
	});

	it("[SCHED-23] moves over the end of a month, and keeps to the end of the schedule", () => {
		const schedule = { cron: "0 9 31 * *", businessDays: { shift: "next" } };
		expect(upcoming(schedule, "2025-05-01T00:00:00Z", 2)).toEqual(at("06-02T09:00", "07-31T09:00"));
		const ended = { ...schedule, end: "2025-06-01T00:00:00Z" };
		expect(upcoming(ended, "2025-05-01T00:00:00Z", 2)).toEqual([]);
	});

	it("[SCHED-23] keeps the time of day of a rule of every minute", () => {
		const schedule = { cron: "* * * * *", businessDays: { shift: "next" } };
		expect(upcoming(schedule, "2025-01-03T23:59:00Z", 3)).toEqual(
			at("01-03T23:59", "01-06T00:00", "01-06T00:01"),
		);
	});

	it("[SCHED-23] needs to know where to", () => {
		expect(flawsOf({ cron: "0 9 * * *", businessDays: { calendars: [] } })).toEqual([
			"schedule.businessDays.shift: is missing: expected next, previous, nearest or skip",
		]);
	});
});

describe("exclusions", () => {
	it("[SCHED-24] by days, instants, calendars and rules", () => {
		const schedule = {
			cron: "0 9,17 * * *",
			exclude: {
				dates: ["2025-01-02", "2025-01-03T09:00:00"],
				calendars: ["holidays"],
				rules: [
					{ cron: "0 17 * * *" },
					{ rrule: "FREQ=WEEKLY;BYDAY=SU;BYHOUR=9;BYMINUTE=0", dtstart: "2025-01-01" },
				],
			},
		};
		expect(upcoming(schedule, FROM, 4, { calendars })).toEqual(
			at("01-01T09:00", "01-04T09:00", "01-07T09:00", "01-08T09:00"),
		);
	});

	it("[SCHED-24] a rule that names no time of day leaves out whole days", () => {
		const schedule = {
			cron: "0 9,17 * * *",
			timezone: "Asia/Tokyo",
			exclude: { rules: [{ rrule: "FREQ=WEEKLY;BYDAY=WE,TH,FR,SA,SU" }] },
		};
		expect(upcoming(schedule, FROM, 2)).toEqual(at("01-06T00:00", "01-06T08:00"));
		const shown = renderSchedule(accepted(schedule));
		expect(shown.exclude?.rules).toEqual([
			{ rrule: "FREQ=WEEKLY;BYDAY=WE,TH,FR,SA,SU", dtstart: "2025-01-01" },
		]);
		expect(accepted(shown)).toEqual(accepted(schedule));
	});

	it("[SCHED-24] an excluded day is passed at once", () => {
		const schedule = { cron: "* * * * * *", exclude: { dates: ["2025-01-01", "2025-01-02"] } };
		expect(upcoming(schedule, FROM, 1)).toEqual(at("01-03T00:00"));
	});

	it("[SCHED-24] names the calendar there is not, and the rule that is none", () => {
		const exclude = { calendars: ["moon"], rules: [{ cron: "x" }, {}] };
		expect(flawsOf({ every: "1h", exclude })).toEqual([
			expect.stringMatching(/^schedule\.exclude\.rules\.0\.cron: "x" has 1 fields/),
			"schedule.exclude.rules.1: expected one of cron and rrule",
			'schedule.exclude.calendars.0: there is no calendar called "moon"',
		]);
	});

	it("[SCHED-32] a schedule with nothing left is refused at creation", () => {
		const schedule = { cron: "0 9 * * *", exclude: { rules: [{ cron: "0 * * * *" }] } };
		expect(flawsOf(schedule, { requireFuture: true })).toEqual([
			expect.stringMatching(/^schedule\.cron: has no future occurrence/),
		]);
	});
});

describe("start and end", () => {
	it("[SCHED-25] are both included", () => {
		const schedule = {
			cron: "0 9 * * *",
			timezone: "Europe/Berlin",
			start: "2025-01-05T09:00:00",
			end: "2025-01-07T08:00:00Z",
		};
		expect(upcoming(schedule, FROM, 9)).toEqual(at("01-05T08:00", "01-06T08:00", "01-07T08:00"));
	});

	it("[SCHED-25] do not stand the wrong way round", () => {
		expect(flawsOf({ every: "1h", start: "2025-02-01", end: "2025-01-01" })).toEqual([
			"schedule.end: 2025-01-01 lies before start, 2025-02-01",
		]);
	});

	it("[SCHED-25] a preview of a schedule with a limit ends with it", () => {
		expect(upcoming({ cron: "0 9 * * *", limit: 2 }, FROM, 9)).toHaveLength(2);
	});
});

describe("events and conditions", () => {
	it("[SCHED-26] have their members, and no occurrences but the looks at a condition", () => {
		const event = {
			event: "builds.done",
			filter: "payload.ok",
			debounce: { key: "payload.repo", period: "5s" },
		};
		expect(accepted(event)).toEqual({
			event: "builds.done",
			filter: "payload.ok",
			debounce: { key: "payload.repo", periodMs: 5_000 },
		});
		expect(upcoming(event, FROM, 3)).toEqual([]);
		const condition = { condition: "weather.rain > `0.5`", every: "10m" };
		expect(upcoming(condition, FROM, 2)).toEqual(at("01-01T00:00", "01-01T00:10"));
		expect(accepted({ condition: "a" })).toMatchObject({ everyMs: 60_000 });
	});
});

describe("rendering", () => {
	it.each([
		{ cron: "0 9 * * *", timezone: "Europe/Berlin", dst: "twice" },
		{ cron: ["0 9 * * *", "0 18 * * *"], timezone: "UTC", limit: 5 },
		{ rrule: "FREQ=DAILY;COUNT=9", dtstart: "2025-01-01T09:00:00", timezone: "Asia/Tokyo" },
		{ every: "1h 30m", phase: "0s", timezone: "UTC" },
		{ dates: ["2025-01-02T09:00:00.000Z"], timezone: "UTC" },
		{ businessDay: { nth: -1, at: "17:00" }, timezone: "UTC", businessDays: { weekend: ["SU"] } },
		{ event: "a", filter: "b", throttle: { period: "5s" }, timezone: "UTC" },
		{ condition: "a", every: "5m", timezone: "UTC" },
		{
			cron: "0 9 * * *",
			timezone: "UTC",
			start: "2025-01-01T00:00:00.000Z",
			end: "2026-01-01T00:00:00.000Z",
			exclude: {
				rules: [{ cron: "0 9 1 * *" }],
				dates: ["2025-01-05", "2025-01-06T09:00:00.000Z"],
			},
			businessDays: { shift: "next" },
		},
	])("[SCHED-35] a normalised schedule is shown as it is: %j", (schedule) => {
		expect(renderSchedule(accepted(schedule))).toEqual(schedule);
	});
});
