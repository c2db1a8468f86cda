/**
 * A shard that a growth has added learns the last event of each topic from the tenant's first shard,
 * which has heard of all. Events that are published from then on come to both. Called once, before
 * the shard does anything else.
 */
import { shardOf } from "../../shared/object-names.ts";
import type { ShardConfig } from "../../tenant-registry/rpc.ts";
import { TOPICS_PAGE } from "../constants.ts";
import type { ShardCall, TenantShardRpc } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import { rememberEvent } from "./topics.ts";

export async function adoptTopics(
	shard: Shard,
	{ tenant, shard: own }: Pick<ShardCall, "tenant" | "shard">,
	{ shardSteps, region }: ShardConfig,
): Promise<void> {
	// Without a growth all shards have heard the same from the beginning.
	if (own === 0 || shardSteps.length === 1) return;
	// The platform's type of a stub walks into JSON values, which are recursive, without end.
	const first = shardOf(shard.env, tenant, 0, region) as unknown as TenantShardRpc;
	let after = "";
	for (;;) {
		const events = await first.lastEvents(after, TOPICS_PAGE);
		for (const event of events) rememberEvent(shard, event);
		const last = events.at(-1);
		if (last === undefined || events.length < TOPICS_PAGE) return;
		after = last.topic;
	}
}
