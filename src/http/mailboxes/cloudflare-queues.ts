/**
 * Translates between mailboxes and the wire format of Cloudflare Queues. Bodies there are text or
 * base64: a JSON string is handed out as text, any other JSON as base64, as Cloudflare's pull
 * consumers get them.
 */
import type { z } from "zod";
import type { LeasedMessage, PullAnswer } from "../../../durable-objects/agent-mailbox/rpc.ts";
import type {
	QueueAckCallSchema,
	QueueFailureSchema,
	QueueMessageSchema,
	QueuePushCallSchema,
} from "../../contract/cloudflare-queues.ts";
import { QueueFailureSchema as FailureSchema } from "../../contract/cloudflare-queues.ts";
import type { Problem } from "../../contract/error.ts";
import type { AckAnswerSchema, AckCallSchema, PutMessageSchema } from "../../contract/mailbox.ts";
import { ok, type Result } from "../../core/result.ts";
import { SECOND } from "../../core/units.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import type { FailureShape } from "../route.ts";

type AckView = z.infer<typeof AckAnswerSchema>;

/** Cloudflare's account is our tenant: it must be the key's own. */
export function checkAccount(
	{ tenant }: TenantContext,
	account: string,
): Result<null, HttpFailure> {
	if (account === tenant) return ok(null);
	return refuse("tenant_mismatch", `The account is not "${tenant}", which the key belongs to.`);
}

/** An answer that went well. */
export function envelope<T>(result: T) {
	return { success: true, errors: [], messages: [], result } as const;
}

/** A problem in Cloudflare's envelope; our code stands before the text. */
export const QUEUE_FAILURES: FailureShape = { schema: FailureSchema, render: renderFailure };

function renderFailure(problem: Problem): z.infer<typeof QueueFailureSchema> {
	const { status, code, detail, type } = problem;
	const error = { code: status, message: `${code}: ${detail}`, documentation_url: type };
	return { success: false, errors: [error], messages: [], result: null };
}

export function renderQueuePull({ messages, backlog }: PullAnswer) {
	return { message_backlog_count: backlog, messages: messages.map(renderMessage) };
}

function renderMessage(message: LeasedMessage): z.infer<typeof QueueMessageSchema> {
	const isText = message.body.startsWith('"');
	return {
		id: message.id,
		lease_id: message.leaseId,
		attempts: message.attempts,
		body: isText ? JSON.parse(message.body) : base64Of(message.body),
		metadata: { "CF-Content-Type": isText ? "text" : "json" },
		timestamp_ms: message.enqueuedAt,
	};
}

function base64Of(text: string): string {
	return Buffer.from(text).toString("base64");
}

export function ackCallOf({
	acks = [],
	retries = [],
}: z.infer<typeof QueueAckCallSchema>): z.infer<typeof AckCallSchema> {
	return {
		acks: acks.map(({ lease_id }) => ({ leaseId: lease_id })),
		retries: retries.map(({ lease_id, delay_seconds = 0 }) => ({
			leaseId: lease_id,
			delayMs: delay_seconds * SECOND,
		})),
	};
}

export function renderQueueAck({ ackCount, retryCount, acks, retries }: AckView) {
	const stale = [...acks, ...retries].filter(({ outcome }) => outcome === "stale");
	const warnings = stale.map(({ leaseId }) => [leaseId, "The lease has ended; nothing changed."]);
	return { ackCount, retryCount, warnings: Object.fromEntries(warnings) };
}

/** @param delaySeconds of the batch, for a message that has none of its own */
export function putCallOf(
	{ body, delay_seconds }: z.infer<typeof QueuePushCallSchema>,
	delaySeconds = 0,
): z.infer<typeof PutMessageSchema> {
	return { body, delayMs: (delay_seconds ?? delaySeconds) * SECOND };
}
