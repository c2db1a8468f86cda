/**
 * Exchanges a minute of one tenant's tokens, counted in this isolate's memory as requests are
 * (decision 18). Whoever knows a tenant's name can use them up, for that minute and at that edge;
 * keys, and tokens already exchanged, are not touched by it.
 */
import { LIMITS } from "../../contract/limits.ts";
import { ExpiringMap } from "../../core/expiring-map.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { RATE_WINDOW_MS } from "../constants.ts";
import type { HttpFailure } from "../failure.ts";
import { EXCHANGES_KEPT } from "./constants.ts";

type Window = { readonly endsAt: number; used: number };

const windows = new ExpiringMap<string, Window>(EXCHANGES_KEPT);

/** Counts an exchange for `tenant`, or refuses it with 429. */
export function countExchange(tenant: string, now: number): Result<null, HttpFailure> {
	const open = windows.get(tenant, now);
	if (open === undefined) {
		windows.set(tenant, { endsAt: now + RATE_WINDOW_MS, used: 1 }, now, RATE_WINDOW_MS);
		return ok(null);
	}
	const limit = LIMITS.exchangesPerMinute;
	if (open.used < limit) {
		open.used += 1;
		return ok(null);
	}
	const resetMs = open.endsAt - now;
	return err({
		code: "rate_limited",
		detail: `${limit} exchanges a minute are taken for one tenant.`,
		retryAfterMs: resetMs,
		limits: [{ name: "exchanges", limit, remaining: 0, windowMs: RATE_WINDOW_MS, resetMs }],
	});
}
