/** What a shard refuses, as the caller of a route is told it. */
import type { Quota, ShardError } from "../../durable-objects/tenant-shard/rpc.ts";
import { LIMITS } from "../contract/limits.ts";
import { QUOTA_RETRY_MS, RATE_WINDOW_MS, UNAVAILABLE_RETRY_MS } from "./constants.ts";
import type { HttpFailure } from "./failure.ts";
import type { RateLimit } from "./rate-limit-fields.ts";

/** @param what the thing asked for, as a sentence's subject: `The timer`, `The dead letter` */
export function shardFailure(error: ShardError, what: string): HttpFailure {
	switch (error.code) {
		case "not_found":
			return { code: "not_found", detail: `${what} does not exist.` };
		case "in_flight":
			return {
				code: "in_flight",
				detail: `A delivery of it is under way: ${what.toLowerCase()} can be changed once that has ended.`,
			};
		case "dedupe_key_in_use":
			return {
				code: "dedupe_key_in_use",
				detail: `The timer ${error.timer} has this dedupe key.`,
			};
		case "no_instant":
			return {
				code: "validation_failed",
				errors: [
					{
						path: "schedule",
						message: `${what} waits for something to happen: a schedule, or null with in or at, is expected`,
					},
				],
			};
		case "too_many_labels":
			return {
				code: "validation_failed",
				errors: [
					{
						path: "labels",
						message: `expected at most ${LIMITS.labels} labels, got ${error.labels} once merged`,
					},
				],
			};
		case "paused":
			return { code: "paused", detail: `${what} is paused: it fires once it is resumed.` };
		case "not_fired":
			return { code: "not_fired", detail: `${what} has not fired so far.` };
		case "firing_unknown":
			return { code: "not_found", detail: `${what} has no such firing, or has forgotten it.` };
		case "not_recurring":
			return {
				code: "validation_failed",
				errors: [
					{ path: "", message: `${what} has no schedule whose occurrences could be filled in` },
				],
			};
		case "already_settled":
			return { code: "already_settled", detail: `${what} is ${error.status} already.` };
		case "precondition_failed":
			return {
				code: "precondition_failed",
				detail: `${what} has changed since: its ETag is now ${error.etag}.`,
				etag: error.etag,
			};
		case "beyond_horizon":
			return {
				code: "validation_failed",
				errors: [
					{
						path: "at",
						message: `expected an instant up to ${isoText(error.horizonAt)}, the plan's horizon`,
					},
				],
			};
		case "too_large":
			return {
				code: "payload_too_large",
				detail: `${what} would take ${error.bytes} bytes; at most ${LIMITS.timerBytes} are stored.`,
			};
		case "quota_exceeded":
			return {
				code: "quota_exceeded",
				detail: `The plan allows ${error.quota.limit} active timers; cancel some, let them fire, or change the plan.`,
				retryAfterMs: QUOTA_RETRY_MS,
				limits: [activeTimersLimit(error.quota)],
			};
		case "rate_limited":
			return {
				code: "rate_limited",
				detail: `The plan allows ${error.quota.limit} new timers a minute.`,
				retryAfterMs: error.retryAfterMs,
				limits: [createsLimit(error.quota, error.retryAfterMs)],
			};
		case "unknown_dependency":
			return {
				code: "validation_failed",
				errors: [{ path: error.path, message: "names a timer that does not exist, or no longer" }],
			};
		case "idempotency_key_reused":
			return {
				code: "idempotency_key_reused",
				detail: "This Idempotency-Key came with another request in the last 24 hours.",
			};
		case "idempotency_in_progress":
			return {
				code: "idempotency_in_progress",
				detail: "The first request with this Idempotency-Key has not been answered yet.",
			};
		case "unavailable":
			return { code: "unavailable", detail: error.detail, retryAfterMs: UNAVAILABLE_RETRY_MS };
	}
}

/** The quota of active timers, as the `RateLimit` fields state it. */
export function activeTimersLimit({ limit, used }: Quota): RateLimit {
	return { name: "active-timers", limit, remaining: limit - used, windowMs: null, resetMs: null };
}

function createsLimit({ limit, used }: Quota, resetMs: number): RateLimit {
	return { name: "creates", limit, remaining: limit - used, windowMs: RATE_WINDOW_MS, resetMs };
}

function isoText(at: number): string {
	return new Date(at).toISOString();
}
