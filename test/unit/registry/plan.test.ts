/** The numbers of the plans, as the product states them. */
import { describe, expect, it } from "vitest";
import { PLAN_IDS, PricingSchema } from "../../../src/contract/tenant.ts";
import { DEFAULT_PLAN, planOf, pricing } from "../../../src/core/plan.ts";

describe("plans", () => {
	it.each([
		["free", 0, 100, 30],
		["pro", 9, 10_000, 365],
		["enterprise", 99, null, 3_650],
	] as const)(
		"[PLAN-1] %s costs $%d a month, for %s active timers and %d days of history",
		(id, price, active, days) => {
			expect(planOf(id)).toMatchObject({
				id,
				pricePerMonthUsd: price,
				activeTimers: active,
				historyDays: days,
			});
		},
	);

	it("[PLAN-2] pricing shows every plan, cheapest first, in the shape of the contract", () => {
		const answer = pricing();
		expect(PricingSchema.parse(answer)).toEqual(answer);
		expect(answer.plans.map((plan) => plan.id)).toEqual([...PLAN_IDS]);
		const prices = answer.plans.map((plan) => plan.pricePerMonthUsd);
		expect(prices).toEqual([...prices].sort((a, b) => a - b));
	});

	it("[PLAN-3] a new tenant is on the free plan", () => {
		expect(DEFAULT_PLAN).toBe("free");
	});
});
