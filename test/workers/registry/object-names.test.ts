/** The names of objects, which decide where every tenant's data is: they never change. */
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { directoryOf, registryOf, shardOf } from "../../../durable-objects/shared/object-names.ts";

describe("object names", () => {
	it("[TEN-8] a registry is named by its tenant, a shard by tenant and number", () => {
		// Twice, since the second comes from what is kept.
		for (const _ of [1, 2]) {
			expect(registryOf(env, "acme").id).toEqual(env.TENANT_REGISTRY.idFromName("acme"));
			expect(shardOf(env, "acme", 12).id).toEqual(env.TENANT_SHARD.idFromName("acme:12"));
			expect(directoryOf(env).id).toEqual(env.DIRECTORY.idFromName("directory"));
		}
	});

	it("[TEN-8] stays right for more objects than are kept", () => {
		for (let tenant = 0; tenant < 5_000; tenant++) shardOf(env, `many-${tenant}`, 0);
		for (const tenant of [0, 2_500, 4_999]) {
			const name = `many-${tenant}`;
			expect(shardOf(env, name, 0).id).toEqual(env.TENANT_SHARD.idFromName(`${name}:0`));
		}
	});
});
