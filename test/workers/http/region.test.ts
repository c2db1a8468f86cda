/** A tenant's region: taken, shown, and handed to the platform as its shards' location hint. */
import { env } from "cloudflare:workers";
import { afterEach, expect, it, vi } from "vitest";
import { REGIONS } from "../../../src/contract/tenant.ts";
import { call, newTenant, OPERATOR_KEY, outcome } from "./client.ts";

afterEach(() => {
	vi.restoreAllMocks();
});

function tenantId(): string {
	return `t-${crypto.randomUUID().slice(0, 8)}`;
}

/** The options of every call by which a shard was reached since `spyOnShards`. */
function hintsOf(spy: ReturnType<typeof spyOnShards>): readonly unknown[] {
	return spy.mock.calls.map(([, options]) => options?.locationHint);
}

function spyOnShards() {
	return vi.spyOn(env.TENANT_SHARD, "get");
}

it("[REGION-1] is taken when a tenant is made or changed, and shown", async () => {
	const { id } = await newTenant();
	const path = `/v1/tenants/${id}`;
	expect((await call(path, { key: OPERATOR_KEY })).body.region).toBeNull();
	for (const region of REGIONS) {
		const made = await call("/v1/tenants", { key: OPERATOR_KEY, body: { id: tenantId(), region } });
		expect([made.status, made.body.region]).toEqual([201, region]);
		const changed = await call(path, { method: "PATCH", key: OPERATOR_KEY, body: { region } });
		expect([changed.status, changed.body.region]).toEqual([200, region]);
	}
	const renamed = await call(path, { method: "PATCH", key: OPERATOR_KEY, body: { name: "New" } });
	expect(renamed.body).toMatchObject({ name: "New", region: "me" });
	expect((await call(path, { key: OPERATOR_KEY })).body).toEqual(renamed.body);
});

it("[REGION-1] refuses an unknown one, naming field, value and choice", async () => {
	const { id } = await newTenant();
	const made = await call("/v1/tenants", {
		key: OPERATOR_KEY,
		body: { id: tenantId(), region: "mars" },
	});
	const changed = await call(`/v1/tenants/${id}`, {
		method: "PATCH",
		key: OPERATOR_KEY,
		body: { region: "mars" },
	});
	const choice = REGIONS.map((region) => JSON.stringify(region)).join(", ");
	for (const refused of [made, changed]) {
		expect(outcome(refused)).toBe("422 validation_failed");
		expect(refused.body.errors).toEqual([
			{ path: "region", message: `expected one of ${choice}, got "mars"` },
		]);
	}
});

it("[REGION-2] is the hint of every call to a shard by the edge and the registry", async () => {
	const id = tenantId();
	const made = await call("/v1/tenants", { key: OPERATOR_KEY, body: { id, region: "oc" } });
	const key = made.body.apiKey;
	const spy = spyOnShards();
	const headers = { "idempotency-key": "k" };
	const timer = await call("/v1/timers", { key, headers, body: { in: "1h" } });
	expect(timer.status).toBe(201);
	await call("/v1/timers/batch", { key, body: { timers: [{ in: "1h" }] } });
	await call("/v1/timers", { key });
	await call(`/v1/timers/${timer.body.id}/cancel`, { method: "POST", key, headers });
	await call("/v1/usage", { key });
	const byEdge = hintsOf(spy);
	expect(byEdge.length).toBeGreaterThan(5);
	await call("/v1/webhook-secret/rotate", { method: "POST", key });
	expect(hintsOf(spy).length).toBeGreaterThan(byEdge.length);
	expect(new Set(hintsOf(spy))).toEqual(new Set(["oc"]));
});

it("[REGION-2] there is no hint without one", async () => {
	const { key } = await newTenant();
	const spy = spyOnShards();
	await call("/v1/timers", { key, body: { in: "1h" } });
	expect(hintsOf(spy).length).toBeGreaterThan(0);
	expect(new Set(hintsOf(spy))).toEqual(new Set([undefined]));
});
