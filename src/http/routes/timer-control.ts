/** `/v1/timers/:id/pause` and its like: what holds a timer back, moves it, or answers it. */
import {
	AcknowledgeBodySchema,
	NoteBodySchema,
	SnoozeBodySchema,
} from "../../contract/timer-calls.ts";
import { defineRoute, type Route } from "../route.ts";
import { acknowledgeTimer, pauseTimer, resumeTimer, snoozeTimer } from "../timers/hold-timer.ts";
import { TIMER, TIMER_CALL, TimerParamsSchema } from "./timer-call.ts";
import { ACKNOWLEDGED_EXAMPLE, PAUSED_EXAMPLE } from "./timer-examples.ts";

export const timerControlRoutes: readonly Route[] = [
	defineRoute({
		...TIMER_CALL,
		path: "/v1/timers/:id/pause",
		summary: "Pause a timer",
		description:
			"Nothing of it fires and nothing is retried until it is resumed; what is being sent is finished. Pausing it again changes nothing, its note included.",
		request: {
			params: TimerParamsSchema,
			body: NoteBodySchema,
			bodyOptional: true,
			example: { note: PAUSED_EXAMPLE.pauseNote },
		},
		responses: {
			200: { ...TIMER, example: PAUSED_EXAMPLE },
		},
		problems: ["not_found", "already_settled", "in_flight"],
		handle: (context) => pauseTimer(context, context.params.id, context.body.note ?? null),
	}),
	defineRoute({
		...TIMER_CALL,
		path: "/v1/timers/:id/resume",
		summary: "Resume a paused timer",
		description:
			"A one-shot timer is due when it was, at once where that has passed; a recurring one at its next occurrence from now, so that nothing bursts. Resuming what is not paused changes nothing.",
		request: {
			params: TimerParamsSchema,
			body: NoteBodySchema,
			bodyOptional: true,
			example: { note: "the database has moved" },
		},
		responses: {
			200: TIMER,
		},
		problems: ["not_found", "already_settled"],
		handle: (context) => resumeTimer(context, context.params.id, context.body.note ?? null),
	}),
	defineRoute({
		...TIMER_CALL,
		path: "/v1/timers/:id/snooze",
		summary: "Put a timer's next firing off, once",
		description:
			"`by` counts from when it is due, `until` names the instant. Of a timer that waits for retries these move; of a recurring one later occurrences stay where they are. Refused while a delivery is under way.",
		request: { params: TimerParamsSchema, body: SnoozeBodySchema, example: { by: "15m" } },
		responses: {
			200: TIMER,
		},
		problems: ["not_found", "already_settled", "in_flight"],
		handle: (context) => snoozeTimer(context, context.params.id, context.body),
	}),
	defineRoute({
		...TIMER_CALL,
		path: "/v1/timers/:id/acknowledge",
		summary: "Acknowledge a timer's firing",
		description:
			"Nothing is escalated any further for what has fired, or up to the `firing` that is named: steps that wait are dropped, and what a step is sending is finished and not retried. Once more, it changes nothing.",
		auth: { scope: "timer.write" },
		request: {
			params: TimerParamsSchema,
			body: AcknowledgeBodySchema,
			bodyOptional: true,
			example: { note: "on it" },
		},
		responses: {
			200: { ...TIMER, example: ACKNOWLEDGED_EXAMPLE },
		},
		problems: ["not_found", "not_fired"],
		handle: (context) => acknowledgeTimer(context, context.params.id, context.body),
	}),
];
