/**
 * How many shards a tenant has, when that changes, and which shard a key belongs to (decisions 1
 * and 19). A tenant grows by doubling; no data moves: a key keeps the home it was given, and
 * lookups also ask the homes it would have had under earlier counts. Used by the registry, which
 * grows, and by the edge, which routes.
 */
import { LIMITS } from "../contract/limits.ts";
import { err, ok, type Result } from "./result.ts";
import { MINUTE } from "./units.ts";

/** One step of growth: from `effectiveAt` (epoch ms) on, new timers use `count` shards. */
export type ShardStep = { readonly count: number; readonly effectiveAt: number };

/** Ascending by `effectiveAt`, each count twice the one before; the first is that at creation. */
export type ShardSteps = readonly ShardStep[];

export type GrowthError =
	| { readonly code: "growing"; readonly count: number; readonly effectiveAt: number }
	| { readonly code: "at_most"; readonly current: number }
	| { readonly code: "not_a_doubling"; readonly current: number };

/** Milliseconds until a growth takes effect: longer than any edge keeps a principal, so that all of
 * them change their counts at one instant. */
export const GROWTH_DELAY_MS = MINUTE;

/** Shards of a new tenant. */
export const FIRST_SHARD_COUNT = 1;

/** How many shards new timers use at `now`. */
export function shardsAt(steps: ShardSteps, now: number): number {
	return stepAt(steps, now).count;
}

/** The last step if it still lies ahead of `now`, else `undefined`. */
export function pendingGrowth(steps: ShardSteps, now: number): ShardStep | undefined {
	const last = steps.at(-1);
	return last !== undefined && last.effectiveAt > now ? last : undefined;
}

/**
 * Adds a step to `count` shards. The count that is in effect or already on its way changes nothing;
 * anything else but its double is refused, and so is a second growth while one is on its way: an
 * edge would otherwise have to look up three counts that are new at once.
 */
export function growShards(
	steps: ShardSteps,
	count: number,
	now: number,
): Result<ShardSteps, GrowthError> {
	const pending = pendingGrowth(steps, now);
	const current = pending ?? stepAt(steps, now);
	if (count === current.count) return ok(steps);
	if (pending !== undefined) return err({ code: "growing", ...pending });
	if (current.count === LIMITS.shardsMax) return err({ code: "at_most", current: current.count });
	if (count !== 2 * current.count) return err({ code: "not_a_doubling", current: current.count });
	return ok([...steps, { count, effectiveAt: now + GROWTH_DELAY_MS }]);
}

/**
 * The counts other than today's that were in effect at some time in the last `sinceMs` (`Infinity`
 * for always), newest first.
 */
export function earlierCounts(steps: ShardSteps, now: number, sinceMs: number): readonly number[] {
	const counts: number[] = [];
	const current = steps.indexOf(stepAt(steps, now));
	for (let i = current - 1; i >= 0; i--) {
		const endedAt = steps[i + 1]?.effectiveAt ?? now;
		if (endedAt <= now - sinceMs) break;
		const count = steps[i]?.count;
		if (count !== undefined) counts.push(count);
	}
	return counts;
}

/** The shard that `key` belongs to among `count`. Doubling `count` keeps it or adds `count`. */
export function homeOfKey(key: string, count: number): number {
	return hashOf(key) % count;
}

/**
 * Where `key` lives when it is made at `now`, and the other shards that may hold it from the last
 * `sinceMs`, newest first.
 */
export function homesOfKey(
	key: string,
	steps: ShardSteps,
	now: number,
	sinceMs: number,
): { readonly home: number; readonly earlier: readonly number[] } {
	const home = homeOfKey(key, shardsAt(steps, now));
	const homes = new Set([home]);
	for (const count of earlierCounts(steps, now, sinceMs)) homes.add(homeOfKey(key, count));
	homes.delete(home);
	return { home, earlier: [...homes] };
}

function stepAt(steps: ShardSteps, now: number): ShardStep {
	const [first] = steps;
	if (first === undefined) throw new Error("A tenant has at least one shard step");
	return steps.findLast((step) => step.effectiveAt <= now) ?? first;
}

/**
 * FNV-1a over UTF-16 code units, then murmur3's finaliser, since the low bits choose the shard.
 * Stored homes depend on it: it never changes.
 */
function hashOf(key: string): number {
	let hash = 0x811c9dc5;
	for (let i = 0; i < key.length; i++) {
		hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
	}
	hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}
