/**
 * What every call to a shard brings along, and how one fails. Part of the boundary in rpc.ts.
 */
import type { TimerStatus } from "../../../src/contract/timer.ts";
import type { StoredCalendar } from "../../../src/core/calendar/calendar-dates.ts";

/** Who calls which shard. A shard learns its own name from it, and asks the registry for its
 * configuration when `configVersion` is newer than the one it holds. */
export type ShardCall = {
	readonly tenant: string;
	readonly shard: number;
	readonly configVersion: number;
	/** W3C traceparent of the request, kept with the timer and continued into its deliveries. */
	readonly traceparent: string | null;
	/** The calendars that the schedules of this call name. */
	readonly calendars?: readonly StoredCalendar[];
};

/** An `Idempotency-Key` as the shard keeps it: route and key, and the SHA-256 of the body. */
export type IdempotencyClaim = {
	readonly key: string;
	readonly bodyHash: string;
	/** Of a create, epoch ms: the tenant's time at which its body was read. */
	readonly readAt?: number;
};

export type ShardError =
	| { readonly code: "not_found" }
	| { readonly code: "in_flight" }
	| { readonly code: "paused" }
	| { readonly code: "not_fired" }
	/** Of a firing that the timer never had, or has forgotten. */
	| { readonly code: "firing_unknown" }
	| { readonly code: "not_recurring" }
	/** `timer` is the public id of the one that has the key. */
	| { readonly code: "dedupe_key_in_use"; readonly timer: string }
	| { readonly code: "too_many_labels"; readonly labels: number }
	/** The timer waits for something to happen: nothing of it is due at an instant. */
	| { readonly code: "no_instant" }
	| { readonly code: "already_settled"; readonly status: TimerStatus }
	| { readonly code: "precondition_failed"; readonly etag: string }
	| { readonly code: "beyond_horizon"; readonly horizonAt: number }
	| { readonly code: "too_large"; readonly bytes: number }
	| { readonly code: "quota_exceeded"; readonly quota: Quota }
	| { readonly code: "rate_limited"; readonly quota: Quota; readonly retryAfterMs: number }
	| { readonly code: "unknown_dependency"; readonly path: string }
	| { readonly code: "idempotency_key_reused" }
	| { readonly code: "idempotency_in_progress" }
	| { readonly code: "unavailable"; readonly detail: string };

export type Quota = { readonly limit: number; readonly used: number };
