/**
 * Room for more timers (decision 18): a shard asks the registry for a block of the tenant's quota
 * when its own is used up, before the transaction that needs it. The counts themselves are durable,
 * in the counter row.
 */
import { MINUTE } from "../../src/core/units.ts";
import { registryOf } from "../shared/object-names.ts";
import { shareRounds } from "../shared/shared-rounds.ts";
import type { ShardError } from "./rpc.ts";
import type { Shard } from "./shard.ts";
import type { Transaction } from "./transaction.ts";

/**
 * What a shard wants of its tenant's quota. Calls that need room at the same time are served by one
 * ask: for all of them, since the registry answers what the whole shard may hold.
 */
export class Room {
	/** Creates on their way into a transaction: room that is as good as used. */
	coming = 0;
	/** Times the shard has given back, by which an ask sees that one overtook it. */
	releases = 0;
	readonly ask: () => Promise<void>;

	/** @param ask runs one ask; no two at a time */
	constructor(ask: () => Promise<void>) {
		this.ask = shareRounds(ask);
	}
}

/**
 * Runs `work` in a group commit, with room for `want` more timers if the plan has any: asks the
 * registry when the grant does not cover them. What is still missing then is refused inside.
 */
export async function submitWithRoom<T>(
	shard: Shard,
	want: number,
	work: (tx: Transaction) => T,
): Promise<T> {
	const { room } = shard;
	let reserved = want;
	const settle = () => {
		room.coming -= reserved;
		reserved = 0;
	};
	room.coming += want;
	try {
		if (isShort(shard)) await room.ask();
		return await shard.group.submit((tx) => {
			// With the commit, so that no ask counts these timers twice.
			tx.onCommit(settle);
			return work(tx);
		});
	} finally {
		settle();
	}
}

/** One ask. An answer that a release has overtaken is void: what was given back may be another's. */
export async function askForRoom(shard: Shard): Promise<void> {
	const registry = registryOf(shard.env, shard.identity.tenant);
	while (isShort(shard)) {
		const { releases, coming } = shard.room;
		const grant = await registry.grantQuota(shard.identity.shard, shard.counter.active, coming);
		if (!grant.ok) throw new Error(`The registry granted no quota: ${grant.error.code}`);
		if (releases !== shard.room.releases) continue;
		shard.transact((tx) => {
			tx.counter.granted = grant.value;
		});
		return;
	}
}

function isShort({ plan, counter, room }: Shard): boolean {
	return plan.activeTimers !== null && counter.active + room.coming > counter.granted;
}

/** Why there can be no `count` further active timers now; undefined when there can. */
export function refuseActive(
	{ plan }: Shard,
	{ counter }: Transaction,
	count = 1,
): ShardError | undefined {
	const limit = plan.activeTimers;
	if (limit === null || counter.active + count <= counter.granted) return undefined;
	return { code: "quota_exceeded", quota: { limit, used: limit } };
}

/**
 * Counts one create, or the `count` of a graph, all or none; or says why it may not be. Called inside
 * the transaction, before any write.
 */
export function countCreate(shard: Shard, tx: Transaction, count = 1): ShardError | undefined {
	const refused = refuseActive(shard, tx, count) ?? countRate(shard, tx, count);
	if (refused !== undefined) return refused;
	tx.counter.active += count;
	return undefined;
}

/**
 * Counts `count` firings that a call adds to a timer, all or none, against the plan's creates a
 * minute: they cost what as many timers cost. Or says why they may not be.
 */
export function countRate(shard: Shard, tx: Transaction, count: number): ShardError | undefined {
	const { createsPerMinute } = shard.plan;
	const isBeyond = count > rateLeft(shard, tx);
	if (createsPerMinute !== null && isBeyond) {
		return {
			code: "rate_limited",
			quota: { limit: createsPerMinute, used: createsPerMinute },
			retryAfterMs: (Math.floor(tx.now / MINUTE) + 1) * MINUTE - tx.now,
		};
	}
	tx.counter.creates += count;
	return undefined;
}

/** How many more creates the plan allows in this shard this minute; begins to count a new minute. */
export function rateLeft({ plan, config }: Shard, { counter, now }: Transaction): number {
	const minute = Math.floor(now / MINUTE);
	if (counter.minute !== minute) {
		counter.minute = minute;
		counter.creates = 0;
	}
	if (plan.createsPerMinute === null) return Number.POSITIVE_INFINITY;
	const shards = config.shardSteps.at(-1)?.count ?? 1;
	return Math.max(1, Math.floor(plan.createsPerMinute / shards)) - counter.creates;
}

/**
 * Gives back what is granted and neither used nor about to be; answers what the shard keeps. Under an
 * unlimited plan that is what it uses.
 */
export function releaseQuota(shard: Shard): number {
	if (!shard.exists) return 0;
	shard.room.releases += 1;
	return shard.transact(({ counter }) => {
		const kept = Math.min(counter.granted, counter.active + shard.room.coming);
		counter.granted = Math.max(counter.active, kept);
		return counter.granted;
	});
}
