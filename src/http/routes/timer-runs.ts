/** `/v1/timers/:id/run` and its like: firings beside those that a timer's schedule says. */
import {
	BackfillAnswerSchema,
	BackfillBodySchema,
	ReplayFiringAnswerSchema,
	ReplayFiringBodySchema,
	RunAnswerSchema,
	RunBodySchema,
} from "../../contract/timer-calls.ts";
import { defineRoute, type Route } from "../route.ts";
import { backfillTimer, replayFiring, runTimer } from "../timers/run-timer.ts";
import { TIMER_CALL, TimerParamsSchema } from "./timer-call.ts";
import { TIMER_EXAMPLE } from "./timer-examples.ts";

export const timerRunRoutes: readonly Route[] = [
	defineRoute({
		...TIMER_CALL,
		path: "/v1/timers/:id/run",
		summary: "Fire a timer now",
		description:
			"A firing of its own, with other `params` if given; what its schedule says stays as it is. A timer that has ended is replayed instead.",
		request: {
			params: TimerParamsSchema,
			body: RunBodySchema,
			bodyOptional: true,
			example: { params: { database: "orders" } },
		},
		responses: {
			200: {
				description: "The number of the firing, and the timer",
				schema: RunAnswerSchema,
				example: { firing: 2, timer: TIMER_EXAMPLE },
			},
		},
		problems: ["not_found", "already_settled", "paused", "rate_limited"],
		handle: (context) => runTimer(context, context.params.id, context.body),
	}),
	defineRoute({
		...TIMER_CALL,
		path: "/v1/timers/:id/replay",
		summary: "Repeat a firing",
		description:
			"For the instant that the firing stood for, with the actions that the timer has now and under a new number, so that its deliveries have new ids. Also of a timer that has ended, which stays as it ended.",
		request: {
			params: TimerParamsSchema,
			body: ReplayFiringBodySchema,
			bodyOptional: true,
			example: { firing: 1 },
		},
		responses: {
			200: {
				description: "The number of the new firing, of the one that it repeats, and the timer",
				schema: ReplayFiringAnswerSchema,
				example: { firing: 2, replayOf: 1, timer: TIMER_EXAMPLE },
			},
		},
		problems: ["not_found", "not_fired", "in_flight", "paused", "rate_limited"],
		handle: (context) => replayFiring(context, context.params.id, context.body),
	}),
	defineRoute({
		...TIMER_CALL,
		path: "/v1/timers/:id/backfill",
		summary: "Fire the occurrences of a time that has passed",
		description:
			"Of a recurring timer, those from `from` up to and with `to`, at most 1,000 a call: `nextAt` says where the next call goes on. Each is a firing for the instant of its occurrence.",
		request: {
			params: TimerParamsSchema,
			body: BackfillBodySchema,
			example: { from: "2026-11-01T00:00:00Z", to: "2026-11-08T00:00:00Z" },
		},
		responses: {
			200: {
				description: "How many occurrences are filled in",
				schema: BackfillAnswerSchema,
				example: { firings: 7, nextAt: null },
			},
		},
		problems: ["not_found", "paused", "rate_limited"],
		handle: (context) => backfillTimer(context, context.params.id, context.body),
	}),
];
