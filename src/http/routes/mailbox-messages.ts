/** `/v1/mailboxes/:name/messages`: what agents call, and messages put in by hand. */
import { z } from "zod";
import {
	AckAnswerSchema,
	AckCallSchema,
	ExtendAnswerSchema,
	ExtendCallSchema,
	MailboxNameSchema,
	PullAnswerSchema,
	PullCallSchema,
	PutAnswerSchema,
	PutMessageSchema,
} from "../../contract/mailbox.ts";
import { formatInstant } from "../../core/instant.ts";
import { pullMessages, renderPull } from "../mailboxes/pull.ts";
import { putMessages } from "../mailboxes/put.ts";
import { extendLeases, settleLeases } from "../mailboxes/settle.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import {
	ACK_ANSWER_EXAMPLE,
	ACK_EXAMPLE,
	EXTEND_ANSWER_EXAMPLE,
	EXTEND_EXAMPLE,
	PULL_ANSWER_EXAMPLE,
	PULL_EXAMPLE,
	PUT_ANSWER_EXAMPLE,
	PUT_EXAMPLE,
} from "./mailbox-examples.ts";

const TAG = "Mailboxes";
const params = z.object({ name: MailboxNameSchema });

export const mailboxMessageRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: "/v1/mailboxes/:name/messages/pull",
		tag: TAG,
		summary: "Lease messages",
		description:
			"The most urgent and oldest first. Waits up to `waitMs` for the first when there is none. A lease that ends unacknowledged gives its message to the next pull.",
		auth: { scope: "agent.pull" },
		request: { params, body: PullCallSchema, bodyOptional: true, example: PULL_EXAMPLE },
		responses: {
			200: {
				description: "What there was; maybe nothing",
				schema: PullAnswerSchema,
				example: PULL_ANSWER_EXAMPLE,
			},
		},
		idempotency: "ignored",
		async handle(context) {
			const pulled = await pullMessages(context, context.params.name, context.body);
			return pulled.ok ? reply(renderPull(pulled.value)) : pulled;
		},
	}),
	defineRoute({
		method: "POST",
		path: "/v1/mailboxes/:name/messages/ack",
		tag: TAG,
		summary: "Say what became of leases",
		description:
			"`acks` are done, with a result if there is one; `retries` come again after `delayMs`, or are given up when their attempts are used. A lease that has ended is `stale` and changes nothing.",
		auth: { scope: "agent.pull" },
		request: { params, body: AckCallSchema, example: ACK_EXAMPLE },
		responses: {
			200: {
				description: "The outcome of each, in order; the counts leave out stale ones",
				schema: AckAnswerSchema,
				example: ACK_ANSWER_EXAMPLE,
			},
		},
		idempotency: "ignored",
		async handle(context) {
			const settled = await settleLeases(context, context.params.name, context.body);
			return settled.ok ? reply(settled.value) : settled;
		},
	}),
	defineRoute({
		method: "POST",
		path: "/v1/mailboxes/:name/messages/extend",
		tag: TAG,
		summary: "Keep leases for longer",
		auth: { scope: "agent.pull" },
		request: { params, body: ExtendCallSchema, example: EXTEND_EXAMPLE },
		responses: {
			200: {
				description: "The outcome of each, in order, with its new end",
				schema: ExtendAnswerSchema,
				example: EXTEND_ANSWER_EXAMPLE,
			},
		},
		idempotency: "ignored",
		async handle(context) {
			const extended = await extendLeases(context, context.params.name, context.body);
			return extended.ok ? reply(extended.value) : extended;
		},
	}),
	defineRoute({
		method: "POST",
		path: "/v1/mailboxes/:name/messages",
		tag: TAG,
		summary: "Put a message in",
		description:
			"The first message makes the mailbox. `ttlMs`, 14 days by default, counts from the end of `delayMs`.",
		auth: { scope: "agent.manage" },
		request: { params, body: PutMessageSchema, example: PUT_EXAMPLE },
		responses: {
			201: {
				description: "Stored durably",
				schema: PutAnswerSchema,
				example: PUT_ANSWER_EXAMPLE,
			},
		},
		idempotency: { stored: true },
		async handle(context) {
			const put = await putMessages(context, context.params.name, [context.body]);
			if (!put.ok) return put;
			const [id] = put.value;
			return reply({ id, enqueuedAt: formatInstant(context.now) }, 201);
		},
	}),
];
