/**
 * The hub's life around its feed: which shards there are, being registered with them, and who reads.
 * It keeps nothing that a reader needs to resume: after a crash it starts empty, and readers come
 * back with their cursors.
 */
import type { Region } from "../../src/contract/tenant.ts";
import {
	decodeStreamCursor,
	encodeStreamCursor,
	type StreamCursor,
	type StreamPosition,
} from "../../src/core/stream-cursor.ts";
import { idSpaceOf } from "../../src/derived-keys.ts";
import type { Env } from "../../src/env.ts";
import { logLine } from "../shared/log.ts";
import { registryOf, shardOf } from "../shared/object-names.ts";
import type { TenantConfig } from "../tenant-registry/rpc.ts";
import type { TenantShardRpc } from "../tenant-shard/rpc.ts";
import { READ_AGAIN_MS, REGISTERED_MS, RENEW_EVERY_MS } from "./constants.ts";
import { Feed } from "./feed.ts";
import { itemsOf } from "./page.ts";
import { Reader, type Sink } from "./reader.ts";
import type { SocketSpec } from "./socket-sink.ts";

export class Hub {
	readonly feed: Feed;
	readonly #ctx: DurableObjectState;
	readonly #env: Env;
	#tenant = "";
	/** Readers that have come and are not fed yet. */
	#opening = 0;
	/** Shards the hub is registered with, and until when (epoch ms). */
	readonly #registered = new Map<number, number>();

	constructor(ctx: DurableObjectState, env: Env) {
		this.#ctx = ctx;
		this.#env = env;
		this.feed = new Feed(
			(shard, from) => this.#read(shard, from),
			(shard, error) => this.#onFault(shard, error),
		);
	}

	/** Called before anything else, by whoever knows it. */
	isOf(tenant: string): void {
		this.#tenant = tenant;
	}

	get isRead(): boolean {
		return this.#opening > 0 || this.feed.readers.size > 0;
	}

	/** Feeds a new reader. `connect` makes its sink, and is told where it begins. */
	async open(spec: SocketSpec, connect: (cursor: string) => Sink): Promise<Reader> {
		this.#opening += 1;
		try {
			const cursor = await this.#begin(spec.cursor);
			const sink = connect(encodeStreamCursor(cursor, this.#tenant));
			const reader = this.restore(spec, cursor, sink);
			this.feed.join(reader, this.#registered.keys());
			return reader;
		} finally {
			this.#opening -= 1;
		}
	}

	/** Nobody reads: shards may forget the hub. False while somebody does, or is about to. */
	release(): boolean {
		if (this.isRead) return false;
		this.#registered.clear();
		return true;
	}

	/** Where a reader begins: at its cursor, or now. Registers where that is not so yet. */
	async #begin(cursor: string | null): Promise<StreamCursor> {
		await this.#registerWhereMissing();
		const given = cursor === null ? undefined : decodeStreamCursor(cursor, this.#tenant);
		if (given !== undefined) return given;
		const shards = [...this.#registered.keys()];
		const ends = await Promise.all(
			shards.map(async (shard) => {
				const { position } = await this.#shard(shard).eventsAfter(null);
				return [shard, position] as const;
			}),
		);
		return new Map(ends);
	}

	/** Takes a reader back that had read up to `cursor` when the object was evicted. */
	restore({ keyId, topics, timer }: SocketSpec, cursor: StreamCursor, sink: Sink): Reader {
		const reader = new Reader({ tenant: this.#tenant, keyId }, { topics, timer }, cursor, sink);
		this.feed.readers.add(reader);
		return reader;
	}

	/** Reads on wherever somebody is behind and has room again. */
	resume(): void {
		for (const shard of this.#registered.keys()) void this.feed.resume(shard);
	}

	/**
	 * Registers anew with every shard, also those that growth has added, and reads them: a poke may
	 * have been lost. Then closes readers whose key is no longer good.
	 */
	async renew(): Promise<void> {
		if (this.release()) return;
		this.#ring();
		const config = await this.#config();
		await Promise.all(shardsIn(config).map((shard) => this.#register(config, shard)));
		for (const shard of this.#registered.keys()) void this.feed.announce(shard);
		await this.#closeRevoked();
	}

	async #registerWhereMissing(): Promise<void> {
		const now = Date.now();
		const isGood = [...this.#registered.values()].some((until) => until > now);
		if (isGood) return;
		const config = await this.#config();
		await Promise.all(shardsIn(config).map((shard) => this.#register(config, shard)));
		this.#ring();
	}

	/** A shard that does not answer is left for the next renewal; it keeps up nobody else. */
	async #register(config: TenantConfig, shard: number): Promise<void> {
		const until = Date.now() + REGISTERED_MS;
		const { tenant, version } = config;
		try {
			const call = { tenant, shard, configVersion: version, traceparent: null };
			await this.#shard(shard, config.region).registerHub(call, until);
			this.#registered.set(shard, until);
		} catch (error) {
			this.#log("hub_register_failed", shard, error);
			if (!this.#registered.has(shard)) throw error;
		}
	}

	#ring(): void {
		void this.#ctx.storage.setAlarm(Date.now() + RENEW_EVERY_MS);
	}

	async #config(): Promise<TenantConfig> {
		const config = await registryOf(this.#env, this.#tenant).config();
		if (!config.ok) throw new Error(`No configuration for tenant ${this.#tenant}.`);
		return config.value;
	}

	async #closeRevoked(): Promise<void> {
		const ids = new Set([...this.feed.readers].map(({ keyId }) => keyId));
		const good = new Set(await registryOf(this.#env, this.#tenant).holdersInForce([...ids]));
		for (const reader of this.feed.readers) {
			if (!good.has(reader.keyId)) this.feed.close(reader);
		}
	}

	async #read(shard: number, from: StreamPosition) {
		const answer = await this.#shard(shard).eventsAfter(from);
		const home = { tenant: this.#tenant, ids: idSpaceOf(this.#env, this.#tenant), shard };
		const { position, more } = answer;
		return { items: itemsOf(answer, home, Date.now()), position, more };
	}

	#onFault(shard: number, error: unknown): void {
		this.#log("hub_read_failed", shard, error);
		setTimeout(() => void this.feed.resume(shard), READ_AGAIN_MS);
	}

	/** @param region where the registration may be the first call that the shard gets */
	#shard(shard: number, region: Region | null = null): TenantShardRpc {
		const stub: unknown = shardOf(this.#env, this.#tenant, shard, region);
		// The platform's type of a stub walks into JSON values, which are recursive, without end.
		return stub as TenantShardRpc;
	}

	#log(kind: string, shard: number, error: unknown): void {
		const line = { at: Date.now(), kind, tenant: this.#tenant, shard, error: String(error) };
		logLine(this.#env, line, this.#ctx);
	}
}

function shardsIn({ shardSteps }: TenantConfig): readonly number[] {
	const count = Math.max(...shardSteps.map((step) => step.count));
	return Array.from({ length: count }, (_, shard) => shard);
}
