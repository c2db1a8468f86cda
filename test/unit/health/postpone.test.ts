import fc from "fast-check";
import { expect, it } from "vitest";
import { postponedDueAt, postponedTooLong } from "../../../src/core/postpone.ts";

const NOW = Date.UTC(2026, 10, 21);

it.each([
	["at the end", 5_000, 0, 5_000],
	["over as long again", 5_000, 0.5, 7_500],
	["over thirty seconds at most", 300_000, 0.5, 315_000],
	["over a second at least", 10, 0.5, 510],
	["from now on, when the end is past", -60_000, 0.5, 500],
])("[HEALTH-6] deliveries come %s", (_, untilMs, random, dueMs) => {
	expect(postponedDueAt(NOW + untilMs, NOW, random)).toBe(NOW + dueMs);
});

it("[HEALTH-6] none comes before the host may be sent to, nor 30 s after", () => {
	const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
	fc.assert(
		fc.property(fc.integer({ min: -1e6, max: 1e6 }), random, (untilMs, draw) => {
			const from = Math.max(NOW, NOW + untilMs);
			const due = postponedDueAt(NOW + untilMs, NOW, draw);
			expect(due).toBeGreaterThanOrEqual(from);
			expect(due).toBeLessThan(from + 30_000);
		}),
	);
});

it("[HEALTH-8] a day of waiting is too long", () => {
	const day = 24 * 60 * 60 * 1_000;
	expect([day - 1, day].map((ms) => postponedTooLong(NOW - ms, NOW))).toEqual([false, true]);
});
