import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../../src/core/duration.ts";
import { DAY, HOUR, MINUTE, SECOND, WEEK } from "../../../src/core/units.ts";
import { getPublishedVectors } from "../published-vectors.ts";

const LONGEST_MS = 8.64e15;

function reasonFor(input: unknown): string | undefined {
	const parsed = parseDuration(input);
	return parsed.ok ? undefined : parsed.error.reason;
}

describe("durations", () => {
	it.each([1, 10_000, LONGEST_MS])("[DUR-1] the number %d is that many ms", (ms) => {
		expect(parseDuration(ms)).toEqual({ ok: true, value: ms });
	});

	it.each([
		["500ms", 500],
		["5s", 5 * SECOND],
		["2m", 2 * MINUTE],
		["1h", HOUR],
		["1d", DAY],
		["1w", WEEK],
		["1h30m", HOUR + 30 * MINUTE],
		["1w2d3h4m5s6ms", WEEK + 2 * DAY + 3 * HOUR + 4 * MINUTE + 5 * SECOND + 6],
		["1h 1m 5s", 3_665_000],
		["0h5m", 5 * MINUTE],
		["90m", 90 * MINUTE],
		["  30S\n", 30 * SECOND],
		["1H30M", HOUR + 30 * MINUTE],
	])("[DUR-2] %j is short text for %d ms", (text, ms) => {
		expect(parseDuration(text)).toEqual({ ok: true, value: ms });
	});

	it.each([
		["PT1H30M", HOUR + 30 * MINUTE],
		["P1W", WEEK],
		["P1DT2H", DAY + 2 * HOUR],
		["P1W1D", WEEK + DAY],
		["pt0.5s", 500],
		["PT1,5H", HOUR + 30 * MINUTE],
	])("[DUR-3] %j is an ISO 8601 duration of %d ms", (text, ms) => {
		expect(parseDuration(text)).toEqual({ ok: true, value: ms });
	});

	it.each(["P1Y", "P1M", "P1Y2M3DT4H", "p0m"])("[DUR-4] %j has no fixed length", (text) => {
		expect(reasonFor(text)).toBe("calendar_unit");
	});

	it.each([
		["1.5h", HOUR + 30 * MINUTE],
		["1h0.5m", HOUR + 30 * SECOND],
		["1.1h", 3_960_000],
		["0.001s", 1],
		["0.0000000000001h", undefined],
		["1.5ms", undefined],
		["1.0005s", undefined],
		["PT3H4.123456789S", undefined],
	])("[DUR-5] the fraction of %j is exact or refused", (text, ms) => {
		if (ms === undefined) expect(reasonFor(text)).toBe("not_whole_ms");
		else expect(parseDuration(text)).toEqual({ ok: true, value: ms });
	});

	it.each(["1.5h30m", "1,5h", "1.h", ".5h"])(
		"[DUR-5] %j puts a fraction where none may be",
		(text) => {
			expect(reasonFor(text)).toBe("not_a_duration");
		},
	);

	it.each([
		[0, "not_positive"],
		[-5, "not_positive"],
		["0s", "not_positive"],
		["PT0S", "not_positive"],
		["-5s", "not_positive"],
		["-P1D", "not_positive"],
		[1.5, "not_whole_ms"],
		[Number.NaN, "not_a_duration"],
		[Number.POSITIVE_INFINITY, "too_long"],
		[LONGEST_MS + 1, "too_long"],
		["8640000000000001ms", "too_long"],
		["99999999999999999999w", "too_long"],
		["9".repeat(1_000), "not_a_duration"],
	])("[DUR-6] %s is out of range: %s", (input, reason) => {
		expect(reasonFor(input)).toBe(reason);
	});

	it.each([
		"",
		" ",
		"5",
		"10000",
		"s",
		"5 s",
		"5x",
		"5 minutes",
		"30m1h",
		"1h1h",
		"+5s",
		"--5s",
		"5s!",
		"P",
		"PT",
		"P1DT",
		"P1H",
		"PT1D",
		"0x10ms",
		"1e3ms",
		"٣s",
		null,
		undefined,
		true,
		{},
		[5],
		5n,
	])("[DUR-7] %s is not a duration", (input) => {
		expect(reasonFor(input)).toBe("not_a_duration");
	});

	it("[DUR-7] the error says what came and what is expected", () => {
		const parsed = parseDuration("10000");
		expect(!parsed.ok && parsed.error.message).toBe(
			'"10000" is not a duration. A string needs a unit: 10000ms? Expected milliseconds as a ' +
				"whole number, or text like 500ms, 30s, 1h30m or PT1H30M.",
		);
	});

	it("[DUR-7] long hostile text is refused at once and not repeated whole", () => {
		const parsed = parseDuration(`1w${" ".repeat(100_000)}x`);
		expect(!parsed.ok && parsed.error.message.length).toBeLessThan(300);
	});

	it.each([
		[5_000, "5s"],
		[65_000, "1m 5s"],
		[3_665_000, "1h 1m 5s"],
		[90 * DAY + 250, "90d 250ms"],
		[0, "0s"],
		[-1_500, "-1s 500ms"],
	])("[DUR-8] %d ms is written %s", (ms, text) => {
		expect(formatDuration(ms)).toBe(text);
	});

	it("[DUR-8] what is written reads back as the same duration", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: LONGEST_MS }), (ms) => {
				expect(parseDuration(formatDuration(ms))).toEqual({ ok: true, value: ms });
			}),
		);
	});

	it("[DUR-7] any input is answered with a value, never an exception", () => {
		fc.assert(
			fc.property(fc.anything(), (input) => {
				const parsed = parseDuration(input);
				expect(parsed.ok ? parsed.value > 0 : parsed.error.message.length > 0).toBe(true);
			}),
		);
	});
});

type Vectors = {
	readonly valid: readonly { readonly input: string; readonly milliseconds?: number }[];
	readonly invalid: readonly { readonly input: string }[];
};
const vectors = getPublishedVectors<Vectors>("durations/iso8601.json");

describe.skipIf(vectors === undefined)("published ISO 8601 durations (test262)", () => {
	it.each(vectors?.valid ?? [])("[DUR-3] $input", ({ input, milliseconds }) => {
		if (milliseconds === undefined) expect(reasonFor(input)).toBe("calendar_unit");
		else if (milliseconds <= 0) expect(reasonFor(input)).toBe("not_positive");
		else if (!Number.isInteger(milliseconds)) expect(reasonFor(input)).toBe("not_whole_ms");
		else expect(parseDuration(input)).toEqual({ ok: true, value: milliseconds });
	});

	it.each(vectors?.invalid ?? [])("[DUR-7] $input is refused", ({ input }) => {
		expect(reasonFor(input)).toBeDefined();
	});
});
