/** The list of tenants, and the creation that it begins. */

import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { hasSchema } from "../../../durable-objects/shared/migrate.ts";
import { directoryOf, registryOf } from "../../../durable-objects/shared/object-names.ts";
import { unusedTenantId } from "./new-tenant.ts";

describe("directory", () => {
	it("[TEN-5] lists nothing and makes no tables before the first tenant", async () => {
		const directory = directoryOf(env);
		expect(await directory.listTenants(null, 10)).toEqual([]);
		const isWritten = await runInDurableObject(directory, (_, { storage }) => hasSchema(storage));
		expect(isWritten).toBe(false);
	});

	it("[TEN-5] lists every tenant once, page by page in the order of ids", async () => {
		const directory = directoryOf(env);
		for (const id of ["b", "a", "c-1", "c", "d"]) {
			expect(await directory.addTenant(id, 1_000)).toBe(true);
		}
		expect(await directory.addTenant("c", 2_000)).toBe(false);
		await evictDurableObject(directory);
		expect(await directory.addTenant("a", 2_000)).toBe(false);
		expect(await directory.listTenants(null, 2)).toEqual(["a", "b"]);
		expect(await directory.listTenants("b", 2)).toEqual(["c", "c-1"]);
		expect(await directory.listTenants("c-1", 2)).toEqual(["d"]);
		expect(await directory.listTenants("d", 2)).toEqual([]);
	});

	it("[TEN-6] a creation cut off after the listing is completed by trying again", async () => {
		const id = unusedTenantId();
		expect(await directoryOf(env).addTenant(id, 1_000)).toBe(true);
		const registry = registryOf(env, id);
		expect(await registry.watchedShards()).toEqual({ configVersion: 0, shards: [] });

		expect(await directoryOf(env).addTenant(id, 2_000)).toBe(false);
		const input = { id, name: null, plan: "free", region: null } as const;
		expect(await registry.createTenant(input)).toMatchObject({ ok: true });
		expect(await registry.createTenant(input)).toEqual({
			ok: false,
			error: { code: "already_exists" },
		});
	});
});
