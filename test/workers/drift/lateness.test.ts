/** A tenant reads how late its firings were, over all its shards. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, expect, it, vi } from "vitest";
import { LatenessSchema } from "../../../src/contract/lateness.ts";
import { callWith, env, newTenant, operator } from "../timers/api.ts";

const PATH = "/v1/usage/lateness";

afterEach(() => {
	vi.useRealTimers();
});

it("[DRIFT-8] adds up the lateness of all shards, for whoever may read timers", async () => {
	const { tenant, key, call } = await newTenant();
	const nothing = { since: null, histograms: [] };
	expect((await call("GET", PATH)).body).toEqual({ total: nothing, lastHour: nothing });
	await operator("PATCH", `/v1/tenants/${tenant}`, { shards: 2 });
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 61_000 });
	for (let index = 0; index < 16; index++) {
		await call("POST", "/v1/timers", { in: 20, priority: 9 });
	}
	vi.setSystemTime(Date.now() + 520);
	const shards = env.TENANT_SHARD;
	const rang = [0, 1].map((shard) =>
		runDurableObjectAlarm(shards.get(shards.idFromName(`${tenant}:${shard}`))),
	);
	expect(await Promise.all(rang)).toEqual([true, true]);

	const { status, body } = await call("GET", PATH);
	expect([status, LatenessSchema.parse(body)]).toEqual([200, body]);
	expect(body.total.histograms).toMatchObject([
		{ hop: "due_to_claimed", class: "low", count: 16, sumMs: 8_000, p50Ms: 500, maxMs: 500 },
	]);
	expect(body.lastHour.histograms).toEqual(body.total.histograms);

	const made = await call("POST", "/v1/keys", { name: "k", scopes: ["agent.pull"] });
	expect((await callWith(made.body.apiKey, "GET", PATH)).status).toBe(403);
	expect((await callWith(key, "GET", PATH)).status).toBe(200);
});
