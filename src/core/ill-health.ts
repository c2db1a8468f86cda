/**
 * What the end of an exchange says about the host, beside what it means for the delivery
 * (classify-response.ts). Called by the sender.
 */
import type { AttemptOutcome } from "../contract/delivery.ts";

const TOO_MANY_REQUESTS = 429;
const SERVER_ERRORS_FROM = 500;

/**
 * Whether the host ails: it was not reached, did not answer in time, failed, or is overrun. Whatever
 * else it answers, a refusal too, is the answer of a host that works.
 */
export function isIllHealth(end: {
	readonly outcome: AttemptOutcome;
	readonly status: number | null;
}): boolean {
	switch (end.outcome) {
		case "timeout":
		case "connection_failed":
			return true;
		case "http_error":
			return end.status !== null && (isServerError(end.status) || end.status === TOO_MANY_REQUESTS);
		default:
			return false;
	}
}

/** All that an answer says of the health of a service: its limits are those of one token. */
export function isServerError(status: number): boolean {
	return status >= SERVER_ERRORS_FROM;
}
