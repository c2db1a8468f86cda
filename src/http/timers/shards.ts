/** Which shards of a tenant a request talks to, and how it introduces itself to them. */
import { shardOf } from "../../../durable-objects/shared/object-names.ts";
import type { ShardCall, TenantShardRpc } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { Address, DeliveryAddress, IdKind } from "../../core/public-id.ts";
import { ok, type Result } from "../../core/result.ts";
import { shardsAt } from "../../core/shard-count.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { shardCall, shardsOf } from "../shard-call.ts";

/** One shard, ready to be called for this request. */
export type Home = {
	readonly shard: number;
	readonly stub: TenantShardRpc;
	readonly call: ShardCall;
};

export function homeOf(context: TenantContext, shard: number): Home {
	const stub: unknown = shardOf(context.env, context.tenant, shard, context.config.region);
	return {
		shard,
		// The platform's type of a stub walks into JSON values, which are recursive, without end.
		stub: stub as TenantShardRpc,
		call: shardCall(context, shard),
	};
}

/** Every shard that may hold something of the tenant, also one that is about to be used. */
export function allHomes(context: TenantContext): readonly Home[] {
	return shardsOf(context.config).map((shard) => homeOf(context, shard));
}

/**
 * A shard for a timer that no key binds to one. Drawn, not taken in turns: turns kept per isolate
 * would put all timers of a tenant into one shard where two tenants call alternately.
 */
export function anyShard(context: TenantContext): number {
	return Math.floor(Math.random() * shardsAt(context.config.shardSteps, context.now));
}

/** Where the thing with this id lives. An id that the tenant cannot have reaches no object. */
export function locate(
	context: TenantContext,
	kind: IdKind,
	id: string,
	what: string,
): Result<Home & Address, HttpFailure> {
	return locateAt(context, context.ids.parse(kind, id), what);
}

export function locateDelivery(
	context: TenantContext,
	id: string,
	what: string,
): Result<Home & DeliveryAddress, HttpFailure> {
	return locateAt(context, context.ids.parseDelivery(id), what);
}

function locateAt<A extends Address>(
	context: TenantContext,
	address: A | undefined,
	what: string,
): Result<Home & A, HttpFailure> {
	if (address === undefined || address.shard >= shardsOf(context.config).length) {
		return refuse("not_found", `${what} does not exist.`);
	}
	return ok({ ...homeOf(context, address.shard), ...address });
}
