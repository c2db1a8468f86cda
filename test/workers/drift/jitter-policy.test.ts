/** The operator has a tenant's shards make up for late wakes. */
import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { TenantSchema } from "../../../src/contract/tenant.ts";
import { env, newTenant, operator } from "../timers/api.ts";

const OFF = { maxCompensationMs: 0, smoothingFactor: 0.2 };

it("[DRIFT-12] a jitter policy is taken, shown, and known to the shards that fire", async () => {
	const { tenant, call } = await newTenant();
	const path = `/v1/tenants/${tenant}`;
	expect((await operator("GET", path)).body.jitterPolicy).toEqual(OFF);
	await call("POST", "/v1/timers", { in: "1h" });

	const patched = await operator("PATCH", path, { jitterPolicy: { maxCompensationMs: 80 } });
	const policy = { ...OFF, maxCompensationMs: 80 };
	expect([patched.status, TenantSchema.parse(patched.body).jitterPolicy]).toEqual([200, policy]);
	const shard = env.TENANT_SHARD.get(env.TENANT_SHARD.idFromName(`${tenant}:0`));
	const stored = await runInDurableObject(shard, (_, { storage }) =>
		storage.sql.exec<{ config: string }>("SELECT config FROM shard").one(),
	);
	expect(JSON.parse(stored.config).jitterPolicy).toEqual(policy);

	expect((await operator("PATCH", path, { name: "Acme" })).body.jitterPolicy).toEqual(policy);
	const off = await operator("PATCH", path, { jitterPolicy: {} });
	expect(off.body.jitterPolicy).toEqual(OFF);
});

it("[DRIFT-12] a policy out of bounds is refused by field, value and choice", async () => {
	const { tenant } = await newTenant();
	const wrong: [object, string][] = [
		[{ maxCompensationMs: -1 }, "jitterPolicy.maxCompensationMs"],
		[{ maxCompensationMs: 5_001 }, "jitterPolicy.maxCompensationMs"],
		[{ maxCompensationMs: 1.5 }, "jitterPolicy.maxCompensationMs"],
		[{ smoothingFactor: 0 }, "jitterPolicy.smoothingFactor"],
		[{ smoothingFactor: 1.1 }, "jitterPolicy.smoothingFactor"],
		[{ window: 64 }, "jitterPolicy.window"],
	];
	for (const [jitterPolicy, field] of wrong) {
		const { status, body } = await operator("PATCH", `/v1/tenants/${tenant}`, { jitterPolicy });
		expect([status, body.errors[0].path]).toEqual([422, field]);
	}
});
