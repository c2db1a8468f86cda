import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Api, callWith, newTenant, operator } from "../timers/api.ts";
import { openStream } from "./streams.ts";

/** Longer than the delay of a growth and than an edge remembers a key's holder. */
const GROWTH_MS = 61_000;

const PATH = "/v1/events";

function publish(api: Api, body: object, key?: string) {
	return api.call("POST", PATH, body, key === undefined ? {} : { "idempotency-key": key });
}

describe("POST /v1/events", () => {
	it("[TOPIC-10] answers 202 with the id under which the stream tells of the event", async () => {
		const api = await newTenant();
		const stream = await openStream("/v1/events/stream", api.key);
		const body = { topic: "orders.paid", payload: { order: "A-17" } };
		const published = await publish(api, body);
		expect(published.status).toBe(202);
		const [frame] = await stream.take(1);
		expect(frame?.data).toMatchObject({
			type: "event.published",
			id: published.body.id,
			subject: "orders.paid",
			time: published.body.publishedAt,
			data: body,
		});
		expect(published.body.topic).toBe("orders.paid");
		await stream.close();
	});

	it("[TOPIC-10] takes any JSON for a payload, and null for none", async () => {
		const api = await newTenant();
		for (const payload of [null, 0, "text", [1], {}, true]) {
			expect((await publish(api, { topic: "t", payload })).status).toBe(202);
		}
		expect((await publish(api, { topic: "t", source_agent_id: "importer" })).status).toBe(202);
	});

	it.each([
		["topic", {}],
		["topic", { topic: "" }],
		["topic", { topic: "a\nb" }],
		["topic", { topic: "x".repeat(257) }],
		["topic", { topic: 1 }],
		["data", { topic: "a", data: {} }],
	])("[TOPIC-11] refuses a bad %s (%#)", async (path, body) => {
		const refused = await publish(await newTenant(), body);
		expect([refused.status, refused.body.code]).toEqual([422, "validation_failed"]);
		expect(refused.body.errors[0].path).toBe(path);
	});

	it("[TOPIC-11] refuses a payload over 32 KiB with 413", async () => {
		const refused = await publish(await newTenant(), { topic: "a", payload: "x".repeat(32_768) });
		expect([refused.status, refused.body.code]).toEqual([413, "payload_too_large"]);
	});

	it("[TOPIC-12] needs the scope event.publish", async () => {
		const api = await newTenant();
		const keyOf = async (scopes: string[]) =>
			(await api.call("POST", "/v1/keys", { name: "k", scopes })).body.apiKey;
		const body = { topic: "a" };
		const refused = await callWith(await keyOf(["timer.write"]), "POST", PATH, body);
		expect([refused.status, refused.body.code]).toEqual([403, "forbidden"]);
		expect((await callWith(await keyOf(["event.publish"]), "POST", PATH, body)).status).toBe(202);
	});
});

describe("in a tenant of several shards", () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	async function grow({ tenant }: Api, shards: number): Promise<void> {
		await operator("PATCH", `/v1/tenants/${tenant}`, { shards });
		vi.setSystemTime(Date.now() + GROWTH_MS);
	}

	it("[TOPIC-13] every shard hears of an event, also one that has done nothing yet", async () => {
		const api = await newTenant();
		await grow(api, 2);
		await grow(api, 4);
		const { body } = await publish(api, { topic: "t", payload: 7 });
		const { TENANT_SHARD } = env as unknown as { TENANT_SHARD: DurableObjectNamespace };
		for (const shard of [0, 1, 2, 3]) {
			const stub = TENANT_SHARD.get(TENANT_SHARD.idFromName(`${api.tenant}:${shard}`));
			const read = () =>
				runInDurableObject(stub, (_, { storage }) =>
					storage.sql.exec("SELECT event FROM topic").toArray(),
				);
			await vi.waitFor(async () => expect(await read()).toHaveLength(1));
			const [row] = await read();
			expect(JSON.parse(String(row?.["event"]))).toMatchObject({ id: body.id, payload: 7 });
		}
	});

	it("[TOPIC-14] an Idempotency-Key of before a growth is still known", async () => {
		const api = await newTenant();
		const keys = Array.from({ length: 6 }, (_, index) => `k-${index}`);
		const ids = new Map<string, string>();
		for (const key of keys) ids.set(key, (await publish(api, { topic: "t" }, key)).body.id);
		await grow(api, 2);
		await grow(api, 4);
		for (const key of keys) {
			const again = await publish(api, { topic: "t" }, key);
			expect([again.status, again.body.id]).toEqual([202, ids.get(key)]);
			expect(again.headers.get("idempotency-replayed")).toBe("true");
			const other = await publish(api, { topic: "u" }, key);
			expect([other.status, other.body.code]).toEqual([422, "idempotency_key_reused"]);
		}
	});
});
