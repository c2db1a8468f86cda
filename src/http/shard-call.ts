/** Says to a shard who calls it. Every route that reaches a shard starts with this. */
import type { TenantConfig } from "../../durable-objects/tenant-registry/rpc.ts";
import type { ShardCall } from "../../durable-objects/tenant-shard/rpc.ts";
import type { TenantContext } from "./context.ts";

type Caller = Pick<TenantContext, "config" | "traceparent" | "calendars">;

export function shardCall({ config, traceparent, calendars }: Caller, shard: number): ShardCall {
	const call = { tenant: config.tenant, shard, configVersion: config.version, traceparent };
	return calendars === undefined ? call : { ...call, calendars };
}

/** Every shard that the tenant has or had: growth adds shards and removes none. */
export function shardsOf({ shardSteps }: TenantConfig): readonly number[] {
	const count = Math.max(...shardSteps.map((step) => step.count));
	return Array.from({ length: count }, (_, shard) => shard);
}
