/**
 * Room for more timers (decision 18): a shard asks the registry for a block of the tenant's quota
 * when its own is used up, before the transaction that needs it. The counts themselves are durable,
 * in the counter row.
 */
import { MINUTE } from "../../src/core/units.ts";
import { registryOf } from "../shared/object-names.ts";
import type { ShardError } from "./rpc.ts";
import type { Shard } from "./shard.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Asks for room for `want` more timers if the plan has a limit and the grant does not cover them.
 * What is still missing afterwards is refused inside the transaction.
 */
export async function ensureRoom(shard: Shard, want: number): Promise<void> {
	if (shard.plan.activeTimers === null) return;
	const { active, granted } = shard.counter;
	if (active + want <= granted) return;
	const registry = registryOf(shard.env, shard.identity.tenant);
	const grant = await registry.grantQuota(shard.identity.shard, active, want);
	if (!grant.ok) throw new Error(`The registry granted no quota: ${grant.error.code}`);
	shard.transact((tx) => {
		tx.counter.granted = grant.value;
	});
}

/** Counts one create, or says why it may not be. Called inside the transaction, before any write. */
export function countCreate(shard: Shard, tx: Transaction): ShardError | undefined {
	const { plan, config } = shard;
	const { counter } = tx;
	if (plan.activeTimers !== null && counter.active >= counter.granted) {
		return {
			code: "quota_exceeded",
			quota: { limit: plan.activeTimers, used: plan.activeTimers },
		};
	}
	const minute = Math.floor(tx.now / MINUTE);
	if (counter.minute !== minute) {
		counter.minute = minute;
		counter.creates = 0;
	}
	if (plan.createsPerMinute !== null) {
		const shards = config.shardSteps.at(-1)?.count ?? 1;
		const limit = Math.max(1, Math.floor(plan.createsPerMinute / shards));
		if (counter.creates >= limit) {
			return {
				code: "rate_limited",
				quota: { limit: plan.createsPerMinute, used: plan.createsPerMinute },
				retryAfterMs: (minute + 1) * MINUTE - tx.now,
			};
		}
	}
	counter.creates += 1;
	counter.active += 1;
	return undefined;
}

/** Gives back what is granted and not used; answers what the shard keeps. */
export function releaseQuota(shard: Shard): number {
	if (!shard.exists) return 0;
	return shard.transact((tx) => {
		tx.counter.granted = tx.counter.active;
		return tx.counter.granted;
	});
}
