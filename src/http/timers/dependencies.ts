/**
 * What the edge does about the dependencies of a new timer: it makes the timer where the first of
 * them lives, so that most chains stay within one shard, and asks the other shards whether theirs
 * exist. The timer's own shard looks for those it holds in the transaction of the create.
 */
import type {
	NewDependency,
	NewTimer,
	ShardError,
} from "../../../durable-objects/tenant-shard/rpc.ts";
import type { Address } from "../../core/public-id.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { shardFailure } from "../shard-failure.ts";
import { homeOf } from "./shards.ts";

/** Where to create a timer that no key binds to a shard. */
export function homeOfDependent(dependsOn: readonly NewDependency[]): number | undefined {
	return dependsOn[0]?.shard;
}

/** Timers that were named and do not exist. */
export type Gone = { readonly has: (dependency: Address) => boolean };

/**
 * Which of `dependsOn` do not exist, as far as they live outside of `home`: that shard looks by
 * itself. Each of the others is asked once.
 */
export async function findGone(
	context: TenantContext,
	dependsOn: readonly NewDependency[],
	home: number | null,
): Promise<Gone> {
	const asked = new Map<number, Set<number>>();
	for (const { shard, seq } of dependsOn) {
		if (shard === home) continue;
		asked.set(shard, (asked.get(shard) ?? new Set<number>()).add(seq));
	}
	const gone = new Set<string>();
	await Promise.all(
		[...asked].map(async ([shard, some]) => {
			const seqs = [...some];
			const found = await homeOf(context, shard).stub.existing(seqs);
			for (const [index, seq] of seqs.entries()) {
				if (found[index] !== true) gone.add(keyOf({ shard, seq }));
			}
		}),
	);
	return { has: (dependency) => gone.has(keyOf(dependency)) };
}

/** What to answer to a timer that depends on one of `gone`; undefined where it depends on none. */
export function goneFailure(
	{ dependsOn = [] }: Pick<NewTimer, "dependsOn">,
	gone: Gone,
): HttpFailure | undefined {
	const missing = dependsOn.find((dependency) => gone.has(dependency));
	if (missing === undefined) return undefined;
	const error: ShardError = { code: "unknown_dependency", path: missing.path };
	return shardFailure(error, "The timer");
}

function keyOf({ shard, seq }: Address): string {
	return `${shard}:${seq}`;
}
