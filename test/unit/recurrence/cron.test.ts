/** Cron expressions: what the published suites leave open. */
import { describe, expect, it } from "vitest";
import { flawsOf, upcoming } from "./read.ts";

const FROM = "2025-01-01T00:00:00Z";

function days(cron: string, count: number): string[] {
	return upcoming({ cron }, FROM, count).map((at) => at.slice(5, 10));
}

describe("cron expressions", () => {
	it.each([
		["0 0 L * *", ["01-31", "02-28", "03-31"]],
		["0 0 L-2 * *", ["01-29", "02-26", "03-29"]],
		["0 0 LW * *", ["01-31", "02-28", "03-31"]],
		["0 0 LW 8 *", ["08-29", "08-31"]],
		["0 0 1W 2 *", ["02-03", "02-02"]],
		["0 0 15W * *", ["01-15", "02-14", "03-14"]],
		["0 0 * * 5L", ["01-31", "02-28", "03-28"]],
		["0 0 * * FRI#2", ["01-10", "02-14", "03-14"]],
		["0 0 * * MON#5", ["03-31", "06-30", "09-29"]],
		["0 0 * * FRI#L", ["01-31", "02-28", "03-28"]],
		["0 0 29 2 *", ["02-29", "02-29"]],
		["0 0 31W 4 1#1", ["04-07", "04-06"]],
		["0 0 1-5,28-2 2 *", ["02-01", "02-02", "02-03", "02-04", "02-05", "02-28"]],
	])("[SCHED-3] %s", (cron, expected) => {
		expect(days(cron, expected.length)).toEqual(expected);
	});

	it.each([
		["0 0 13 * 5", "either"],
		["0 0 13 * ?", "day of month"],
		["0 0 ? * 5", "day of week"],
		["0 0 */1 * 5", "day of week"],
		["0 0 */31 * 5", "either"],
	])("[SCHED-3] %s goes by %s", (cron, by) => {
		const first = days(cron, 3);
		const expected = {
			either: cron.includes("13") ? ["01-03", "01-10", "01-13"] : ["01-01", "01-03", "01-10"],
			"day of month": ["01-13", "02-13", "03-13"],
			"day of week": ["01-03", "01-10", "01-17"],
		}[by];
		expect(first).toEqual(expected);
	});

	it("[SCHED-2] unites several expressions, an instant of two of them once", () => {
		const cron = ["0 9 * * MON", "0 9,12 * * *", "30 17 1 * *"];
		expect(upcoming({ cron }, "2025-01-05T10:00:00Z", 4)).toEqual([
			"2025-01-05T12:00:00.000Z",
			"2025-01-06T09:00:00.000Z",
			"2025-01-06T12:00:00.000Z",
			"2025-01-07T09:00:00.000Z",
		]);
	});

	it("[SCHED-4] names the expression and the part that is wrong", () => {
		expect(flawsOf({ cron: ["0 9 * * *", "0 9 * * FUN"] })).toEqual([
			'schedule.cron.1: "FUN" is not a day of week: expected 0 to 6, SUN to SAT, *, ranges like 0-6 and steps like */2',
		]);
		expect(flawsOf({ cron: "*/61 * * * *" })).toEqual([
			'schedule.cron: the step of "*/61" in the minute field must be 1 to 60',
		]);
		expect(flawsOf({ cron: "@reboot" })).toEqual([
			expect.stringMatching(/^schedule\.cron: "@reboot" is not one of @yearly, /),
		]);
		expect(flawsOf({ cron: "0 0 1 1 * 2026 *" })).toEqual([
			expect.stringMatching(/has 7 fields: expected five .* or six/),
		]);
	});
});
