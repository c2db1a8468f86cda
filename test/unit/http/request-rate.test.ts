import { expect, it } from "vitest";
import { planOf } from "../../../src/core/plan.ts";
import { countRequest } from "../../../src/http/request-rate.ts";

const NOW = Date.UTC(2026, 11, 1);
const FREE = planOf("free").requestsPerMinute ?? 0;

it("[HTTP-11] refuses the request after the last, and takes the first of the next minute", () => {
	for (let i = 1; i <= FREE; i++) {
		expect(countRequest("a", "free", NOW)).toMatchObject({
			ok: true,
			value: { limit: FREE, remaining: FREE - i, resetMs: 60_000 },
		});
	}
	expect(countRequest("a", "free", NOW + 59_999)).toMatchObject({
		ok: false,
		error: { code: "rate_limited", retryAfterMs: 1 },
	});
	expect(countRequest("a", "free", NOW + 60_000).ok).toBe(true);
});

it("[DRIFT-20] refuses for no longer than a minute though the clock was set back", () => {
	for (let i = 0; i <= FREE; i++) countRequest("back", "free", NOW);
	expect(countRequest("back", "free", NOW).ok).toBe(false);
	expect(countRequest("back", "free", NOW - 3_600_000).ok).toBe(true);
});

it("[HTTP-11] counts each tenant by itself, and an unlimited plan not at all", () => {
	for (let i = 0; i <= FREE; i++) countRequest("b", "free", NOW);
	expect(countRequest("b", "free", NOW).ok).toBe(false);
	expect(countRequest("c", "free", NOW).ok).toBe(true);
	expect(countRequest("d", "enterprise", NOW)).toEqual({ ok: true, value: null });
});
