import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	DEFAULT_RETRY,
	nextRetryAt,
	type RetryPolicy,
	toRetryPolicy,
} from "../../../src/core/retry-policy.ts";
import { DAY, HOUR, SECOND } from "../../../src/core/units.ts";

const NOW = 1_790_000_000_000;
const ALMOST_ONE = 1 - Number.EPSILON;

function delays(policy: RetryPolicy, random: number): readonly (number | undefined)[] {
	return [1, 2, 3, 4, 5, 6, 7].map((attempt) => {
		const at = nextRetryAt({ policy, attempt, now: NOW, random });
		return at === undefined ? undefined : at - NOW;
	});
}

const exponential = { kind: "exponential", baseMs: 100, capMs: 1_000, maxAttempts: 6 } as const;
const linear = { ...exponential, kind: "linear" } as const;

describe("retry policies", () => {
	it("[RETRY-1] the default is exponential, from 2 s, 6 attempts, full jitter", () => {
		expect(toRetryPolicy(undefined)).toEqual(DEFAULT_RETRY);
		expect(toRetryPolicy({})).toEqual(DEFAULT_RETRY);
		expect(delays(DEFAULT_RETRY, ALMOST_ONE)).toEqual([
			2 * SECOND,
			4 * SECOND,
			8 * SECOND,
			16 * SECOND,
			32 * SECOND,
			undefined,
			undefined,
		]);
	});

	it("[RETRY-2] exponential pauses double up to the cap, also after very many attempts", () => {
		const policy: RetryPolicy = { ...exponential, jitter: "none", maxAttempts: 100 };
		expect(delays(policy, 0)).toEqual([100, 200, 400, 800, 1_000, 1_000, 1_000]);
		const huge: RetryPolicy = { ...policy, maxAttempts: 1e6 };
		expect(nextRetryAt({ policy: huge, attempt: 99_999, now: NOW, random: 0 })).toBe(NOW + 1_000);
	});

	it("[RETRY-2] linear pauses grow by the base up to the cap; fixed ones stay", () => {
		expect(delays({ ...linear, capMs: 350, jitter: "none" }, 0)).toEqual([
			100,
			200,
			300,
			350,
			350,
			undefined,
			undefined,
		]);
		expect(delays({ kind: "fixed", baseMs: 50, jitter: "none", maxAttempts: 3 }, 0.9)).toEqual([
			50,
			50,
			...Array(5).fill(undefined),
		]);
	});

	it("[RETRY-3] a list gives each pause once, then is exhausted", () => {
		const policy = toRetryPolicy({ delaysMs: [5, 300_000] });
		expect(delays(policy, 0.7)).toEqual([5, 300_000, ...Array(5).fill(undefined)]);
	});

	it("[RETRY-3] one attempt means no retry", () => {
		expect(delays({ ...exponential, jitter: "none", maxAttempts: 1 }, 0)[0]).toBeUndefined();
	});

	it.each([
		["full", 0, [10, 20, 40]],
		["full", ALMOST_ONE, [100, 200, 400]],
		["equal", 0, [50, 100, 200]],
		["equal", ALMOST_ONE, [100, 200, 400]],
		["none", 0.5, [100, 200, 400]],
	] as const)("[RETRY-4] %s jitter at random %d", (jitter, random, expected) => {
		expect(delays({ ...exponential, jitter }, random).slice(0, 3)).toEqual(expected);
	});

	it("[RETRY-5] exponential is jittered unless asked; fixed and linear only when asked", () => {
		expect(toRetryPolicy({ backoff: "fixed", baseMs: 5_000 })).toEqual({
			kind: "fixed",
			baseMs: 5_000,
			jitter: "none",
			maxAttempts: 6,
		});
		expect(toRetryPolicy({ backoff: "linear", jitter: "equal", maxAttempts: 3 })).toEqual({
			kind: "linear",
			baseMs: 2 * SECOND,
			capMs: HOUR,
			jitter: "equal",
			maxAttempts: 3,
		});
	});

	it("[RETRY-5] a cap below the base is the pause, fixed backoff included", () => {
		expect(toRetryPolicy({ backoff: "fixed", baseMs: 5_000, capMs: 70 })).toMatchObject({
			baseMs: 70,
		});
		expect(delays(toRetryPolicy({ capMs: 70, jitter: "none" }), 0)[0]).toBe(70);
	});

	it("[RETRY-6] a receiver's wait delays the retry, spread over a tenth of it, never shortens it", () => {
		const ask = (retryAfterMs: number, random: number) =>
			nextRetryAt({
				policy: { ...exponential, jitter: "none" },
				attempt: 1,
				now: NOW,
				random,
				retryAfterMs,
			});
		expect(ask(60_000, 0)).toBe(NOW + 60_000);
		expect(ask(60_000, 0.5)).toBe(NOW + 63_000);
		expect(ask(0, 0.5)).toBe(NOW + 100);
		expect(ask(30, 0)).toBe(NOW + 100);
	});

	it("[RETRY-7] a receiver can ask for a day at most, and not for another attempt", () => {
		const retry = { policy: DEFAULT_RETRY, now: NOW, random: 0, retryAfterMs: 30 * DAY };
		expect(nextRetryAt({ ...retry, attempt: 1 })).toBe(NOW + DAY);
		expect(nextRetryAt({ ...retry, attempt: 6 })).toBeUndefined();
	});

	it("[RETRY-8] a retry lies after now, at a whole ms, within the pause and above its floor", () => {
		const policies = fc.record({
			kind: fc.constantFrom("exponential", "linear", "fixed"),
			baseMs: fc.integer({ min: 1, max: 7 * DAY }),
			capMs: fc.integer({ min: 1, max: 7 * DAY }),
			jitter: fc.constantFrom("full", "equal", "none"),
			maxAttempts: fc.constant(100),
		});
		const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
		fc.assert(
			fc.property(policies, fc.integer({ min: 1, max: 99 }), random, (policy, attempt, draw) => {
				const full = nextRetryAt({
					policy: { ...policy, jitter: "none" },
					attempt,
					now: NOW,
					random: draw,
				});
				const at = nextRetryAt({ policy, attempt, now: NOW, random: draw });
				if (full === undefined || at === undefined) throw new Error("exhausted too early");
				expect(Number.isSafeInteger(at)).toBe(true);
				expect(at).toBeGreaterThan(NOW);
				expect(at).toBeLessThanOrEqual(full);
				expect(at - NOW).toBeGreaterThanOrEqual((full - NOW) / 10);
			}),
		);
	});

	it("[RETRY-8] a pause of zero in a list is the next millisecond", () => {
		expect(delays({ kind: "list", delaysMs: [0] }, 0)[0]).toBe(1);
	});
});
