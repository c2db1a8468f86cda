/**
 * What a thrown error means for the caller. Expected failures are values; what is thrown is either
 * the platform's trouble with an object, which passes, or a bug.
 */
import { MASTER_KEY_MISSING } from "../core/derived-key.ts";
import { UNAVAILABLE_RETRY_MS } from "./constants.ts";
import type { HttpFailure } from "./failure.ts";

/** Words workerd uses where an object is out of reach and the error bears no flag that says so. */
const PASSING =
	/network connection lost|overloaded|reset because|object storage|internal error; reference/i;

/** A deployment without its secret serves nobody, rather than with keys that anybody could make. */
export const NO_MASTER_KEY: HttpFailure = {
	code: "unavailable",
	detail: `This deployment is not set up: ${MASTER_KEY_MISSING}.`,
	retryAfterMs: UNAVAILABLE_RETRY_MS,
};

/** 503 for what passes by itself, 500 for a bug. Nothing of the error is told to the caller. */
export function platformFailure(error: unknown): HttpFailure {
	if (error instanceof Error && error.message === MASTER_KEY_MISSING) return NO_MASTER_KEY;
	return isPassing(error)
		? {
				code: "unavailable",
				detail:
					"The object that holds this data cannot be reached just now. Try again, with an Idempotency-Key where the call must not count twice.",
				retryAfterMs: UNAVAILABLE_RETRY_MS,
			}
		: {
				code: "internal_error",
				detail: "Something went wrong here; the request id finds it in the log.",
			};
}

/** Durable Object errors carry `retryable` and `overloaded` (Cloudflare's "Error handling"). */
function isPassing(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	if ("retryable" in error && error.retryable === true) return true;
	if ("overloaded" in error && error.overloaded === true) return true;
	return PASSING.test(error.message);
}
