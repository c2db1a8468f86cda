/** Liveness and readiness, for load balancers and for whoever starts the network. */
import { z } from "zod";
import { directoryOf } from "../../../durable-objects/shared/object-names.ts";
import { isMasterKey } from "../../core/derived-key.ts";
import { err } from "../../core/result.ts";
import { NO_MASTER_KEY } from "../platform-failure.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

const HealthSchema = z.object({ status: z.literal("ok") }).meta({ id: "Health" });

export const healthRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/healthz",
		tag: "Health",
		summary: "Whether the edge answers",
		auth: "public",
		responses: { 200: { description: "It does", schema: HealthSchema, example: { status: "ok" } } },
		handle: () => reply({ status: "ok" }),
	}),
	defineRoute({
		method: "GET",
		path: "/readyz",
		tag: "Health",
		summary: "Whether objects answer",
		description: "Asks one Durable Object, so it also tells whether storage works.",
		auth: "public",
		responses: { 200: { description: "They do", schema: HealthSchema, example: { status: "ok" } } },
		problems: ["unavailable"],
		async handle({ env }) {
			if (!isMasterKey(env.MINOOTS_MASTER_KEY)) return err(NO_MASTER_KEY);
			await directoryOf(env).listTenants(null, 1);
			return reply({ status: "ok" });
		},
	}),
];
