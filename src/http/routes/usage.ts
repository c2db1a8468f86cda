/** What a tenant uses of its plan, added up over its shards. */
import { shardOf } from "../../../durable-objects/shared/object-names.ts";
import { UsageSchema } from "../../contract/tenant.ts";
import { planOf } from "../../core/plan.ts";
import { shardsAt } from "../../core/shard-count.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { shardsOf } from "../shard-call.ts";
import { USAGE_EXAMPLE } from "./examples.ts";

export const usageRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/v1/usage",
		tag: "Tenants",
		summary: "What is used of the plan",
		description: "A limit of `null` is no limit.",
		auth: { scope: "tenant.admin" },
		responses: { 200: { description: "Usage", schema: UsageSchema, example: USAGE_EXAMPLE } },
		async handle({ env, tenant, config, now }) {
			const usages = await Promise.all(
				shardsOf(config).map((shard) => shardOf(env, tenant, shard, config.region).usage()),
			);
			const plan = planOf(config.plan);
			return reply({
				plan: plan.id,
				activeTimers: { used: sum(usages.map((one) => one.active)), limit: plan.activeTimers },
				createsThisMinute: {
					used: sum(usages.map((one) => one.createsThisMinute)),
					limit: plan.createsPerMinute,
				},
				shards: shardsAt(config.shardSteps, now),
			});
		},
	}),
];

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, one) => total + one, 0);
}
