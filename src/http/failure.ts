/**
 * Every way in which a request can be refused, as data. Routes answer with one of these; only
 * `problem.ts` knows how it looks on the wire. Not for failures inside the network.
 */
import type { ErrorCode, FieldError } from "../contract/error.ts";
import { type Err, err } from "../core/result.ts";
import type { RateLimit } from "./rate-limit-fields.ts";

type WithFields = "validation_failed" | "unsupported_action" | "destination_refused";
type Limited = "rate_limited" | "quota_exceeded";
type Special = WithFields | Limited | "method_not_allowed" | "unavailable" | "precondition_failed";

export type HttpFailure =
	| { readonly code: WithFields; readonly errors: readonly FieldError[]; readonly detail?: string }
	| {
			readonly code: Limited;
			readonly detail: string;
			readonly retryAfterMs: number;
			readonly limits: readonly RateLimit[];
	  }
	| { readonly code: "method_not_allowed"; readonly allow: readonly string[] }
	| { readonly code: "unavailable"; readonly detail: string; readonly retryAfterMs: number }
	/** `etag` is the tag the object has now, in its quotes. */
	| { readonly code: "precondition_failed"; readonly detail: string; readonly etag: string }
	| { readonly code: Exclude<ErrorCode, Special>; readonly detail: string };

/** Refuses with a code that needs no more than a sentence. */
export function refuse(code: Exclude<ErrorCode, Special>, detail: string): Err<HttpFailure> {
	return err({ code, detail });
}

/** Refuses one field of the body, the query or a header. */
export function refuseField(path: string, message: string): Err<HttpFailure> {
	return err({ code: "validation_failed", errors: [{ path, message }] });
}
