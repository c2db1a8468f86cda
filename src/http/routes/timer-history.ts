/** `/v1/timers/:id/firings`, `/deliveries` and `/events`: what has happened to a timer. */
import { z } from "zod";
import { DeliveryViewSchema } from "../../contract/delivery.ts";
import { EventSchema } from "../../contract/event.ts";
import { TimerIdSchema } from "../../contract/ids.ts";
import { PageQuerySchema, pageOf } from "../../contract/page.ts";
import { FiringViewSchema } from "../../contract/timer.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import { listDeliveries, listEvents, listFirings } from "../timers/history.ts";
import { DELIVERY_EXAMPLE, EVENT_EXAMPLE, FIRING_EXAMPLE } from "./timer-examples.ts";

const request = {
	params: z.object({ id: TimerIdSchema }),
	query: z.strictObject(PageQuerySchema.shape),
};
const common = { tag: "Timers", auth: { scope: "timer.read" }, request } as const;

export const timerHistoryRoutes: readonly Route[] = [
	defineRoute({
		...common,
		method: "GET",
		path: "/v1/timers/:id/firings",
		summary: "List a timer's firings, newest first",
		responses: {
			200: {
				description: "A page of firings",
				schema: pageOf(FiringViewSchema),
				example: { items: [FIRING_EXAMPLE], nextCursor: null },
			},
		},
		problems: ["not_found", "invalid_cursor"],
		async handle(context) {
			const page = await listFirings(context, context.params.id, context.query);
			return page.ok ? reply(page.value) : page;
		},
	}),
	defineRoute({
		...common,
		method: "GET",
		path: "/v1/timers/:id/deliveries",
		summary: "List a timer's deliveries, newest first",
		responses: {
			200: {
				description: "A page of deliveries",
				schema: pageOf(DeliveryViewSchema),
				example: { items: [DELIVERY_EXAMPLE], nextCursor: null },
			},
		},
		problems: ["not_found", "invalid_cursor"],
		async handle(context) {
			const page = await listDeliveries(context, context.params.id, context.query);
			return page.ok ? reply(page.value) : page;
		},
	}),
	defineRoute({
		...common,
		method: "GET",
		path: "/v1/timers/:id/events",
		summary: "List a timer's events, newest first",
		responses: {
			200: {
				description: "A page of CloudEvents",
				schema: pageOf(EventSchema),
				example: { items: [EVENT_EXAMPLE], nextCursor: null },
			},
		},
		problems: ["not_found", "invalid_cursor"],
		async handle(context) {
			const page = await listEvents(context, context.params.id, context.query);
			return page.ok ? reply(page.value) : page;
		},
	}),
];
