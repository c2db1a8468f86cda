/** Quiet hours: reading, and when they end. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	formatQuietHours,
	parseQuietHours,
	quietUntil,
} from "../../../src/core/slack/quiet-hours.ts";

const night = { fromMinute: 22 * 60, toMinute: 7 * 60 };
const minute = fc.integer({ min: 0, max: 1_439 });
const hours = fc
	.record({ fromMinute: minute, toMinute: minute })
	.filter(({ fromMinute, toMinute }) => fromMinute !== toMinute);

describe("quiet hours", () => {
	it("[SAY-40] read back as they are shown", () => {
		fc.assert(
			fc.property(hours, (one) => {
				expect(parseQuietHours(formatQuietHours(one))).toEqual({ ok: true, value: one });
			}),
		);
	});

	it.each([
		"22:00-07:00",
		"22-7",
		"10pm-7am",
		"10 pm to 7 am",
		"from 22 until 7:00",
		"22:00 – 07:00",
	])("[SAY-40] %s", (text) => {
		expect(parseQuietHours(text)).toEqual({ ok: true, value: night });
	});

	it.each([
		"",
		"22:00",
		"22:00-",
		"25:00-07:00",
		"22:00-22:00",
		"22-7 on monday",
		"soon",
		"22-7-9",
	])("[SAY-40] refuses “%s”", (text) => {
		expect(parseQuietHours(text).ok).toBe(false);
	});

	it.each([
		// Over midnight, in winter.
		["Europe/Berlin", night, "2026-11-21T20:59:59Z", null],
		["Europe/Berlin", night, "2026-11-21T21:00:00Z", "2026-11-22T06:00:00.000Z"],
		["Europe/Berlin", night, "2026-11-22T05:59:59Z", "2026-11-22T06:00:00.000Z"],
		["Europe/Berlin", night, "2026-11-22T06:00:00Z", null],
		// The night that is an hour shorter, and the one that is longer.
		["Europe/Berlin", night, "2026-03-28T22:00:00Z", "2026-03-29T05:00:00.000Z"],
		["Europe/Berlin", night, "2026-10-24T21:00:00Z", "2026-10-25T06:00:00.000Z"],
		// An edge that is skipped lies after the gap; of one that comes twice the first counts.
		[
			"Europe/Berlin",
			{ fromMinute: 60, toMinute: 150 },
			"2026-03-29T00:30:00Z",
			"2026-03-29T01:30:00.000Z",
		],
		[
			"Europe/Berlin",
			{ fromMinute: 60, toMinute: 150 },
			"2026-10-25T00:29:00Z",
			"2026-10-25T00:30:00.000Z",
		],
		["Europe/Berlin", { fromMinute: 60, toMinute: 150 }, "2026-10-25T01:10:00Z", null],
		[
			"Asia/Kathmandu",
			{ fromMinute: 720, toMinute: 780 },
			"2026-11-21T06:20:00Z",
			"2026-11-21T07:15:00.000Z",
		],
		// Samoa had no 30 December 2011.
		["Pacific/Apia", night, "2011-12-30T08:30:00Z", "2011-12-30T17:00:00.000Z"],
	])("[SAY-41] in %s, %j at %s", (zone, one, at, until) => {
		const end = quietUntil(one, zone, Date.parse(at));
		expect(end === null ? null : new Date(end).toISOString()).toBe(until);
	});

	it("[SAY-41] agrees with the clock on the wall, far from a change of offset", () => {
		const at = fc.date({
			min: new Date("2026-06-01"),
			max: new Date("2026-08-01"),
			noInvalidDate: true,
		});
		const zones = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata");
		fc.assert(
			fc.property(hours, zones, at, (one, zone, date) => {
				const end = quietUntil(one, zone, date.getTime());
				const now = wall(date, zone);
				const { fromMinute, toMinute } = one;
				const within =
					fromMinute < toMinute
						? fromMinute <= now && now < toMinute
						: now >= fromMinute || now < toMinute;
				expect(end !== null).toBe(within);
				if (end === null) return;
				expect(end).toBeGreaterThan(date.getTime());
				expect(wall(new Date(end), zone)).toBe(toMinute);
				expect(quietUntil(one, zone, end)).toBeNull();
			}),
		);
	});
});

describe("quiet hours near a change of offset", () => {
	const changes = fc.constantFrom(
		["Europe/Berlin", "2026-03-29T01:00:00Z"] as const,
		["Europe/Berlin", "2026-10-25T01:00:00Z"] as const,
		["Australia/Lord_Howe", "2026-10-03T15:30:00Z"] as const,
		["America/New_York", "2026-11-01T06:00:00Z"] as const,
		["Pacific/Apia", "2011-12-30T10:00:00Z"] as const,
	);
	const offset = fc.integer({ min: -36 * 60, max: 36 * 60 });

	it("[SAY-41] end at one instant for all that falls into them", () => {
		fc.assert(
			fc.property(
				hours,
				changes,
				offset,
				fc.double({ min: 0, max: 1, noNaN: true }),
				(one, change, by, share) => {
					const [zone, changedAt] = change;
					const at = Date.parse(changedAt) + by * 60_000;
					const end = quietUntil(one, zone, at);
					if (end === null) return;
					expect(end).toBeGreaterThan(at);
					const later = at + Math.floor((end - 1 - at) * share);
					expect(quietUntil(one, zone, later)).toBe(end);
					expect(quietUntil(one, zone, end)).toBeNull();
				},
			),
			{ numRuns: 1_000 },
		);
	});
});

function wall(date: Date, timeZone: string): number {
	const [hour = 0, minute = 0] = date
		.toLocaleTimeString("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" })
		.split(":")
		.map(Number);
	return hour * 60 + minute;
}
