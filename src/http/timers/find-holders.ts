/**
 * The timers that hold dedupe keys, looked up in all the shards that a key may have led to as the
 * tenant grew. It creates nothing. Called for batches and by the dry run of an import.
 */
import type { Address } from "../../core/public-id.ts";
import { homesOfKey } from "../../core/shard-count.ts";
import type { TenantContext } from "../context.ts";
import { homeOf } from "./shards.ts";

/** By key. With `earlier` the home of today is left out: the create that follows asks it itself. */
export async function findHolders(
	context: TenantContext,
	keys: readonly string[],
	where: "earlier" | "everywhere",
): Promise<ReadonlyMap<string, Address>> {
	const { config, now } = context;
	const asked = new Map<number, Set<string>>();
	for (const key of keys) {
		const { home, earlier } = homesOfKey(key, config.shardSteps, now, Number.POSITIVE_INFINITY);
		for (const shard of where === "earlier" ? earlier : [...earlier, home]) {
			const there = asked.get(shard);
			if (there === undefined) asked.set(shard, new Set([key]));
			else there.add(key);
		}
	}
	const holders = new Map<string, Address>();
	for (const [shard, there] of asked) {
		const list = [...there];
		const seqs = await homeOf(context, shard).stub.findDedupeKeys(list);
		for (const [at, seq] of seqs.entries()) {
			const key = list[at];
			if (seq !== null && key !== undefined) holders.set(key, { shard, seq });
		}
	}
	return holders;
}
