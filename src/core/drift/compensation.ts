/**
 * Compensating drift: how much earlier a shard has itself woken, from how late its wakes have been.
 * Only arithmetic. What is woken early waits for the exact instant: nothing fires early.
 */

import { type JitterPolicy, JitterPolicyInputSchema } from "../../contract/jitter-policy.ts";

export type { JitterPolicy } from "../../contract/jitter-policy.ts";

/** The policy of a tenant that has none. */
export const NO_COMPENSATION: JitterPolicy = JitterPolicyInputSchema.parse({});

/**
 * The exponential moving average after one more sample: `f·x + (1 − f)·previous`.
 * @param previous undefined before the first sample, which is then the average
 */
export function smooth(previous: number | undefined, sample: number, factor: number): number {
	return previous === undefined ? sample : factor * sample + (1 - factor) * previous;
}

/** Milliseconds to wake early at this average: the average itself, within 0 and the bound. */
export function compensationOf(average: number | undefined, maxCompensationMs: number): number {
	if (average === undefined || !(average > 0)) return 0;
	return Math.min(average, maxCompensationMs);
}
