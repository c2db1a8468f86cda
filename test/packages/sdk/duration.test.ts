/** The founding client's two helpers for durations. */
import { describe, expect, test } from "vitest";
import { formatTimeRemaining, parseDuration } from "../../../packages/sdk/src/index.ts";
import { parseDuration as readByNetwork } from "../../../src/core/duration.ts";
import { fc, test as property } from "./properties.ts";

describe("durations", () => {
	test.each([
		["5s", 5_000],
		["2m", 120_000],
		["1h", 3_600_000],
		[10_000, 10_000],
		["1h 30m", 5_400_000],
		["1.5s", 1_500],
		["250ms", 250],
		["1W", 604_800_000],
	])("[SDK-60] %s is %i ms", (input, ms) => {
		expect(parseDuration(input)).toBe(ms);
	});

	test.each(["", "5", "s", "5x", "-5s", "0s", "5s!", "1s1", 0, -1, Number.NaN])(
		"[SDK-60] %j is refused, and the refusal says what is expected",
		(input) => {
			expect(() => parseDuration(input)).toThrow(/Expected milliseconds or text like .* got/);
		},
	);

	test.each([
		[5_000, "5s"],
		[65_000, "1m 5s"],
		[3_665_000, "1h 1m 5s"],
		[90_061_999, "1d 1h 1m 1s"],
		[999, "0s"],
		[-1, "0s"],
	])("[SDK-60] %i ms are shown as %s", (ms, text) => {
		expect(formatTimeRemaining(ms)).toBe(text);
	});

	property(
		"[SDK-60] what is shown is read as the same, as the network reads it",
		[fc.integer({ min: 1, max: 10_000_000 })],
		(seconds) => {
			const text = formatTimeRemaining(seconds * 1_000);
			expect(parseDuration(text)).toBe(seconds * 1_000);
			expect(readByNetwork(text)).toEqual({ ok: true, value: seconds * 1_000 });
		},
	);
});
