/** Phrases by example: what a command's words mean, in several zones and across DST. */
import { describe, expect, it } from "vitest";
import { ScheduleSchema } from "../../../src/contract/schedule.ts";
import { readCommand } from "../../../src/core/slack/command.ts";
import { nextTimes } from "../../../src/core/slack/next-times.ts";
import { PHRASES, type PhraseCase } from "./phrase-cases.ts";
import { localOf, readCase } from "./read-case.ts";

type Expected = PhraseCase[1];

describe.each(PHRASES)("$title", ({ zone, now, cases }) => {
	const ofKind = (isKind: (expected: Expected) => boolean) =>
		cases
			.filter(([, expected]) => isKind(expected))
			.map(([phrase, expected]) => ({ phrase, expected }));
	const isInstant = (expected: Expected) => "local" in expected || "inMs" in expected;
	const isTold = (expected: Expected) => "told" in expected;

	function check({ phrase, expected }: { phrase: string; expected: Expected }): void {
		expect(readCase(phrase, zone, now)).toEqual(expected);
	}

	it.for(ofKind((one) => isInstant(one) && !isTold(one)))("[SAY-1] $phrase", check);
	it.for(ofKind((one) => isInstant(one) && isTold(one)))("[SAY-3] $phrase", check);
	it.for(ofKind((one) => "problem" in one && /^not /.test(one.problem)))("[SAY-4] $phrase", check);
	it.for(ofKind((one) => "problem" in one && !/^not /.test(one.problem)))("[SAY-5] $phrase", check);
	it.for(ofKind((one) => "schedule" in one))("[SAY-6] $phrase", check);
});

describe("schedules", () => {
	it.each([
		["every weekday at 9", ["2026-11-23 09:00", "2026-11-24 09:00", "2026-11-25 09:00"]],
		[
			"every monday and thursday at 10:30",
			["2026-11-23 10:30", "2026-11-26 10:30", "2026-11-30 10:30"],
		],
		["every day at 9, 12:30 and 5pm", ["2026-11-22 09:00", "2026-11-22 12:30", "2026-11-22 17:00"]],
		["every 15 minutes", ["2026-11-21 19:20", "2026-11-21 19:35", "2026-11-21 19:50"]],
		[
			"on the first monday of each month at 9",
			["2026-12-07 09:00", "2027-01-04 09:00", "2027-02-01 09:00"],
		],
		["every last friday at 16", ["2026-11-27 16:00", "2026-12-25 16:00", "2027-01-29 16:00"]],
		["every second friday at 16", ["2026-11-27 16:00", "2026-12-11 16:00", "2026-12-25 16:00"]],
		["every 3 days at 8", ["2026-11-22 08:00", "2026-11-25 08:00", "2026-11-28 08:00"]],
		[
			"every 2 months on the 1st at 9",
			["2026-12-01 09:00", "2027-02-01 09:00", "2027-04-01 09:00"],
		],
		[
			"on the last working day of each month at 17",
			["2026-11-30 17:00", "2026-12-31 17:00", "2027-01-29 17:00"],
		],
		[
			"every month on the last day at 17",
			["2026-11-30 17:00", "2026-12-31 17:00", "2027-01-31 17:00"],
		],
		["every 24 december at 18", ["2026-12-24 18:00", "2027-12-24 18:00", "2028-12-24 18:00"]],
	])("[SAY-6] %s fires when it says", (phrase, expected) => {
		const now = Date.parse("2026-11-21T18:05:00Z");
		const zone = "Europe/Berlin";
		const read = readCommand(phrase, { zone, now, command: "/ato" });
		if (!read.ok || read.value.kind !== "create") throw new Error("not a timer");
		const schedule = ScheduleSchema.parse(read.value.timer["schedule"]);
		const times = nextTimes(schedule, now, 3).map(({ at }) =>
			localOf(new Date(at).toISOString(), zone),
		);
		expect(times.map((time) => time.slice(0, 16))).toEqual(expected);
	});
});
