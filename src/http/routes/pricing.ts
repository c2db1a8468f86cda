/** The plans and what they allow, for anyone. */
import { PricingSchema } from "../../contract/tenant.ts";
import { pricing } from "../../core/plan.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

export const pricingRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/v1/pricing",
		tag: "Tenants",
		summary: "Plans and prices",
		description: "`null` stands for unlimited.",
		auth: "public",
		responses: {
			200: { description: "Every plan, cheapest first", schema: PricingSchema, example: pricing() },
		},
		handle: () => reply(pricing()),
	}),
];
