/**
 * What an attempt's end means for its delivery: the one place that decides between done, again and
 * never. It plans no retry (retry-policy.ts) and reads no body. Called by the webhook sender.
 */

import type { AttemptOutcome } from "../contract/delivery.ts";

/** `gone` is terminal too, and disables a subscribed endpoint. */
export type ResponseClass = "delivered" | "retryable" | "terminal" | "gone";

/** Ends of an attempt without a status that counts. */
export type FailureOutcome = Exclude<
	AttemptOutcome,
	"delivered" | "http_error" | "not_acknowledged"
>;

/** An HTTP status, or why there is none that counts. */
export type Answer = { readonly status: number } | { readonly failure: FailureOutcome };

const GONE = 410;
/**
 * 4xx that pass by themselves: Request Timeout, Conflict (RFC 9110: resolve and resubmit), Too
 * Early (RFC 8470), Too Many Requests (RFC 6585).
 */
const RETRYABLE_4XX: readonly number[] = [408, 409, 425, 429];
/**
 * Found and Temporary Redirect say that the URL will serve again. Redirects are never followed: the
 * target was not checked, and the body was not meant for it.
 */
const TEMPORARY_REDIRECTS: readonly number[] = [302, 307];

/**
 * 2xx is delivered (Standard Webhooks 1.0). Terminal is what the same request would meet again: a
 * permanent redirect, a refusal of this request (4xx, QStash's 489 among them), a destination that
 * may not be reached. All else is retryable: 5xx, and with it any status that HTTP does not define
 * (RFC 9110 section 15), a timeout, a broken connection, a sender that died.
 */
export function classifyResponse(answer: Answer): ResponseClass {
	if ("failure" in answer) return classifyFailure(answer.failure);
	const { status } = answer;
	if (status >= 200 && status < 300) return "delivered";
	if (status === GONE) return "gone";
	if (status >= 300 && status < 400) {
		return TEMPORARY_REDIRECTS.includes(status) ? "retryable" : "terminal";
	}
	if (status >= 400 && status < 500) {
		return RETRYABLE_4XX.includes(status) ? "retryable" : "terminal";
	}
	return "retryable";
}

function classifyFailure(failure: FailureOutcome): ResponseClass {
	switch (failure) {
		case "timeout":
		case "connection_failed":
		case "lease_expired":
			return "retryable";
		case "destination_refused":
			return "terminal";
		case "template_failed":
			// The same templates over the same data.
			return "terminal";
		case "response_too_large":
			// The request arrived and was worked on; the same one would bring the same answer.
			return "terminal";
	}
}
