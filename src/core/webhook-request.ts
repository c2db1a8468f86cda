/**
 * One attempt of a webhook as an HTTP request: method, headers, body. Pure: the instant, the random
 * bytes and an offloaded body come in. Called by the sender for every attempt.
 */
import { LIMITS } from "../contract/limits.ts";
import type { TimerDoc, WebhookDoc } from "./timer-doc.ts";
import { continueTrace, formatTraceparent, parseTraceparent } from "./trace-context.ts";
import { SECOND } from "./units.ts";
import { type FiringContext, methodOf, webhookBody } from "./webhook-body.ts";
import { signWebhook } from "./webhook-signature.ts";

/** GitHub refuses requests without one. */
export const USER_AGENT = "Minoots/1";

export type WebhookRequest = {
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	/** `undefined` with GET, which is signed as if it were empty. */
	readonly body: string | Uint8Array | undefined;
};

export type WebhookAttempt = {
	readonly doc: TimerDoc;
	/** The action as it is to be carried out, with the edits of a replay. */
	readonly action: WebhookDoc;
	readonly firing: FiringContext;
	/** From 1. */
	readonly attempt: number;
	/** Epoch ms of this attempt. */
	readonly now: number;
	/** `TRACE_RANDOM_BYTES` fresh bytes. */
	readonly random: Uint8Array;
	/** Keys that sign, current one first. */
	readonly keys: readonly Uint8Array[];
	/** The body that the action's `bodyRef` names. */
	readonly payload: Uint8Array | undefined;
};

/** Milliseconds the whole exchange may take. */
export function timeoutMsOf(action: WebhookDoc): number {
	return action.timeoutMs ?? LIMITS.timeoutMsDefault;
}

/**
 * The request of an attempt. Standard Webhooks 1.0: `webhook-id` is the same at every attempt,
 * `webhook-timestamp` is of this one, and the signature covers both with the body. The action's own
 * headers come first, so that none of them can stand in for one of these.
 */
export function buildWebhookRequest(attempt: WebhookAttempt): WebhookRequest {
	const { doc, action, firing, now } = attempt;
	const body = bodyOf(attempt);
	const timestampSeconds = Math.floor(now / SECOND);
	const trace = continueTrace(parseTraceparent(doc.traceparent ?? ""), attempt.random);
	const own = Object.entries(action.headers ?? {});
	return {
		method: methodOf(action),
		headers: {
			...Object.fromEntries(own.map(([name, value]) => [name.toLowerCase(), value])),
			"content-type": "application/json",
			"user-agent": USER_AGENT,
			"webhook-id": firing.deliveryId,
			"webhook-timestamp": String(timestampSeconds),
			"webhook-signature": signWebhook({
				id: firing.deliveryId,
				timestampSeconds,
				body: body ?? "",
				secrets: attempt.keys,
			}),
			traceparent: formatTraceparent(trace),
			"x-minoots-attempt": String(attempt.attempt),
		},
		body,
	};
}

/** The same bytes at every attempt. */
function bodyOf({ doc, action, firing, payload }: WebhookAttempt): string | Uint8Array | undefined {
	if (payload !== undefined && methodOf(action) !== "GET") return payload;
	const value = webhookBody(doc, action, firing);
	return value === undefined ? undefined : JSON.stringify(value);
}
