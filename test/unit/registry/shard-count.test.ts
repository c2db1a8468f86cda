/** Growth by doubling, and the homes of keys before and after it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	earlierCounts,
	GROWTH_DELAY_MS,
	growShards,
	homeOfKey,
	homesOfKey,
	pendingGrowth,
	type ShardSteps,
	shardsAt,
} from "../../../src/core/shard-count.ts";
import { DAY, MINUTE } from "../../../src/core/units.ts";

const T0 = Date.UTC(2026, 0, 1);
const ONE: ShardSteps = [{ count: 1, effectiveAt: T0 }];

/** Steps of a tenant that doubled `doublings` times, a day apart. */
function grown(doublings: number): ShardSteps {
	let steps = ONE;
	for (let i = 1; i <= doublings; i++) {
		const answer = growShards(steps, 2 ** i, T0 + i * DAY);
		if (!answer.ok) throw new Error(`refused: ${answer.error.code}`);
		steps = answer.value;
	}
	return steps;
}

describe("growth", () => {
	it("[GROW-1] doubles from 1 to 64 in six steps, and no further", () => {
		const steps = grown(6);
		expect(steps.map((step) => step.count)).toEqual([1, 2, 4, 8, 16, 32, 64]);
		expect(growShards(steps, 128, T0 + 30 * DAY)).toEqual({
			ok: false,
			error: { code: "at_most", current: 64 },
		});
	});

	it("[GROW-1] refuses every count but the current one and its double", () => {
		const now = T0 + 30 * DAY;
		for (const doublings of [0, 1, 3, 5]) {
			const current = 2 ** doublings;
			for (let count = 1; count <= 64; count++) {
				const answer = growShards(grown(doublings), count, now);
				expect(answer.ok).toBe(count === current || count === 2 * current);
			}
		}
	});

	it("[GROW-2] takes effect sixty seconds later, for every edge at one instant", () => {
		const now = T0 + DAY;
		const answer = growShards(ONE, 2, now);
		expect(answer).toEqual({ ok: true, value: [...ONE, { count: 2, effectiveAt: now + MINUTE }] });
		const steps = answer.ok ? answer.value : ONE;
		expect(shardsAt(steps, now + MINUTE - 1)).toBe(1);
		expect(shardsAt(steps, now + MINUTE)).toBe(2);
		expect(pendingGrowth(steps, now)).toEqual({ count: 2, effectiveAt: now + GROWTH_DELAY_MS });
		expect(pendingGrowth(steps, now + MINUTE)).toBeUndefined();
	});

	it("[GROW-3] repeated, it changes nothing; another one has to wait", () => {
		const now = T0 + DAY;
		const steps = grown(1);
		expect(growShards(steps, 2, now)).toEqual({ ok: true, value: steps });
		expect(growShards(steps, 4, now)).toEqual({
			ok: false,
			error: { code: "growing", count: 2, effectiveAt: now + MINUTE },
		});
		expect(growShards(steps, 4, now + MINUTE).ok).toBe(true);
	});

	it("[GROW-2] a clock behind the tenant's creation sees the first count", () => {
		expect(shardsAt(ONE, T0 - 1)).toBe(1);
	});
});

describe("homes of keys", () => {
	const keys = fc.string({ unit: "binary", maxLength: 40 });

	it("[GROW-4] doubling keeps a key's home or moves it by the old count", () => {
		fc.assert(
			fc.property(keys, fc.nat(5), (key, doublings) => {
				const count = 2 ** doublings;
				const home = homeOfKey(key, count);
				expect(home).toBeLessThan(count);
				expect([home, home + count]).toContain(homeOfKey(key, 2 * count));
			}),
		);
	});

	it("[GROW-4] homes never change: these are stored", () => {
		const homes = ["", "a", "order-1", "order-2", "größe"].map((key) => homeOfKey(key, 64));
		expect(homes).toEqual([11, 51, 28, 0, 31]);
	});

	it("[GROW-4] spreads similar keys evenly", () => {
		const counts = new Array<number>(64).fill(0);
		for (let i = 0; i < 64_000; i++) {
			const home = homeOfKey(`order-${i}`, 64);
			counts[home] = (counts[home] ?? 0) + 1;
		}
		expect(Math.min(...counts)).toBeGreaterThan(850);
		expect(Math.max(...counts)).toBeLessThan(1_150);
	});

	it("[GROW-5] a key made under any count is found later", () => {
		fc.assert(
			fc.property(keys, fc.nat(6), fc.nat(8 * DAY), fc.nat(8 * DAY), (key, n, madeAt, age) => {
				const steps = grown(n);
				const home = homesOfKey(key, steps, T0 + madeAt, Infinity).home;
				const later = homesOfKey(key, steps, T0 + madeAt + age, age + 1);
				expect([later.home, ...later.earlier]).toContain(home);
				expect(later.earlier).not.toContain(later.home);
			}),
		);
	});

	it("[GROW-5] asks only counts that were in effect within the period, newest first", () => {
		const steps = grown(3);
		const third = T0 + 3 * DAY + MINUTE;
		expect(earlierCounts(steps, third - 1, Infinity)).toEqual([2, 1]);
		expect(earlierCounts(steps, third, Infinity)).toEqual([4, 2, 1]);
		expect(earlierCounts(steps, third + DAY - 1, DAY)).toEqual([4]);
		expect(earlierCounts(steps, third + DAY, DAY)).toEqual([]);
		expect(earlierCounts(steps, third, DAY)).toEqual([4]);
		expect(earlierCounts(steps, third - 1, DAY)).toEqual([2]);
		expect(earlierCounts(ONE, third, Infinity)).toEqual([]);
	});
});
