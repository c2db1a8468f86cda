/**
 * Makes a shard fit to write: tables, identity, a configuration at least as new as its caller's, and a
 * place on the watchdog's list. Part of `Shard`, which shows what is known here to everything else.
 */
import { migrate } from "../shared/migrate.ts";
import { registryOf } from "../shared/object-names.ts";
import type { ShardConfig } from "../tenant-registry/rpc.ts";
import { SHARD_MIGRATIONS } from "./migrations/index.ts";
import type { ShardCall } from "./rpc.ts";
import type { Shard } from "./shard.ts";
import type { ShardRow } from "./store.ts";
import { adoptTopics } from "./topic/adopt-topics.ts";

export type Identity = { readonly tenant: string; readonly shard: number };

export class Preparation {
	readonly #shard: Shard;
	readonly #loadShard: () => void;
	#identity: Identity | undefined;
	#config: ShardConfig | undefined;
	#watched = false;
	#preparing: Promise<void> | undefined;

	/** @param loadShard reads what is stored, once there are tables */
	constructor(shard: Shard, loadShard: () => void) {
		this.#shard = shard;
		this.#loadShard = loadShard;
	}

	/** Undefined before the first call that writes. */
	get identity(): Identity | undefined {
		return this.#identity;
	}

	get config(): ShardConfig | undefined {
		return this.#config;
	}

	/** What an earlier call has prepared. */
	load(row: ShardRow | undefined): void {
		if (row === undefined) return;
		this.#identity = { tenant: row.tenant, shard: row.shard };
		// Only `#prepare` writes this text.
		this.#config = JSON.parse(row.config) as ShardConfig;
		this.#watched = row.watched === 1;
	}

	isDoneFor(call: ShardCall): boolean {
		return (
			this.#watched && this.#config !== undefined && this.#config.version >= call.configVersion
		);
	}

	/** Calls that come meanwhile wait for the one preparation. */
	async prepare(call: ShardCall): Promise<void> {
		this.#preparing ??= this.#prepare(call).finally(() => {
			this.#preparing = undefined;
		});
		await this.#preparing;
	}

	async #prepare(call: ShardCall): Promise<void> {
		const shard = this.#shard;
		const registry = registryOf(shard.env, call.tenant);
		const config = await registry.shardConfig();
		if (!config.ok) throw new Error(`No configuration for tenant ${call.tenant}.`);
		if (!this.#watched) await registry.watchShard(call.shard);
		if (!shard.exists) {
			migrate(shard.storage, SHARD_MIGRATIONS);
			this.#loadShard();
		}
		if (!this.#watched) await adoptTopics(shard, call, config.value);
		shard.store.putShard.run(call.tenant, call.shard, JSON.stringify(config.value), 1);
		shard.clock.catchUp(shard.store, config.value.aheadMs ?? 0);
		this.#identity = { tenant: call.tenant, shard: call.shard };
		this.#config = config.value;
		this.#watched = true;
	}
}
