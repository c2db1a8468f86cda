/** Leases messages to an agent. */
import type { z } from "zod";
import type { LeasedMessage, PullAnswer } from "../../../durable-objects/agent-mailbox/rpc.ts";
import { LIMITS } from "../../contract/limits.ts";
import type { PullAnswerSchema, PullCallSchema } from "../../contract/mailbox.ts";
import { formatInstant } from "../../core/instant.ts";
import { ok, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { openMailbox } from "./open-mailbox.ts";

type PullInput = z.infer<typeof PullCallSchema>;
type PullView = z.infer<typeof PullAnswerSchema>;

/** What the mailbox leases, with bodies still as JSON text. */
export async function pullMessages(
	context: TenantContext,
	name: string,
	{ batchSize, visibilityTimeoutMs, waitMs }: PullInput,
): Promise<Result<PullAnswer, HttpFailure>> {
	const opened = openMailbox(context, name);
	if (!opened.ok) return opened;
	const { stub, call } = opened.value;
	const answer = await stub.pull(call, {
		batchSize: batchSize ?? LIMITS.pullBatchDefault,
		visibilityTimeoutMs: visibilityTimeoutMs ?? null,
		waitMs: waitMs ?? 0,
	});
	return ok(answer);
}

export function renderPull({ messages, backlog }: PullAnswer): PullView {
	return { messages: messages.map(renderMessage), backlog };
}

function renderMessage(message: LeasedMessage): PullView["messages"][number] {
	return {
		id: message.id,
		leaseId: message.leaseId,
		attempts: message.attempts,
		priority: message.priority,
		enqueuedAt: formatInstant(message.enqueuedAt),
		leaseExpiresAt: formatInstant(message.leaseExpiresAt),
		body: JSON.parse(message.body),
		traceparent: message.traceparent,
	};
}
