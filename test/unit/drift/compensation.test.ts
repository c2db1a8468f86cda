import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compensationOf, smooth } from "../../../src/core/drift/compensation.ts";

const factors = fc.double({ min: 0.01, max: 1, noNaN: true });
const samples = fc.array(fc.integer({ min: -1_000, max: 100_000 }), { minLength: 1 });

function averageOf(all: readonly number[], factor: number): number | undefined {
	return all.reduce<number | undefined>((average, one) => smooth(average, one, factor), undefined);
}

describe("compensation", () => {
	it("[DRIFT-10] follows the founding system's cases", () => {
		expect(averageOf([42], 0.5)).toBe(42);
		expect(averageOf([42, 100], 0.5)).toBe(71);
		expect(compensationOf(averageOf([120], 0.2), 80)).toBe(80);
		expect(compensationOf(averageOf([-5], 0.2), 80)).toBe(0);
		expect(compensationOf(undefined, 80)).toBe(0);
		expect(compensationOf(120, 0)).toBe(0);
	});

	it("[DRIFT-10] stays within the samples, and within 0 and its bound", () => {
		fc.assert(
			fc.property(samples, factors, fc.nat(5_000), (all, factor, max) => {
				const average = averageOf(all, factor) ?? Number.NaN;
				expect(average).toBeGreaterThanOrEqual(Math.min(...all) - 1e-6);
				expect(average).toBeLessThanOrEqual(Math.max(...all) + 1e-6);
				const compensation = compensationOf(average, max);
				expect(compensation).toBeGreaterThanOrEqual(0);
				expect(compensation).toBeLessThanOrEqual(max);
				if (average > 0 && average <= max) expect(compensation).toBe(average);
			}),
		);
	});
});
