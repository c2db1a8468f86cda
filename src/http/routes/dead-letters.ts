/** `/v1/dead-letters`: deliveries that were given up, to be looked at, edited and sent again. */
import { z } from "zod";
import {
	BulkReplayAnswerSchema,
	BulkReplayBodySchema,
	DeadLetterListQuerySchema,
	DeadLetterViewSchema,
	DeliveryViewSchema,
	ReplayBodySchema,
} from "../../contract/delivery.ts";
import { DeliveryIdSchema } from "../../contract/ids.ts";
import { LIMITS } from "../../contract/limits.ts";
import { pageOf } from "../../contract/page.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import {
	deleteDeadLetter,
	listDeadLetters,
	readDeadLetter,
	replayDeadLetter,
	replayDeadLetters,
} from "../timers/dead-letters.ts";
import { deadLetterFilter, labelsOfQuery } from "../timers/filter.ts";
import { DEAD_LETTER_EXAMPLE, DELIVERY_EXAMPLE } from "./timer-examples.ts";

const TAG = "Dead letters";
const params = z.object({ id: DeliveryIdSchema });

export const deadLetterRoutes: readonly Route[] = [
	defineRoute({
		method: "GET",
		path: "/v1/dead-letters",
		tag: TAG,
		summary: "List dead letters, oldest first",
		auth: { scope: "timer.read" },
		request: { query: DeadLetterListQuerySchema },
		responses: {
			200: {
				description: "A page of dead letters",
				schema: pageOf(DeadLetterViewSchema),
				example: { items: [DEAD_LETTER_EXAMPLE], nextCursor: null },
			},
		},
		problems: ["invalid_cursor"],
		async handle(context) {
			const { query } = context;
			const filter = deadLetterFilter(query, labelsOfQuery(query.label), "");
			if (!filter.ok) return filter;
			const page = await listDeadLetters(context, query, filter.value);
			return page.ok ? reply(page.value) : page;
		},
	}),
	defineRoute({
		method: "GET",
		path: "/v1/dead-letters/:id",
		tag: TAG,
		summary: "Read a dead letter with every attempt",
		auth: { scope: "timer.read" },
		request: { params },
		responses: {
			200: {
				description: "The dead letter",
				schema: DeadLetterViewSchema,
				example: DEAD_LETTER_EXAMPLE,
			},
		},
		problems: ["not_found"],
		async handle(context) {
			const letter = await readDeadLetter(context, context.params.id);
			return letter.ok ? reply(letter.value) : letter;
		},
	}),
	defineRoute({
		method: "POST",
		path: "/v1/dead-letters/:id/replay",
		tag: TAG,
		summary: "Send a dead letter again",
		description:
			"With a fresh count of attempts and the same `webhook-id`. `patch` edits the request first. A timer that had ended is active again, so it needs room in the quota.",
		auth: { scope: "timer.manage" },
		request: {
			params,
			body: ReplayBodySchema,
			bodyOptional: true,
			example: { patch: { url: "https://example.com/hooks/moved" } },
		},
		responses: {
			200: {
				description: "The delivery, due again",
				schema: DeliveryViewSchema,
				example: { ...DELIVERY_EXAMPLE, status: "queued", settledAt: null },
			},
		},
		problems: ["not_found", "destination_refused", "in_flight", "quota_exceeded"],
		idempotency: { stored: true },
		async handle(context) {
			const delivery = await replayDeadLetter(context, context.params.id, context.body.patch);
			return delivery.ok ? reply(delivery.value) : delivery;
		},
	}),
	defineRoute({
		method: "POST",
		path: "/v1/dead-letters/replay",
		tag: TAG,
		summary: "Send all dead letters again that a filter selects",
		description:
			"Spread over time at `ratePerSecond`, 100 unless given. A timer that had ended is active again: what the quota has no room for stays dead.",
		auth: { scope: "timer.manage" },
		request: {
			body: BulkReplayBodySchema,
			example: { filter: { host: "example.com" }, ratePerSecond: 50 },
		},
		responses: {
			200: {
				description: "How many are due again, and when the last of them is",
				schema: BulkReplayAnswerSchema,
				example: { replayed: 120, refused: 0, lastAt: "2026-12-01T09:00:02.380Z" },
			},
		},
		idempotency: { stored: true },
		async handle(context) {
			const { filter: input, ratePerSecond } = context.body;
			const filter = deadLetterFilter(input, Object.entries(input.labels ?? {}), "filter.");
			if (!filter.ok) return filter;
			const rate = ratePerSecond ?? LIMITS.replayPerSecondDefault;
			return reply(await replayDeadLetters(context, filter.value, rate));
		},
	}),
	defineRoute({
		method: "DELETE",
		path: "/v1/dead-letters/:id",
		tag: TAG,
		summary: "Remove a dead letter",
		auth: { scope: "timer.manage" },
		request: { params },
		responses: { 204: { description: "Removed" } },
		problems: ["not_found"],
		async handle(context) {
			const deleted = await deleteDeadLetter(context, context.params.id);
			return deleted.ok ? reply(undefined, 204) : deleted;
		},
	}),
];
