/**
 * Wakes all shards, for the start of the local runtime, and all mailboxes too when its clock was set.
 * Part of the machinery, so not described.
 */
import { z } from "zod";
import { wakeMailboxes } from "../../wake-mailboxes.ts";
import { wakeShards } from "../../wake-shards.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

const WakeSchema = z.strictObject({ clockWasSet: z.boolean() }).partial();

export const wakeRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/internal/wake",
		tag: "Internal",
		summary: "Wake every shard that may have pending timers",
		auth: "operator",
		responses: { 200: { description: "How many timers wait" } },
		request: { body: WakeSchema, bodyOptional: true },
		idempotency: "ignored",
		hidden: true,
		async handle({ env, exec, body }) {
			const { clockWasSet = false } = body;
			const summary = await wakeShards(env, exec, clockWasSet);
			if (clockWasSet) await wakeMailboxes(env, exec, true);
			const { nextDueAt } = summary;
			return reply({
				...summary,
				nextDueAt: nextDueAt === null ? null : new Date(nextDueAt).toISOString(),
			});
		},
	}),
];
