/** Which failures are tried again, and when. Pure but for the dice. */
import type { MinootsError } from "./error.ts";
import type { RetryOptions } from "./options.ts";

const RETRY_DEFAULTS = { attempts: 4, minDelayMs: 250, maxDelayMs: 10_000 } as const;

/** A longer `Retry-After` is told to the caller instead of waited for. */
const RETRY_AFTER_MS_MAX = 60_000;

/** The network, or what stands before it, has not taken the request on. */
const NOTHING_DONE = [425, 429, 503];
/** What became of the request is not known. */
const UNKNOWN_OUTCOME = [408, 502, 504];

/**
 * Whether the same request may go out again after this failure.
 *
 * @param repeatable a second one does no harm where the first was carried out
 */
export function isTransient({ code, status }: MinootsError, repeatable: boolean): boolean {
	if (NOTHING_DONE.includes(status) || code === "idempotency_in_progress") return true;
	if (!repeatable) return false;
	return UNKNOWN_OUTCOME.includes(status) || code === "timeout" || code === "connection_failed";
}

/**
 * How long to wait before the try after `attempt`: what the network asks for, or a random half to
 * whole of a pause that doubles; undefined when there is to be none.
 */
export function retryDelay(
	error: MinootsError,
	attempt: number,
	options: RetryOptions = {},
): number | undefined {
	const attempts = options.attempts ?? RETRY_DEFAULTS.attempts;
	const { retryAfterMs = 0 } = error;
	if (attempt >= attempts || retryAfterMs > RETRY_AFTER_MS_MAX) return undefined;
	return Math.max(retryAfterMs, backoff(attempt, options));
}

/** @param attempt counts from 1 */
export function backoff(attempt: number, options: RetryOptions = {}): number {
	const { minDelayMs = RETRY_DEFAULTS.minDelayMs, maxDelayMs = RETRY_DEFAULTS.maxDelayMs } =
		options;
	const longest = Math.min(maxDelayMs, minDelayMs * 2 ** (attempt - 1));
	return Math.round(longest * (0.5 + Math.random() / 2));
}
