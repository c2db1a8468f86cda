/**
 * Mailboxes under the paths and in the wire format of Cloudflare Queues, so that its official SDKs
 * work with only their base URL changed. The account is the tenant, the queue's id is the name.
 */
import { z } from "zod";
import {
	QueueAckCallSchema,
	QueueAckResultSchema,
	QueueBulkPushCallSchema,
	QueuePullCallSchema,
	QueuePullResultSchema,
	QueuePushCallSchema,
	QueuePushResultSchema,
	queueEnvelopeOf,
} from "../../contract/cloudflare-queues.ts";
import { MailboxNameSchema, type PutMessageSchema } from "../../contract/mailbox.ts";
import type { TenantContext } from "../context.ts";
import {
	ackCallOf,
	checkAccount,
	envelope,
	putCallOf,
	QUEUE_FAILURES,
	renderQueueAck,
	renderQueuePull,
} from "../mailboxes/cloudflare-queues.ts";
import { pullMessages } from "../mailboxes/pull.ts";
import { putMessages } from "../mailboxes/put.ts";
import { settleLeases } from "../mailboxes/settle.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";
import {
	QUEUE_ACK_ANSWER_EXAMPLE,
	QUEUE_ACK_EXAMPLE,
	QUEUE_BULK_PUSH_EXAMPLE,
	QUEUE_PULL_ANSWER_EXAMPLE,
	QUEUE_PULL_EXAMPLE,
	QUEUE_PUSH_ANSWER_EXAMPLE,
	QUEUE_PUSH_EXAMPLE,
} from "./mailbox-examples.ts";

const TAG = "Cloudflare Queues";
const BASE = "/client/v4/accounts/:account/queues/:queue/messages";
const params = z.object({ account: z.string(), queue: MailboxNameSchema });
const PUSHED = {
	200: {
		description: "Stored durably",
		schema: queueEnvelopeOf(QueuePushResultSchema),
		example: QUEUE_PUSH_ANSWER_EXAMPLE,
	},
};

type Params = z.infer<typeof params>;

export const cloudflareQueueRoutes: readonly Route[] = [
	defineRoute({
		method: "POST",
		path: `${BASE}/pull`,
		tag: TAG,
		summary: "Pull a batch of messages",
		auth: { scope: "agent.pull" },
		request: { params, body: QueuePullCallSchema, bodyOptional: true, example: QUEUE_PULL_EXAMPLE },
		responses: {
			200: {
				description: "What there was; maybe nothing",
				schema: queueEnvelopeOf(QueuePullResultSchema),
				example: QUEUE_PULL_ANSWER_EXAMPLE,
			},
		},
		idempotency: "ignored",
		failures: QUEUE_FAILURES,
		async handle(context) {
			const { account, queue } = context.params;
			const own = checkAccount(context, account);
			if (!own.ok) return own;
			const { batch_size: batchSize, visibility_timeout_ms: visibilityTimeoutMs } = context.body;
			const pulled = await pullMessages(context, queue, { batchSize, visibilityTimeoutMs });
			return pulled.ok ? reply(envelope(renderQueuePull(pulled.value))) : pulled;
		},
	}),
	defineRoute({
		method: "POST",
		path: `${BASE}/ack`,
		tag: TAG,
		summary: "Acknowledge and retry messages",
		auth: { scope: "agent.pull" },
		request: { params, body: QueueAckCallSchema, example: QUEUE_ACK_EXAMPLE },
		responses: {
			200: {
				description: "How many; leases that had ended are among the warnings",
				schema: queueEnvelopeOf(QueueAckResultSchema),
				example: QUEUE_ACK_ANSWER_EXAMPLE,
			},
		},
		idempotency: "ignored",
		failures: QUEUE_FAILURES,
		async handle(context) {
			const { account, queue } = context.params;
			const own = checkAccount(context, account);
			if (!own.ok) return own;
			const settled = await settleLeases(context, queue, ackCallOf(context.body));
			return settled.ok ? reply(envelope(renderQueueAck(settled.value))) : settled;
		},
	}),
	defineRoute({
		method: "POST",
		path: BASE,
		tag: TAG,
		summary: "Push a message",
		auth: { scope: "agent.manage" },
		request: { params, body: QueuePushCallSchema, example: QUEUE_PUSH_EXAMPLE },
		responses: PUSHED,
		idempotency: { stored: true },
		failures: QUEUE_FAILURES,
		handle: (context) => push(context, context.params, [putCallOf(context.body)]),
	}),
	defineRoute({
		method: "POST",
		path: `${BASE}/batch`,
		tag: TAG,
		summary: "Push a batch of messages",
		description: "All of them or none.",
		auth: { scope: "agent.manage" },
		request: { params, body: QueueBulkPushCallSchema, example: QUEUE_BULK_PUSH_EXAMPLE },
		responses: PUSHED,
		idempotency: { stored: true },
		failures: QUEUE_FAILURES,
		handle(context) {
			const { messages, delay_seconds } = context.body;
			const puts = messages.map((message) => putCallOf(message, delay_seconds));
			return push(context, context.params, puts);
		},
	}),
];

async function push(
	context: TenantContext,
	{ account, queue }: Params,
	messages: readonly z.infer<typeof PutMessageSchema>[],
) {
	const own = checkAccount(context, account);
	if (!own.ok) return own;
	const put = await putMessages(context, queue, messages);
	return put.ok ? reply(envelope({})) : put;
}
