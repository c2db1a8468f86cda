/** RFC 9457 problem details, and the stable codes that programs branch on. */
import { z } from "zod";

/** `code` → HTTP status and title. A code never changes its meaning; new ones may be added. */
export const ERROR_CODES = {
	invalid_json: { status: 400, title: "The body is not valid JSON" },
	invalid_encoding: { status: 400, title: "The body is not valid UTF-8" },
	invalid_request: { status: 400, title: "The request is malformed" },
	invalid_cursor: { status: 400, title: "The cursor does not belong to this list" },
	unauthorized: { status: 401, title: "A valid API key is required" },
	invalid_signature: { status: 401, title: "The request is not signed by whom it should be" },
	forbidden: { status: 403, title: "The key may not do this" },
	tenant_mismatch: { status: 403, title: "The key belongs to another tenant" },
	not_found: { status: 404, title: "Not found" },
	method_not_allowed: { status: 405, title: "Method not allowed" },
	already_exists: { status: 409, title: "It exists already" },
	dedupe_key_in_use: { status: 409, title: "Another timer has the dedupe key" },
	clock_moving: { status: 409, title: "The tenant's time is being moved" },
	in_flight: { status: 409, title: "A delivery of this timer is under way" },
	already_settled: { status: 409, title: "The timer has settled" },
	paused: { status: 409, title: "The timer is paused" },
	not_fired: { status: 409, title: "The timer has not fired yet" },
	idempotency_in_progress: { status: 409, title: "The first request with this key is running" },
	precondition_failed: { status: 412, title: "The timer has changed" },
	payload_too_large: { status: 413, title: "The body is too large" },
	unsupported_media_type: { status: 415, title: "The body is not JSON" },
	validation_failed: { status: 422, title: "The request is not valid" },
	unsupported_action: { status: 422, title: "This kind of action is not supported" },
	destination_refused: { status: 422, title: "The destination is not allowed" },
	idempotency_key_reused: { status: 422, title: "The key was used with another body" },
	quota_exceeded: { status: 429, title: "The plan's quota is used up" },
	rate_limited: { status: 429, title: "Too many requests" },
	internal_error: { status: 500, title: "Internal error" },
	slack_not_configured: { status: 503, title: "This deployment has no Slack app" },
	unavailable: { status: 503, title: "Temporarily unavailable; nothing was stored" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

export const FieldErrorSchema = z.object({
	path: z.string().meta({ description: "JSON path of the field, e.g. actions.0.url" }),
	message: z.string(),
});
export type FieldError = z.infer<typeof FieldErrorSchema>;

export const ProblemSchema = z
	.object({
		type: z.string(),
		title: z.string(),
		status: z.int(),
		detail: z.string(),
		// `Object.keys` types its answer as plain text; these are the keys of the object itself.
		code: z.enum(Object.keys(ERROR_CODES) as ErrorCode[]),
		errors: z.array(FieldErrorSchema).optional(),
		requestId: z.string(),
	})
	.meta({ id: "Problem", description: "RFC 9457 problem details" });
export type Problem = z.infer<typeof ProblemSchema>;
