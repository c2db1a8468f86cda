/**
 * One HTTP exchange with a receiver or a service, and what its end means. It trusts its caller that the
 * destination was judged, and retries nothing.
 *
 * Measured in workerd 2026-11-02, 64 requests at once, receiver beside it on a shared two-core
 * machine, µs of workerd's CPU a request, two rounds of 5,000: through a `network` service 68/60,
 * through global fetch 136/104; with `AbortSignal.timeout` 56/56, with a controller and its own timer
 * 54/50, so a time-out costs nothing that shows above the noise and the plainest is used. How the
 * body is read does show: see read-excerpt.ts.
 */
import type { DeliveryOutcome } from "../contract/envelope.ts";
import { classifyResponse, type FailureOutcome } from "../core/classify-response.ts";
import { err, ok, type Result } from "../core/result.ts";
import { getRetryAfterMs } from "../core/retry-after.ts";
import type { Env } from "../env.ts";
import { EXCERPT_BYTES } from "./constants.ts";
import { excerptOf, readBeginning } from "./read-excerpt.ts";

/** How an attempt ended, without whose it was. */
export type AttemptEnd = Omit<
	Extract<DeliveryOutcome, { kind: "attempted" }>,
	"timer" | "firing" | "action" | "attempt"
>;

export type Request = {
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | Uint8Array | undefined;
};

/** An exchange that came to an answer. */
export type Exchange = {
	readonly sentAt: number;
	/** Epoch ms. */
	readonly answeredAt: number;
	readonly durationMs: number;
	readonly status: number;
	readonly headers: Headers;
	/** The beginning of the body. */
	readonly text: string;
};

/** What workerd says when a connection was refused or cut; all else it hides behind a reference. */
const CONNECTION_LOST = "Network connection lost.";

/** Sends `request` to `url`, and says what its status means to a webhook. */
export async function postWebhook(
	env: Pick<Env, "OUTBOUND">,
	url: string,
	request: Request,
	timeoutMs: number,
): Promise<AttemptEnd> {
	const made = await exchange(env, url, request, timeoutMs, EXCERPT_BYTES);
	if (!made.ok) return made.error;
	const { sentAt, answeredAt, durationMs, status, text } = made.value;
	const result = classifyResponse(made.value);
	return {
		kind: "attempted",
		class: result,
		outcome: result === "delivered" ? "delivered" : "http_error",
		sentAt,
		durationMs,
		status,
		error: null,
		excerpt: excerptOf(text),
		retryAfterMs: result === "delivered" ? null : (getRetryAfterMs(made.value, answeredAt) ?? null),
	};
}

/**
 * Sends `request` to `url`, and reads the first `bytes` of the answer. `timeoutMs` is for the whole
 * exchange. No redirect is followed.
 */
export async function exchange(
	env: Pick<Env, "OUTBOUND">,
	url: string,
	request: Request,
	timeoutMs: number,
	bytes: number,
): Promise<Result<Exchange, AttemptEnd>> {
	const sentAt = Date.now();
	try {
		const response = await (env.OUTBOUND ?? globalThis).fetch(url, {
			method: request.method,
			headers: request.headers,
			...(request.body === undefined ? {} : { body: request.body }),
			redirect: "manual",
			signal: AbortSignal.timeout(timeoutMs),
		});
		const answeredAt = Date.now();
		const text = await readBeginning(response, bytes);
		const { status, headers } = response;
		return ok({ sentAt, answeredAt, durationMs: msSince(sentAt), status, headers, text });
	} catch (error) {
		const { failure, text } = failureOf(error, timeoutMs);
		return err(failedAttempt(failure, text, sentAt));
	}
}

/** An attempt that ended without an answer that counts. */
export function failedAttempt(failure: FailureOutcome, error: string, sentAt: number): AttemptEnd {
	return {
		kind: "attempted",
		class: classifyResponse({ failure }),
		outcome: failure,
		sentAt,
		durationMs: msSince(sentAt),
		status: null,
		error,
		excerpt: null,
		retryAfterMs: null,
	};
}

/** A clock that was set back meanwhile makes nothing of it. */
function msSince(at: number): number {
	return Math.max(0, Date.now() - at);
}

function failureOf(
	error: unknown,
	timeoutMs: number,
): { readonly failure: FailureOutcome; readonly text: string } {
	if (error instanceof Error && error.name === "TimeoutError") {
		return { failure: "timeout", text: `no answer within ${timeoutMs} ms` };
	}
	const isLost = error instanceof Error && error.message === CONNECTION_LOST;
	return {
		failure: "connection_failed",
		text: isLost
			? "the connection was refused, or lost before an answer came"
			: "no connection could be made: the name, the address or TLS failed",
	};
}
