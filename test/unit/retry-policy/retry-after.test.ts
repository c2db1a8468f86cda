import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getRetryAfterMs } from "../../../src/core/retry-after.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../../src/core/units.ts";

/** 2026-11-21T09:00:00Z, a Saturday. */
const NOW = Date.UTC(2026, 10, 21, 9);

function waitFor(fields: Readonly<Record<string, string>>, status = 429): number | undefined {
	return getRetryAfterMs({ status, headers: new Headers(fields) }, NOW);
}

describe("what receivers ask for", () => {
	it.each([
		["120", 2 * MINUTE],
		["0", 0],
		["1.5", 1_500],
		["Sat, 21 Nov 2026 09:05:00 GMT", 5 * MINUTE],
		["Saturday, 21-Nov-26 09:05:00 GMT", 5 * MINUTE],
		["Sat Nov 21 09:05:00 2026", 5 * MINUTE],
		["Sat Nov  7 09:05:00 2026", 0],
		["Sun, 06 Nov 1994 08:49:37 GMT", 0],
	])("[RETRY-9] Retry-After: %s is %d ms", (field, ms) => {
		expect(waitFor({ "retry-after": field })).toBe(ms);
		expect(waitFor({ "retry-after": field }, 503)).toBe(ms);
	});

	it.each([
		[{ "ratelimit-reset": "30" }, 30 * SECOND],
		[{ "x-ratelimit-reset": "30" }, 30 * SECOND],
		[{ "x-ratelimit-reset": String(NOW / 1_000 + 90) }, 90 * SECOND],
		[{ "x-ratelimit-reset": String(NOW + 90_000) }, 90 * SECOND],
		[{ "x-ratelimit-reset": "Sat, 21 Nov 2026 09:05:00 GMT" }, 5 * MINUTE],
		[{ "x-ratelimit-reset-after": "0.25" }, 250],
		[{ "x-ratelimit-reset-requests": "6m5s" }, 6 * MINUTE + 5 * SECOND],
		[{ "x-ratelimit-reset-tokens": "1h0m0.0015s" }, HOUR + 2],
		[{ "x-ratelimit-reset-tokens": "20ms" }, 20],
		[{ "x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "6m0s" }, 6 * MINUTE],
		[{ ratelimit: '"default";r=0;t=50' }, 50 * SECOND],
		[{ ratelimit: '"burst";r=0;t=5, "daily";r=999;t=36000' }, 5 * SECOND],
		[{ ratelimit: '"a";t=5;r=0,"b";r=0; t=70' }, 70 * SECOND],
	])("[RETRY-10] %o with 429 is %d ms", (fields, ms) => {
		expect(waitFor(fields)).toBe(ms);
	});

	it("[RETRY-10] rate-limit fields say nothing about a server error", () => {
		expect(waitFor({ "x-ratelimit-reset": "3000", ratelimit: '"d";r=0;t=9' }, 500)).toBeUndefined();
	});

	it("[RETRY-9] Retry-After counts before rate-limit fields, unless it cannot be read", () => {
		expect(waitFor({ "retry-after": "1", "ratelimit-reset": "30" })).toBe(SECOND);
		expect(waitFor({ "retry-after": "soon", "ratelimit-reset": "30" })).toBe(30 * SECOND);
	});

	it.each([
		["retry-after", "-1"],
		["retry-after", ""],
		["retry-after", "soon"],
		["retry-after", "1e9"],
		["retry-after", "0x10"],
		["retry-after", "5, 10"],
		["retry-after", "Sat, 99 Foo 2026 09:05:00 GMT"],
		["retry-after", "foo 1"],
		["x-ratelimit-reset", "NaN"],
		["x-ratelimit-reset", "5m6h"],
		["ratelimit", '"default";r=10;t=50'],
		["ratelimit", '"default";r=0;t=soon'],
		["ratelimit", "garbage"],
	])("[RETRY-11] %s: %s is ignored", (name, field) => {
		expect(waitFor({ [name]: field })).toBeUndefined();
	});

	it("[RETRY-11] no wait is longer than a day", () => {
		expect(waitFor({ "retry-after": "999999" })).toBe(DAY);
		expect(waitFor({ "retry-after": "9".repeat(400) })).toBe(DAY);
		expect(waitFor({ "retry-after": "Thu, 31 Dec 2099 00:00:00 GMT" })).toBe(DAY);
	});

	it("[RETRY-11] any field gives a whole number of ms within a day, or nothing", () => {
		const field = fc.oneof(
			fc.string({ unit: "grapheme-ascii" }),
			fc.stringMatching(/^[0-9.hms;=rt, ]{0,20}$/),
		);
		fc.assert(
			fc.property(field, (value) => {
				const wait = waitFor({ "retry-after": value, ratelimit: value, "ratelimit-reset": value });
				if (wait !== undefined) {
					expect(Number.isInteger(wait)).toBe(true);
					expect(wait).toBeGreaterThanOrEqual(0);
					expect(wait).toBeLessThanOrEqual(DAY);
				}
			}),
		);
	});
});
