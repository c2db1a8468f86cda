/**
 * The two decisions of a recurring timer, as data: which occurrence fires when it is claimed late,
 * and which comes next when a firing has ended. Pure; the shard applies what is answered here.
 */

import type { OverlapPolicy } from "../../contract/firing-policy.ts";
import { lastOccurrences, type NextOccurrence } from "./occurrences.ts";
import { BUFFER_LIMIT, type Misfire } from "./policy.ts";

/** Occurrences that will not fire: those in (after, before), or up to `before` with `inclusive`. */
export type Passed = {
	readonly reason: "misfire" | "merged" | "overlap";
	readonly after: number;
	readonly before: number;
	readonly inclusive: boolean;
};

export type StartPlan = {
	/** The occurrence to fire now; null when none of those that are due may. */
	readonly fire: number | null;
	readonly passed: readonly Passed[];
};

/**
 * A timer is claimed at `now` for its occurrence `nominal`; later ones may be due as well.
 *
 * | misfire | fires | the others |
 * |---|---|---|
 * | fire_once | the last that is due | merged into it |
 * | skip | the last that is due, if it is within the grace | misfire |
 * | catch_up | the first of the last `max` that are due | those before: misfire; those after follow |
 */
export function planStart(
	next: NextOccurrence,
	misfire: Misfire,
	nominal: number,
	now: number,
): StartPlan {
	// From just before it, so that `nominal` itself is one of them.
	const from = nominal - 1;
	const wanted = misfire.policy === "catch_up" ? misfire.max : 1;
	// A snoozed occurrence may lie behind its own instant, or not be one of the schedule any more.
	const last = lastOccurrences(next, from, Math.max(now, nominal), wanted);
	const first = last[0] ?? nominal;
	const isLate = misfire.policy === "skip" && now - first > misfire.graceMs;
	const reason = misfire.policy === "fire_once" ? "merged" : "misfire";
	if (isLate) {
		return { fire: null, passed: [{ reason, after: from, before: first, inclusive: true }] };
	}
	const passed: Passed[] =
		first > nominal ? [{ reason, after: from, before: first, inclusive: false }] : [];
	return { fire: first, passed };
}

export type NextPlan = {
	/** The occurrence to come; null when the schedule has none left. */
	readonly nominal: number | null;
	/** Epoch ms before which it must not start; null when its own instant says. */
	readonly notBefore: number | null;
	readonly passed: readonly Passed[];
};

/**
 * The firing of `nominal`, claimed at `claimedAt`, has ended at `now`.
 *
 * | what has passed meanwhile | next |
 * |---|---|
 * | nothing | the next of the schedule |
 * | catch_up, and more was due when it was claimed | that, `paceMs` after `claimedAt` |
 * | overlap skip, allow, cancel_other | the next after now; the others: overlap |
 * | overlap buffer_one | the last that passed, at once; the others: overlap |
 * | overlap buffer_all | the first that passed (of the last 1,000), at once |
 */
export function planNext(
	next: NextOccurrence,
	{ misfire, overlap }: { readonly misfire: Misfire; readonly overlap: OverlapPolicy },
	nominal: number,
	claimedAt: number,
	now: number,
): NextPlan {
	const coming = next(nominal);
	if (coming === null || coming > now) return { nominal: coming, notBefore: null, passed: [] };
	if (misfire.policy === "catch_up" && coming <= claimedAt) {
		return { nominal: coming, notBefore: claimedAt + misfire.paceMs, passed: [] };
	}
	const passedTo = (before: number, inclusive: boolean): Passed[] =>
		before > coming || inclusive ? [{ reason: "overlap", after: nominal, before, inclusive }] : [];
	if (overlap === "buffer_one" || overlap === "buffer_all") {
		const kept = overlap === "buffer_one" ? 1 : BUFFER_LIMIT;
		const first = lastOccurrences(next, nominal, now, kept)[0] ?? coming;
		return { nominal: first, notBefore: now, passed: passedTo(first, false) };
	}
	return { nominal: next(now), notBefore: null, passed: passedTo(now, true) };
}
