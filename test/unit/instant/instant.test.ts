import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant, parseInstant } from "../../../src/core/instant.ts";

const FIRST = "0000-01-01T00:00:00.000Z";
const LAST = "9999-12-31T23:59:59.999Z";

function reasonFor(text: string): string | undefined {
	const parsed = parseInstant(text);
	return parsed.ok ? undefined : parsed.error.reason;
}

function rewritten(text: string): string {
	const parsed = parseInstant(text);
	return parsed.ok ? formatInstant(parsed.value) : parsed.error.message;
}

describe("instants", () => {
	// The first five are the examples of RFC 3339 section 5.8, two of which are leap seconds.
	it.each([
		["1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.520Z"],
		["1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57.000Z"],
		["1990-12-31T23:59:60Z", "1991-01-01T00:00:00.000Z"],
		["1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.000Z"],
		["1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.870Z"],
		["2026-12-01t09:00:00z", "2026-12-01T09:00:00.000Z"],
		["2026-12-01T09:00:00-00:00", "2026-12-01T09:00:00.000Z"],
		["2024-02-29T00:00:00+23:59", "2024-02-28T00:01:00.000Z"],
		["2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000Z"],
		["0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"],
		["0099-12-31T00:00:00Z", "0099-12-31T00:00:00.000Z"],
		[FIRST, FIRST],
		[LAST, LAST],
	])("[INST-1] %s is %s", (text, expected) => {
		expect(rewritten(text)).toBe(expected);
	});

	it.each([
		["2026-12-01T09:00:00.9Z", 900],
		["2026-12-01T09:00:00.0019Z", 1],
		["2026-12-01T09:00:00.999999999Z", 999],
		["1969-12-31T23:59:59.9999Z", 999],
	])("[INST-2] digits of %s past the millisecond are cut off", (text, ms) => {
		const parsed = parseInstant(text);
		expect(parsed.ok && new Date(parsed.value).getUTCMilliseconds()).toBe(ms);
	});

	it.each([
		"2026-02-29T00:00:00Z",
		"1900-02-29T00:00:00Z",
		"2026-02-30T00:00:00Z",
		"2026-04-31T00:00:00Z",
		"2026-00-01T00:00:00Z",
		"2026-13-01T00:00:00Z",
		"2026-01-00T00:00:00Z",
		"2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z",
		"2026-01-01T00:00:61Z",
		"2026-01-01T00:00:00+24:00",
		"2026-01-01T00:00:00+01:60",
	])("[INST-3] %s does not exist", (text) => {
		expect(reasonFor(text)).toBe("no_such_time");
	});

	it.each([
		"2026-06-15T23:59:60Z",
		"2026-06-30T22:59:60Z",
		"2026-06-30T23:58:60Z",
		"2026-06-30T23:59:60+01:00",
	])("[INST-4] %s is no place for a leap second", (text) => {
		expect(reasonFor(text)).toBe("no_such_time");
	});

	it("[INST-4] a leap second reads as the second after it, its fraction kept", () => {
		expect(rewritten("2016-12-31T23:59:60.5Z")).toBe("2017-01-01T00:00:00.500Z");
	});

	it("[INST-5] a time without an offset is refused, and the text says why", () => {
		expect(reasonFor("2026-12-01T09:00:00")).toBe("no_offset");
		expect(rewritten("2026-12-01T09:00:00")).toBe(
			'"2026-12-01T09:00:00" does not say in which offset. Expected RFC 3339 with an offset, ' +
				"like 2026-12-01T09:00:00Z; add Z for UTC.",
		);
	});

	it.each([
		"",
		"now",
		"2026-12-01",
		"2026-12-01 09:00:00Z",
		"2026-12-01T09:00Z",
		"2026-12-01T09:00:00.Z",
		"2026-12-01T09:00:00,5Z",
		"2026-12-01T09:00:00.1234567890Z",
		"2026-12-01T09:00:00+0100",
		"2026-12-01T09:00:00+01",
		"20261201T090000Z",
		"+012026-12-01T09:00:00Z",
		"26-12-01T09:00:00Z",
		" 2026-12-01T09:00:00Z",
		"2026-12-01T09:00:00Z\n",
		"2026-12-01T09:00:00[UTC]",
		"1796115600000",
	])("[INST-6] %j is not RFC 3339", (text) => {
		expect(reasonFor(text)).toBe("not_an_instant");
	});

	it.each(["0000-01-01T00:00:00+00:01", "9999-12-31T23:59:59.999-00:01", "9999-12-31T23:59:60Z"])(
		"[INST-7] %s is outside the years 0000 to 9999 in UTC",
		(text) => {
			expect(reasonFor(text)).toBe("out_of_range");
		},
	);

	it("[INST-8] what is written reads back as the same instant", () => {
		const [min, max] = [Date.parse(FIRST), Date.parse(LAST)];
		fc.assert(
			fc.property(fc.integer({ min, max }), (ms) => {
				expect(formatInstant(ms)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
				expect(parseInstant(formatInstant(ms))).toEqual({ ok: true, value: ms });
			}),
		);
	});
});
