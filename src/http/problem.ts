/**
 * Failures on the wire: RFC 9457 `application/problem+json`. The one place that maps a failure to a
 * status, headers and text; a new arm of `HttpFailure` does not compile until it is mapped here.
 */
import { ERROR_CODES, type FieldError, type Problem } from "../contract/error.ts";
import type { HttpFailure } from "./failure.ts";
import { rateLimitFields, retryAfterSeconds } from "./rate-limit-fields.ts";

export type RenderedProblem = {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly problem: Problem;
};

/** Longest list of field errors that is answered; a body of 10,000 bad lines needs no more. */
const FIELD_ERRORS_SHOWN = 100;

/** The page behind a problem's `type`; absolute paths are what RFC 9457 section 3.1.1 asks for. */
function problemType(code: string): string {
	return `/docs#problem-${code}`;
}

export function renderProblem(failure: HttpFailure, requestId: string): RenderedProblem {
	const { status, title } = ERROR_CODES[failure.code];
	const { detail, errors, headers } = describe(failure);
	const problem: Problem = {
		type: problemType(failure.code),
		title,
		status,
		detail,
		code: failure.code,
		...(errors && { errors: errors.slice(0, FIELD_ERRORS_SHOWN) }),
		requestId,
	};
	return { status, headers: headers ?? {}, problem };
}

type Description = {
	readonly detail: string;
	readonly errors?: readonly FieldError[];
	readonly headers?: Record<string, string>;
};

function describe(failure: HttpFailure): Description {
	switch (failure.code) {
		case "validation_failed":
		case "unsupported_action":
		case "destination_refused":
			return {
				detail: failure.detail ?? summaryOf(failure.errors),
				errors: failure.errors,
			};
		case "rate_limited":
		case "quota_exceeded":
			return {
				detail: failure.detail,
				headers: {
					"retry-after": retryAfterSeconds(failure.retryAfterMs),
					...rateLimitFields(failure.limits),
				},
			};
		case "method_not_allowed": {
			const allow = failure.allow.join(", ");
			return { detail: `This path takes ${allow}.`, headers: { allow } };
		}
		case "unavailable":
			return {
				detail: failure.detail,
				headers: { "retry-after": retryAfterSeconds(failure.retryAfterMs) },
			};
		case "precondition_failed":
			return { detail: failure.detail, headers: { etag: failure.etag } };
		case "unauthorized":
			return { detail: failure.detail, headers: { "www-authenticate": 'Bearer realm="minoots"' } };
		case "invalid_json":
		case "invalid_encoding":
		case "invalid_request":
		case "invalid_cursor":
		case "invalid_signature":
		case "slack_not_configured":
		case "forbidden":
		case "tenant_mismatch":
		case "not_found":
		case "already_exists":
		case "dedupe_key_in_use":
		case "clock_moving":
		case "in_flight":
		case "already_settled":
		case "paused":
		case "not_fired":
		case "idempotency_in_progress":
		case "payload_too_large":
		case "unsupported_media_type":
		case "idempotency_key_reused":
		case "internal_error":
			return { detail: failure.detail };
	}
}

function summaryOf(errors: readonly FieldError[]): string {
	const [first] = errors;
	if (first === undefined) return "The request is not valid.";
	const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
	return `${first.path === "" ? "" : `${first.path}: `}${first.message}${more}`;
}
