/** Wakes all shards, for the start of the local runtime. Part of the machinery, so not described. */

import { wakeShards } from "../../wake-shards.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

export const wakeRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/internal/wake",
		tag: "Internal",
		summary: "Wake every shard that may have pending timers",
		auth: "operator",
		responses: { 200: { description: "How many timers wait" } },
		idempotency: "ignored",
		hidden: true,
		async handle({ env, exec }) {
			const summary = await wakeShards(env, exec);
			const { nextDueAt } = summary;
			return reply({
				...summary,
				nextDueAt: nextDueAt === null ? null : new Date(nextDueAt).toISOString(),
			});
		},
	}),
];
