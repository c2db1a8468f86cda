import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	bucketOf,
	EMPTY,
	type Histogram,
	HistogramFold,
	quantileOf,
	upperBoundOf,
} from "../../../src/core/drift/histogram.ts";

/** From nothing to ten years. */
const durations = fc.oneof(
	fc.integer({ min: 0, max: 100 }),
	fc.integer({ min: 0, max: 100_000 }),
	fc.integer({ min: 0, max: 315_360_000_000 }),
);

function histogramOf(all: readonly number[]): Histogram {
	const fold = new HistogramFold();
	for (const one of all) fold.observe(one);
	return fold.read();
}

describe("a histogram of lateness", () => {
	it("[DRIFT-1] has a bucket for every duration, in their order, an eighth wide at most", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (ms) => {
				const bucket = bucketOf(ms);
				const bound = upperBoundOf(bucket);
				expect(bound).toBeGreaterThanOrEqual(ms);
				expect(bound).toBeLessThanOrEqual(ms + ms / 8);
				if (bucket > 0) expect(upperBoundOf(bucket - 1)).toBeLessThan(ms);
			}),
		);
		expect([0, 1, 15, 16, 17, 18].map(bucketOf)).toEqual([0, 1, 15, 16, 16, 17]);
		expect(upperBoundOf(bucketOf(1_000))).toBe(1_023);
	});

	it("[DRIFT-2] reads a quantile never too low and at most an eighth too high", () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 0, max: 2 ** 31 - 2 }), { minLength: 1, maxLength: 200 }),
				fc.constantFrom(0.01, 0.5, 0.9, 0.99, 1),
				(all, q) => {
					const sorted = all.toSorted((a, b) => a - b);
					const exact = sorted[Math.ceil(q * all.length) - 1] ?? Number.NaN;
					const estimate = quantileOf(histogramOf(all), q);
					expect(estimate).toBeGreaterThanOrEqual(exact);
					expect(estimate).toBeLessThanOrEqual(exact + exact / 8);
				},
			),
		);
	});

	it("[DRIFT-2] keeps the greatest exactly, however late, and reads nothing from nothing", () => {
		expect(quantileOf(EMPTY, 0.5)).toBe(0);
		const years = 3 * 365 * 86_400_000;
		expect(quantileOf(histogramOf([5, years]), 1)).toBe(years);
		expect(quantileOf(histogramOf([1_000]), 0.5)).toBe(1_000);
		expect(histogramOf([-40])).toEqual({ count: 1, sumMs: 0, maxMs: 0, buckets: [[0, 1]] });
	});

	it("[DRIFT-3] is the same however the observations are split and added up", () => {
		fc.assert(
			fc.property(fc.array(fc.array(durations)), (parts) => {
				const fold = new HistogramFold();
				for (const part of parts) fold.add(histogramOf(part));
				expect(fold.read()).toEqual(histogramOf(parts.flat()));
			}),
		);
	});
});
