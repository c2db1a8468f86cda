/**
 * Requests per minute of a plan, counted in this isolate's memory (decision 18): no object is asked,
 * so each edge location counts by itself, and an evicted isolate starts anew. The docs say so. What
 * must hold exactly (timers, creates) is counted durably by the shards.
 */
import type { PlanId } from "../contract/tenant.ts";
import { liesAhead } from "../core/lies-ahead.ts";
import { planOf } from "../core/plan.ts";
import { err, ok, type Result } from "../core/result.ts";
import { RATE_WINDOW_MS, RATE_WINDOWS_KEPT } from "./constants.ts";
import type { HttpFailure } from "./failure.ts";
import type { RateLimit } from "./rate-limit-fields.ts";

type Window = { readonly endsAt: number; used: number };

const windows = new Map<string, Window>();

/** Counts a request of `tenant`. Answers where it stands (null: unlimited), or 429. */
export function countRequest(
	tenant: string,
	plan: PlanId,
	now: number,
): Result<RateLimit | null, HttpFailure> {
	const limit = planOf(plan).requestsPerMinute;
	if (limit === null) return ok(null);
	const window = windowOf(tenant, now);
	const resetMs = window.endsAt - now;
	const state: RateLimit = {
		name: "requests",
		limit,
		remaining: limit - window.used - 1,
		windowMs: RATE_WINDOW_MS,
		resetMs,
	};
	if (window.used >= limit) {
		return err({
			code: "rate_limited",
			detail: `The plan allows ${limit} requests a minute.`,
			retryAfterMs: resetMs,
			limits: [state],
		});
	}
	window.used += 1;
	return ok(state);
}

function windowOf(tenant: string, now: number): Window {
	const open = windows.get(tenant);
	if (open !== undefined && liesAhead(open.endsAt, RATE_WINDOW_MS, now)) return open;
	if (windows.size >= RATE_WINDOWS_KEPT) dropEnded(now);
	const window = { endsAt: now + RATE_WINDOW_MS, used: 0 };
	windows.set(tenant, window);
	return window;
}

function dropEnded(now: number): void {
	for (const [tenant, window] of windows) {
		if (window.endsAt <= now) windows.delete(tenant);
	}
}
