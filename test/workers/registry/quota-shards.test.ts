/** One quota and several real shards of a tenant. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { shardOf } from "../../../durable-objects/shared/object-names.ts";
import type { NewTimer, ShardCall } from "../../../durable-objects/tenant-shard/rpc.ts";
import { DAY } from "../../../src/core/units.ts";
import { type NewTenant, newTenant, unwrap } from "./new-tenant.ts";

describe("real shards", () => {
	const callOf = ({ id }: NewTenant, shard: number, configVersion = 1): ShardCall => ({
		tenant: id,
		shard,
		configVersion,
		traceparent: null,
	});

	/** Timers that stay pending for as long as any test runs. */
	function timers(count: number) {
		const timer: NewTimer = {
			dueAt: Date.now() + 300 * DAY,
			flags: 0,
			name: null,
			doc: "{}",
			dedupeKey: null,
		};
		return Array.from({ length: count }, (_, index) => ({ index, timer }));
	}

	async function create(tenant: NewTenant, shard: number, count: number, version = 1) {
		const stub = shardOf(env, tenant.id, shard);
		const answer = unwrap(
			await stub.createBatch(callOf(tenant, shard, version), timers(count), null),
		);
		return { created: answer.created.map(({ seq }) => seq), failed: answer.failed };
	}

	it("[GRANT-2] fill a plan together and no further", async () => {
		const tenant = await newTenant("free");
		expect((await create(tenant, 0, 60)).created).toHaveLength(60);
		const second = await create(tenant, 1, 50);
		expect(second.created).toHaveLength(40);
		expect(second.failed.map(({ error }) => error.code)).toEqual(
			new Array(10).fill("quota_exceeded"),
		);
		expect((await create(tenant, 0, 1)).created).toHaveLength(0);
	});

	it("[GRANT-2] fill a plan exactly when everybody creates at once", async () => {
		const tenant = await newTenant("free");
		const answers = await Promise.all(
			Array.from({ length: 150 }, (_, index) => create(tenant, index % 3, 1)),
		);
		expect(answers.flatMap(({ created }) => created)).toHaveLength(100);
	});

	it("[GRANT-3] what ends in one shard makes room in another", async () => {
		const tenant = await newTenant("free");
		const [first] = (await create(tenant, 0, 100)).created;
		expect((await create(tenant, 1, 1)).created).toHaveLength(0);
		unwrap(await shardOf(env, tenant.id, 0).cancel(callOf(tenant, 0), first ?? 0, null));
		expect((await create(tenant, 1, 2)).created).toHaveLength(1);
	});

	it("[GRANT-4] a smaller plan is held to at once, whatever was granted before", async () => {
		const tenant = await newTenant("enterprise");
		expect((await create(tenant, 0, 150)).created).toHaveLength(150);
		expect((await create(tenant, 1, 20)).created).toHaveLength(20);
		unwrap(await tenant.registry.patchTenant({ plan: "free" }));
		expect((await create(tenant, 2, 1, 2)).created).toHaveLength(0);
		expect((await create(tenant, 0, 1, 2)).created).toHaveLength(0);
		expect((await create(tenant, 1, 1, 2)).created).toHaveLength(0);
	});
});
