/**
 * The message that an agent's mailbox is handed for a delivery. Pure: the instant comes in. Called
 * by the sender. Like a webhook's, the body is the same at every dispatch.
 */
import { LIMITS } from "../contract/limits.ts";
import { firingNote } from "./firing-note.ts";
import { formatInstant } from "./instant.ts";
import { type RetryPolicy, toRetryPolicy } from "./retry-policy.ts";
import { type AgentDoc, DEFAULT_PRIORITY, type TimerDoc } from "./timer-doc.ts";
import type { FiringContext } from "./webhook-body.ts";

/** The shape of a mailbox's `NewMessage`, but for its origin. */
export type AgentMessage = {
	readonly id: string;
	readonly body: string;
	readonly priority: number;
	readonly visibleAt: number;
	readonly expiresAt: number;
	readonly ackTimeoutMs: number;
	readonly maxAttempts: number;
	readonly traceparent: string | null;
};

/** @param now epoch ms of the dispatch: the message's time to live counts from it */
export function buildAgentMessage(
	doc: TimerDoc,
	action: AgentDoc,
	firing: FiringContext,
	now: number,
): AgentMessage {
	const dueAt = formatInstant(firing.dueAt);
	const body = {
		type: "timer.fired",
		timestamp: dueAt,
		timer: { id: firing.timerId, name: doc.name ?? null },
		message: doc.message ?? null,
		command: action.command ?? {},
		data: { firing: { seq: firing.seq, dueAt, ...firingNote(doc) }, deliveryId: firing.deliveryId },
	};
	return {
		id: firing.deliveryId,
		body: JSON.stringify(body),
		priority: doc.priority ?? DEFAULT_PRIORITY,
		visibleAt: now,
		expiresAt: now + (action.ttlMs ?? LIMITS.messageTtlMsDefault),
		ackTimeoutMs: action.ackTimeoutMs ?? LIMITS.leaseMsDefault,
		maxAttempts: maxAttemptsOf(toRetryPolicy(doc.retry)),
		traceparent: doc.traceparent ?? null,
	};
}

/** How often it may be leased; the pauses of the policy are for dispatches that failed. */
function maxAttemptsOf(policy: RetryPolicy): number {
	return policy.kind === "list" ? policy.delaysMs.length + 1 : policy.maxAttempts;
}
