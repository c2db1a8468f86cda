/** `/v1/timers/batch`: many timers in one call. */
import { LIMITS } from "../../contract/limits.ts";
import { TimerCreateSchema } from "../../contract/timer.ts";
import { BatchAnswerSchema } from "../../contract/timer-calls.ts";
import { defineRoute, type Route } from "../route.ts";
import { createBatch } from "../timers/create-batch.ts";
import { BATCH_EXAMPLE, TIMER_CREATE_EXAMPLE } from "./timer-examples.ts";

export const batchRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/timers/batch",
		tag: "Timers",
		summary: "Create up to 10,000 timers",
		description:
			"JSON, or NDJSON with a timer a line under `application/x-ndjson`. Each line stands alone: a bad one is an error in its place and stops no other. 429 only when the plan's limits kept every line from being created.",
		auth: { scope: "timer.write" },
		request: {
			batch: { field: "timers", item: TimerCreateSchema, max: LIMITS.batchTimers },
			bodyLimit: LIMITS.batchBodyBytes,
			example: { timers: [TIMER_CREATE_EXAMPLE] },
		},
		responses: {
			200: {
				description: "What became of each line, in order",
				schema: BatchAnswerSchema,
				example: BATCH_EXAMPLE,
			},
		},
		problems: ["quota_exceeded", "rate_limited"],
		idempotency: "handled",
		handle: (context) => createBatch(context, context.items, context.idempotency),
	}),
];
