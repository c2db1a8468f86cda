/**
 * A timer's own jitter policy. A shard wakes for all its timers by one alarm, and what it has
 * averaged is its own, so the policy is the shard's: the one with the largest bound that any of its
 * timers has asked for. Waking early harms nobody, since nothing fires before its instant.
 */
import type { JitterPolicy } from "../../../src/contract/jitter-policy.ts";
import type { Shard } from "../shard.ts";
import type { Transaction } from "../transaction.ts";

export function askForPolicy(
	shard: Shard,
	tx: Transaction,
	policy: JitterPolicy | undefined | null,
): void {
	if (policy == null || policy.maxCompensationMs === 0) return;
	if (policy.maxCompensationMs <= (shard.jitterPolicy?.maxCompensationMs ?? 0)) return;
	shard.store.putAskedPolicy.run(JSON.stringify(policy));
	tx.onCommit(() => {
		shard.askedPolicy = policy;
	});
}
