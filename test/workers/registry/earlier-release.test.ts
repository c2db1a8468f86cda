/**
 * Registries that earlier releases wrote, opened with today's code: one run for each folder of
 * test/fixtures/schema. Each is of a tenant on `pro` named Acme, that has grown to two shards and
 * rotated its secret, with a second key `ci`, shard 0 watched, and a grant.
 */
import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import { openTenantKey } from "../../../durable-objects/shared/seal.ts";
import { REGISTRY_MIGRATIONS } from "../../../durable-objects/tenant-registry/migrations/index.ts";
import { unusedTenantId, unwrap } from "./new-tenant.ts";

const fixtures = import.meta.glob<string>("../../fixtures/schema/*/registry.sql", {
	query: "?raw",
	import: "default",
	eager: true,
});

it("[SCHEMA-3] there are fixtures to open", () => {
	expect(Object.keys(fixtures).length).toBeGreaterThan(0);
});

describe.each(Object.entries(fixtures))("%s", (_, dump) => {
	async function open() {
		// An object of any name: what it holds knows whose it is.
		const registry = registryOf(env, unusedTenantId());
		await runInDurableObject(registry, (_, { storage }) => void storage.sql.exec(dump));
		await evictDurableObject(registry);
		return registry;
	}

	it("[SCHEMA-3] a registry keeps its tenant, keys, shards and secrets", async () => {
		const registry = await open();
		const tenant = unwrap(await registry.getTenant());
		expect(tenant).toMatchObject({ name: "Acme", plan: "pro", shards: 2 });
		const keys = unwrap(await registry.listKeys());
		expect(keys.map(({ name, mailboxes }) => [name, mailboxes])).toEqual([
			["first key", null],
			["ci", ["build-*"]],
		]);
		expect(await registry.watchedShards()).toMatchObject({ shards: [0] });
		const hashes = await runInDurableObject(registry, (_, { storage: { sql } }) =>
			sql.exec<{ hash: string }>("SELECT hash FROM api_key").toArray(),
		);
		for (const { hash } of hashes) unwrap(await registry.authenticate(hash));
		const { wrappedKey, secrets } = unwrap(await registry.shardConfig());
		const key = unwrap(await openTenantKey(env.MINOOTS_MASTER_KEY, tenant.id, wrappedKey));
		expect(secrets).toHaveLength(2);
		for (const { sealed } of secrets) {
			expect(unwrap(await key.unseal("webhook-secret", sealed))).toMatch(/^whsec_/);
		}
	});

	it("[SCHEMA-3] takes what has been added since", async () => {
		const registry = await open();
		const applied = await runInDurableObject(registry, (_, { storage: { sql } }) =>
			sql.exec<{ id: string }>("SELECT id FROM migration ORDER BY id").toArray(),
		);
		expect(applied.map(({ id }) => id)).toEqual(REGISTRY_MIGRATIONS.map(({ id }) => id));
		expect(unwrap(await registry.patchTenant({ region: "weur" }))).toMatchObject({
			region: "weur",
		});
		unwrap(await registry.createKey({ name: "k", scopes: ["timer.read"] }));
	});
});
