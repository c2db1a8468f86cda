/**
 * The `RateLimit` and `RateLimit-Policy` fields of draft-ietf-httpapi-ratelimit-headers-10, which
 * are structured fields (RFC 9651). Only the text; who counts what is decided elsewhere.
 */
import { SECOND } from "../core/units.ts";

export type RateLimit = {
	/** A token of the policy: letters and dashes. */
	readonly name: "requests" | "creates" | "active-timers" | "exchanges";
	readonly limit: number;
	readonly remaining: number;
	/** Milliseconds of the window, and until it ends; null for a quota that time does not refill. */
	readonly windowMs: number | null;
	readonly resetMs: number | null;
};

/** Both fields, for a response's headers. */
export function rateLimitFields(limits: readonly RateLimit[]): Record<string, string> {
	return {
		ratelimit: limits.map(state).join(", "),
		"ratelimit-policy": limits.map(policy).join(", "),
	};
}

/** `Retry-After` in whole seconds, never 0: a client that waits 0 s would come back at once. */
export function retryAfterSeconds(ms: number): string {
	return String(Math.max(1, Math.ceil(ms / SECOND)));
}

function state({ name, remaining, resetMs }: RateLimit): string {
	const reset = resetMs === null ? "" : `;t=${Math.ceil(resetMs / SECOND)}`;
	return `"${name}";r=${Math.max(0, remaining)}${reset}`;
}

function policy({ name, limit, windowMs }: RateLimit): string {
	const window = windowMs === null ? "" : `;w=${Math.ceil(windowMs / SECOND)}`;
	return `"${name}";q=${limit}${window}`;
}
