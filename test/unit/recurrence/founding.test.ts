/** The founding scheduler's acceptance cases, against the engine itself. */
import { describe, expect, it } from "vitest";
import {
	ACCEPTED_ZONES,
	CRON_CASES,
	HOURLY_DAYS,
	REFUSED_CRONS,
	REFUSED_RULES,
	REFUSED_ZONES,
	RULE_CASES,
} from "./founding-tables.ts";
import { accepted, flawsOf, upcoming } from "./read.ts";

describe("recurrence rules", () => {
	it.each(RULE_CASES)("[SCHED-15] $schedule.rrule in $schedule.timezone", (each) => {
		const count = each.expected.length + (each.all ? 1 : 0);
		expect(upcoming(each.schedule, each.from, count)).toEqual(each.expected);
	});

	it.each(HOURLY_DAYS)("[SCHED-16] an hourly rule on %s", (day, from, to, count) => {
		const schedule = { rrule: "FREQ=HOURLY", timezone: "Europe/Berlin", dtstart: `${day}T00:00` };
		const fired = upcoming(schedule, from, 40).filter((at) => at < to);
		expect(fired).toHaveLength(count);
		expect(new Set(fired).size).toBe(count);
	});

	it.each(REFUSED_RULES)("[SCHED-11] refuses %j", (rrule) => {
		expect(flawsOf({ rrule })).toEqual([expect.stringMatching(/^schedule\.rrule: ./)]);
	});

	it("[SCHED-32] says which day never comes", () => {
		expect(flawsOf({ rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" })).toEqual([
			"schedule.rrule: can never fire: February 30th never comes",
		]);
	});

	it("[SCHED-32] refuses at creation what has ended", () => {
		const schedule = { rrule: "FREQ=DAILY;UNTIL=20240101T000000Z", dtstart: "2023-01-01" };
		expect(flawsOf(schedule, { requireFuture: true })).toEqual([
			"schedule.rrule: has no future occurrence: nothing is found after 2025-01-01T00:00:00.000Z",
		]);
	});
});

describe("cron", () => {
	it.each(CRON_CASES)("[SCHED-15] $schedule.cron in $schedule.timezone", (each) => {
		expect(upcoming(each.schedule, each.from, each.expected.length)).toEqual(each.expected);
	});

	it.each(REFUSED_CRONS)("[SCHED-4] refuses %j", (cron) => {
		expect(flawsOf({ cron })).toEqual([expect.stringMatching(/^schedule\.cron: ./)]);
	});
});

describe("time zones", () => {
	it.each(REFUSED_ZONES)("[SCHED-31] refuses %j", (timezone) => {
		expect(flawsOf({ cron: "0 9 * * *", timezone })).toEqual([
			expect.stringMatching(/^schedule\.timezone: .*IANA/),
		]);
	});

	it.each(ACCEPTED_ZONES)("[SCHED-31] accepts %s", (timezone) => {
		accepted({ cron: "0 9 * * *", timezone });
	});
});
