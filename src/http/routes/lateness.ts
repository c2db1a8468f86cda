/** How late a tenant's firings were, added up over its shards. */
import { LatenessSchema } from "../../contract/lateness.ts";
import { mergeSince } from "../../core/drift/lateness.ts";
import { renderLateness } from "../../core/drift/render-lateness.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { allHomes } from "../timers/shards.ts";
import { LATENESS_EXAMPLE } from "./examples.ts";

export const latenessRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/v1/usage/lateness",
		tag: "Tenants",
		summary: "How late firings were",
		description:
			"Histograms of every hop of a delivery by priority class, in milliseconds: since counting began, and in the last hour, which begins at a full five minutes. Those without observations are left out.",
		auth: { scope: "timer.read" },
		responses: {
			200: { description: "Histograms", schema: LatenessSchema, example: LATENESS_EXAMPLE },
		},
		async handle(context) {
			const read = await Promise.all(allHomes(context).map(({ stub }) => stub.lateness()));
			return reply({
				total: renderLateness(mergeSince(read.map(({ total }) => total))),
				lastHour: renderLateness(mergeSince(read.map(({ lastHour }) => lastHour))),
			});
		},
	}),
];
