/**
 * When a failed delivery is tried again. Pure: the caller brings the clock and the random number.
 * It does not judge whether a failure deserves a retry; classify-response.ts does. Called by the
 * shard when it settles outcomes, and where a caller's policy is read.
 */

import type { RetryInput } from "../contract/retry.ts";
import { DAY, HOUR, SECOND } from "./units.ts";

export type Jitter = "full" | "equal" | "none";

/** Pauses in milliseconds; `maxAttempts` counts the first try too. */
export type RetryPolicy =
	| {
			readonly kind: "exponential" | "linear";
			readonly baseMs: number;
			readonly capMs: number;
			readonly jitter: Jitter;
			readonly maxAttempts: number;
	  }
	| {
			readonly kind: "fixed";
			readonly baseMs: number;
			readonly jitter: Jitter;
			readonly maxAttempts: number;
	  }
	/** One pause after each failure but the last: `delaysMs.length + 1` attempts, never jittered. */
	| { readonly kind: "list"; readonly delaysMs: readonly number[] };

export type Retry = {
	readonly policy: RetryPolicy;
	/** Number of the attempt that failed, from 1. */
	readonly attempt: number;
	readonly now: number;
	/** In [0, 1). */
	readonly random: number;
	/** What the receiver asked for, as retry-after.ts reads it. */
	readonly retryAfterMs?: number | undefined;
};

/** Rides out a restart or a deployment: with the defaults the pauses are 2, 4, 8, 16 and 32 s at most. */
const DEFAULT_BASE_MS = 2 * SECOND;
/** Past an hour a longer pause spares nobody, and the receiver has been back for a while. */
const DEFAULT_CAP_MS = HOUR;
const DEFAULT_MAX_ATTEMPTS = 6;

export const DEFAULT_RETRY: RetryPolicy = {
	kind: "exponential",
	baseMs: DEFAULT_BASE_MS,
	capMs: DEFAULT_CAP_MS,
	jitter: "full",
	maxAttempts: DEFAULT_MAX_ATTEMPTS,
};

/**
 * Full jitter draws from a tenth of the pause up to all of it, not from zero: a retry that follows
 * at once meets the same fault and burns an attempt, and a policy could spend all its attempts in
 * the first seconds of an outage. A tenth costs a tenth of the spread.
 */
const FULL_JITTER_FLOOR = 0.1;
const EQUAL_JITTER_FLOOR = 0.5;
/**
 * A receiver often names one instant to all it turns away. Spreading their return over a tenth of
 * the wait keeps them from meeting again; nobody comes before the named time.
 */
const RETRY_AFTER_SPREAD = 0.1;
/** Longest wait a receiver may impose: a day, as at QStash. Beyond it, waiting is a lost delivery. */
export const RETRY_AFTER_MS_MAX = DAY;

/**
 * Fills in what a caller left out. Only exponential backoff is jittered unless asked: who writes
 * `fixed` or `linear` names the pauses they expect to see. `capMs` bounds a fixed pause as well.
 */
export function toRetryPolicy(input: RetryInput | undefined): RetryPolicy {
	if (input === undefined) return DEFAULT_RETRY;
	if ("delaysMs" in input) return { kind: "list", delaysMs: input.delaysMs };
	const kind = input.backoff ?? "exponential";
	const baseMs = input.baseMs ?? DEFAULT_BASE_MS;
	const capMs = input.capMs ?? DEFAULT_CAP_MS;
	const jitter = input.jitter ?? (kind === "exponential" ? "full" : "none");
	const maxAttempts = input.maxAttempts ?? DEFAULT_MAX_ATTEMPTS;
	return kind === "fixed"
		? { kind, baseMs: Math.min(baseMs, input.capMs ?? baseMs), jitter, maxAttempts }
		: { kind, baseMs, capMs, jitter, maxAttempts };
}

/**
 * The instant of the next try in epoch ms, always after `now`; `undefined` when the policy is
 * exhausted. A receiver's wish can only delay the retry, by at most RETRY_AFTER_MS_MAX and its
 * spread: a short one does not void the backoff.
 */
export function nextRetryAt(retry: Retry): number | undefined {
	const { policy, attempt, now, random } = retry;
	const delayMs = policyDelayMs(policy, attempt, random);
	if (delayMs === undefined) return undefined;
	const askedMs = Math.min(retry.retryAfterMs ?? 0, RETRY_AFTER_MS_MAX);
	const grantedMs = askedMs + Math.floor(askedMs * RETRY_AFTER_SPREAD * random);
	return now + Math.max(1, delayMs, grantedMs);
}

/** The pause after a failed attempt, or `undefined` when it was the last. */
function policyDelayMs(policy: RetryPolicy, attempt: number, random: number): number | undefined {
	if (policy.kind === "list") return policy.delaysMs[attempt - 1];
	if (attempt >= policy.maxAttempts) return undefined;
	return jittered(fullDelayMs(policy, attempt), policy.jitter, random);
}

function fullDelayMs(
	policy: Exclude<RetryPolicy, { readonly kind: "list" }>,
	attempt: number,
): number {
	switch (policy.kind) {
		case "exponential":
			return Math.min(policy.capMs, policy.baseMs * 2 ** (attempt - 1));
		case "linear":
			return Math.min(policy.capMs, policy.baseMs * attempt);
		case "fixed":
			return policy.baseMs;
	}
}

/** A whole number of ms, spread evenly from the jitter's floor to `delayMs`, both included. */
function jittered(delayMs: number, jitter: Jitter, random: number): number {
	if (jitter === "none") return delayMs;
	const floor = Math.ceil(delayMs * (jitter === "full" ? FULL_JITTER_FLOOR : EQUAL_JITTER_FLOOR));
	return floor + Math.floor(random * (delayMs - floor + 1));
}
