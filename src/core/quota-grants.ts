/**
 * Decision 18: how a plan's active timers are shared between shards. The registry grants each shard
 * a part of the quota, so that a create stays one call to one object and the total is never passed.
 * Decides only; the registry stores the grants and asks other shards to give back.
 */

/** What one shard may hold at most. */
export type Grant = { readonly shard: number; readonly granted: number };

export type GrantRequest = {
	readonly quota: number;
	/** Of every shard that holds any, the asking one included. */
	readonly grants: readonly Grant[];
	readonly shard: number;
	/** Active timers of the asking shard, and how many more it wants now. */
	readonly used: number;
	readonly want: number;
	/** Whether other shards wait for room: then nothing is granted, or left, beyond what is needed. */
	readonly isScarce: boolean;
};

export type GrantDecision = {
	/** The asking shard's whole grant from now on; never below `used`. */
	readonly granted: number;
	/** Shards to ask for what they do not use, before deciding again; empty when `want` is met. */
	readonly reclaimFrom: readonly number[];
};

/** A block is a twentieth of the quota: twenty asks fill a plan that one shard uses alone. */
const BLOCK_SHARE = 0.05;
/** Smaller blocks would make a small plan ask for nearly every timer. */
const BLOCK_MIN = 100;

/**
 * Grants what the shard needs and a block in advance, of what the other shards leave. The advance is
 * at most an equal share of the rest, or else the first twenty of 64 shards would take it all and
 * every create of the others would take a block back.
 *
 * A quota that has shrunk below the grants takes nothing that is used: a shard keeps `used`, and is
 * granted no more until the sum has fallen. So the sum never grows past the quota, as long as every
 * `used` lies within the shard's grant.
 */
export function decideGrant(request: GrantRequest): GrantDecision {
	const { quota, grants, shard, used, want } = request;
	const others = grants.filter((grant) => grant.shard !== shard && grant.granted > 0);
	const held = grants.find((grant) => grant.shard === shard)?.granted ?? 0;
	const room = others.reduce((left, grant) => left - grant.granted, quota);
	const needed = used + want;
	if (needed > room) {
		return { granted: Math.max(used, room), reclaimFrom: others.map((grant) => grant.shard) };
	}
	if (request.isScarce) return { granted: needed, reclaimFrom: [] };
	if (needed <= held) return { granted: Math.min(held, room), reclaimFrom: [] };
	const share = Math.ceil((room - needed) / (others.length + 1));
	return { granted: needed + Math.min(blockOf(quota), share), reclaimFrom: [] };
}

function blockOf(quota: number): number {
	return Math.max(Math.ceil(quota * BLOCK_SHARE), BLOCK_MIN);
}
