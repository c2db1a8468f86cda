/** `/v1/timers` and `/v1/timers/:id`: one timer at a time, and the list of them. */
import { z } from "zod";
import { pageOf } from "../../contract/page.ts";
import { TimerCreateSchema, TimerPatchSchema, TimerViewSchema } from "../../contract/timer.ts";
import {
	CancelAnswerSchema,
	CancelBodySchema,
	DeleteAnswerSchema,
} from "../../contract/timer-calls.ts";
import { TimerListQuerySchema } from "../../contract/timer-list.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import {
	cancelTimer,
	deleteTimer,
	getTimer,
	patchTimer,
	waitForTimer,
} from "../timers/control-timer.ts";
import { createTimer } from "../timers/create-timer.ts";
import { listTimers } from "../timers/list-timers.ts";
import { TIMER, TimerParamsSchema } from "./timer-call.ts";
import { CANCEL_EXAMPLE, TIMER_CREATE_EXAMPLE, TIMER_EXAMPLE } from "./timer-examples.ts";

const TAG = "Timers";
const WaitQuerySchema = z.strictObject({
	timeout: z.string().max(100).optional().meta({
		description: "How long to wait, at most 60 s: milliseconds, or text like 30s (the default)",
	}),
});

export const timerRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/timers",
		tag: TAG,
		summary: "Create a timer",
		description:
			"Durable once it is answered. With a `dedupeKey` that another timer holds, nothing is created: that timer is answered with 200, replaced or merged first where `dedupe.mode` says so.",
		auth: { scope: "timer.write" },
		request: { body: TimerCreateSchema, example: TIMER_CREATE_EXAMPLE },
		responses: {
			201: { ...TIMER, description: "Created; `Location` is its path" },
			200: { ...TIMER, description: "The timer that holds the dedupe key" },
		},
		problems: [
			"unsupported_action",
			"destination_refused",
			"dedupe_key_in_use",
			"in_flight",
			"quota_exceeded",
			"rate_limited",
		],
		idempotency: "handled",
		handle: (context) => createTimer(context, context.body, context.idempotency),
	}),
	defineRoute({
		method: "GET",
		path: "/v1/timers",
		tag: TAG,
		summary: "List timers",
		description:
			"Ascending by `order`; timers that are due no more come last in order of `due`. A page may hold fewer than `limit` timers, even none: only `nextCursor: null` is the end.",
		auth: { scope: "timer.read" },
		request: { query: TimerListQuerySchema },
		responses: {
			200: {
				description: "A page of timers",
				schema: pageOf(TimerViewSchema),
				example: { items: [TIMER_EXAMPLE], nextCursor: null },
			},
		},
		problems: ["invalid_cursor"],
		async handle(context) {
			const page = await listTimers(context, context.query);
			return page.ok ? reply(page.value) : page;
		},
	}),
	defineRoute({
		method: "GET",
		path: "/v1/timers/:id",
		tag: TAG,
		summary: "Read a timer",
		auth: { scope: "timer.read" },
		request: { params: TimerParamsSchema },
		responses: { 200: TIMER },
		problems: ["not_found"],
		handle: (context) => getTimer(context, context.params.id),
	}),
	defineRoute({
		method: "PATCH",
		path: "/v1/timers/:id",
		tag: TAG,
		summary: "Change a timer",
		description:
			"Members are replaced whole; `null` removes a name or message. `If-Match` makes the change conditional. Refused while a delivery is under way.",
		auth: { scope: "timer.write" },
		request: {
			params: TimerParamsSchema,
			body: TimerPatchSchema,
			ifMatch: true,
			example: { extend: "15m", labels: { team: "ops" } },
		},
		responses: { 200: TIMER },
		problems: [
			"not_found",
			"precondition_failed",
			"in_flight",
			"already_settled",
			"unsupported_action",
			"destination_refused",
		],
		handle: (context) => patchTimer(context, context.params.id, context.body),
	}),
	defineRoute({
		method: "DELETE",
		path: "/v1/timers/:id",
		tag: TAG,
		summary: "Remove a timer and its history",
		auth: { scope: "timer.manage" },
		request: { params: TimerParamsSchema, ifMatch: true },
		responses: {
			200: {
				description: "How much history went with it",
				schema: DeleteAnswerSchema,
				example: { deleted: { deliveries: 1, events: 4 } },
			},
		},
		problems: ["not_found", "in_flight", "precondition_failed"],
		handle: (context) => deleteTimer(context, context.params.id),
	}),
	defineRoute({
		method: "POST",
		path: "/v1/timers/:id/cancel",
		tag: TAG,
		summary: "Cancel a timer",
		description:
			"`cancelled`: it will not fire, or not be retried. `in_flight`: what is being sent is finished, nothing is retried. `already_fired`: it had ended. Repeating it changes nothing.",
		auth: { scope: "timer.cancel" },
		request: {
			params: TimerParamsSchema,
			body: CancelBodySchema,
			bodyOptional: true,
			example: { reason: "no longer needed" },
		},
		responses: {
			200: {
				description: "What came of it",
				schema: CancelAnswerSchema,
				example: CANCEL_EXAMPLE,
			},
		},
		problems: ["not_found"],
		idempotency: { stored: true },
		handle: (context) => cancelTimer(context, context.params.id, context.body),
	}),
	defineRoute({
		method: "GET",
		path: "/v1/timers/:id/wait",
		tag: TAG,
		summary: "Wait until a timer ends",
		auth: { scope: "timer.read" },
		request: { params: TimerParamsSchema, query: WaitQuerySchema },
		responses: {
			200: { ...TIMER, description: "The timer, which has ended" },
			202: { ...TIMER, description: "The timer as it stands now that the time is up" },
		},
		problems: ["not_found"],
		handle: (context) => waitForTimer(context, context.params.id, context.query.timeout),
	}),
];
