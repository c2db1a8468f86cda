/**
 * The plans and what each allows. The only declaration of a plan's numbers: `/v1/pricing`, quotas,
 * rate limits, retention and the horizon all read it. Not what a tenant uses of its plan.
 */

import type { z } from "zod";
import type { Plan, PlanId, PricingSchema } from "../contract/tenant.ts";

/** What a new tenant gets unless the call says otherwise. */
export const DEFAULT_PLAN: PlanId = "free";

/**
 * Active timers, prices and history are the product's. Creates a minute let a plan fill its quota
 * within a minute and then leave room for timers of a minute; requests a minute are ten a second
 * on the free plan and a hundred on the paid one, a tenth of what one shard answers.
 */
const PLANS: Readonly<Record<PlanId, Plan>> = {
	free: {
		id: "free",
		name: "Free",
		pricePerMonthUsd: 0,
		activeTimers: 100,
		createsPerMinute: 500,
		requestsPerMinute: 600,
		historyDays: 30,
		horizonDays: 365,
	},
	pro: {
		id: "pro",
		name: "Pro",
		pricePerMonthUsd: 9,
		activeTimers: 10_000,
		createsPerMinute: 20_000,
		requestsPerMinute: 6_000,
		historyDays: 365,
		horizonDays: 3_650,
	},
	enterprise: {
		id: "enterprise",
		name: "Enterprise",
		pricePerMonthUsd: 99,
		activeTimers: null,
		createsPerMinute: null,
		requestsPerMinute: null,
		historyDays: 3_650,
		horizonDays: null,
	},
};

/** The limits of a plan; `null` in them means unlimited. */
export function planOf(id: PlanId): Plan {
	return PLANS[id];
}

/** What `/v1/pricing` answers: every plan, cheapest first. */
export function pricing(): z.infer<typeof PricingSchema> {
	return { currency: "USD", plans: Object.values(PLANS) };
}
