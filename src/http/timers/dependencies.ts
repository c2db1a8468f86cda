/**
 * What the edge does about the dependencies of a new timer: it makes the timer where the first of
 * them lives, so that most chains stay within one shard, and asks the other shards whether theirs
 * exist. The timer's own shard looks for those it holds in the transaction of the create.
 */
import type { NewDependency, ShardError } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { shardFailure } from "../shard-failure.ts";
import { homeOf } from "./shards.ts";

/** Where to create a timer that no key binds to a shard. */
export function homeOfDependent(dependsOn: readonly NewDependency[]): number | undefined {
	return dependsOn[0]?.shard;
}

/** What to answer where a dependency outside of `home` does not exist; undefined where all do. */
export async function findMissing(
	context: TenantContext,
	dependsOn: readonly NewDependency[],
	home: number | null,
): Promise<HttpFailure | undefined> {
	const elsewhere = dependsOn.filter(({ shard }) => shard !== home);
	const asked = [...Map.groupBy(elsewhere, ({ shard }) => shard)].map(async ([shard, some]) => {
		const found = await homeOf(context, shard).stub.existing(some.map(({ seq }) => seq));
		return some.filter((_, index) => found[index] !== true);
	});
	const [missing] = (await Promise.all(asked)).flat();
	if (missing === undefined) return undefined;
	const error: ShardError = { code: "unknown_dependency", path: missing.path };
	return shardFailure(error, "The timer");
}
