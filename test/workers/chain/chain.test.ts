/** Dependencies through the HTTP API, within one shard and across several. */
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { shardOf } from "../../../durable-objects/shared/object-names.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { type Api, env, newTenant, operator } from "../timers/api.ts";

/** Longer than the delay of a growth and than an edge remembers a key's holder. */
const GROWTH_MS = 61_000;

beforeEach(() => {
	// Far ahead, so that no alarm rings but when the test says so.
	vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2090, 0, 1) });
});
afterEach(() => {
	vi.useRealTimers();
});

async function create(api: Api, body: object, headers?: Record<string, string>) {
	return api.call("POST", "/v1/timers", body, headers);
}

async function read(api: Api, id: string) {
	return (await api.call("GET", `/v1/timers/${id}`)).body;
}

async function grow({ tenant }: Api, shards: number): Promise<void> {
	const grown = await operator("PATCH", `/v1/tenants/${tenant}`, { shards });
	expect(grown.status).toBe(200);
	vi.setSystemTime(Date.now() + GROWTH_MS);
}

/** Rings every shard's alarm, until what they tell each other has made this of the timer. */
async function becomes(api: Api, id: string, expected: object): Promise<void> {
	await vi.waitFor(async () => {
		for (const shard of [0, 1]) await runDurableObjectAlarm(shardOf(env, api.tenant, shard));
		expect(await read(api, id)).toMatchObject(expected);
	});
}

function shardOfId({ tenant }: Api, id: string): number | undefined {
	return idSpaceOf(env, tenant).parse("tmr", id)?.shard;
}

/** A bare timer in the given shard: it settles as it fires. */
async function createIn(api: Api, shard: number, body: object): Promise<string> {
	for (;;) {
		const { id } = (await create(api, { in: "1m", ...body })).body;
		if (shardOfId(api, id) === shard) return id;
		await api.call("DELETE", `/v1/timers/${id}`);
	}
}

describe("dependsOn", () => {
	it("[CHAIN-50] answers 201 with a pending timer, replayed byte for byte, that reads the same", async () => {
		const api = await newTenant();
		const first = (await create(api, { in: "1m" })).body;
		const key = { "idempotency-key": "k" };
		const body = { in: "5s", dependsOn: [first.id] };
		const created = await create(api, body, key);
		expect(created.status).toBe(201);
		expect(created.body).toMatchObject({
			status: "pending",
			at: null,
			nextFireAt: null,
			timeRemainingMs: 5_000,
			dependsOn: [{ timer: first.id, on: "success" }],
		});
		expect((await create(api, body, key)).body).toEqual(created.body);
		expect(await read(api, created.body.id)).toEqual(created.body);
		const listed = await api.call("GET", "/v1/timers?status=pending");
		expect(listed.body.items).toEqual([created.body]);
	});

	it("[CHAIN-51] is refused for another tenant's timer, and for one that is gone, naming the field", async () => {
		const [api, other] = [await newTenant(), await newTenant()];
		const foreign = (await create(other, { in: "1m" })).body.id;
		const gone = (await create(api, { in: "1m" })).body.id;
		await api.call("DELETE", `/v1/timers/${gone}`);
		for (const id of [foreign, gone]) {
			const refused = await create(api, { in: "5s", dependsOn: [{ timer: id }] });
			expect([refused.status, refused.body.errors[0].path]).toEqual([422, "dependsOn.0.timer"]);
		}
		const lines = [{ in: "5s", dependsOn: [gone] }, { in: "5s" }];
		const batch = (await api.call("POST", "/v1/timers/batch", { timers: lines })).body;
		expect(batch).toMatchObject({ created: 1, failed: 1 });
		expect(batch.results[0].error.errors[0].path).toBe("dependsOn.0");
	});

	it("[CHAIN-52] of a pending timer cannot be changed, its delay can", async () => {
		const api = await newTenant();
		const first = (await create(api, { in: "1m" })).body;
		const { id } = (await create(api, { in: "5s", dependsOn: [first.id] })).body;
		const refused = await api.call("PATCH", `/v1/timers/${id}`, { dependsOn: [] });
		expect(refused.status).toBe(422);
		const changed = await api.call("PATCH", `/v1/timers/${id}`, { in: "9s", name: "later" });
		expect(changed.body).toMatchObject({
			status: "pending",
			timeRemainingMs: 9_000,
			name: "later",
		});
	});
});

describe("dependsOn across shards", () => {
	it("[CHAIN-60] puts a dependent beside its first dependency", async () => {
		const api = await newTenant();
		await grow(api, 2);
		for (const shard of [0, 1, 0, 1]) {
			const first = await createIn(api, shard, {});
			const { id } = (await create(api, { dependsOn: [first] })).body;
			expect(shardOfId(api, id)).toBe(shard);
		}
	});

	it("[CHAIN-61] waits for timers of other shards, and counts from the last of their ends", async () => {
		const api = await newTenant();
		await grow(api, 2);
		const start = Date.now();
		const near = await createIn(api, 0, { in: "1m" });
		const far = await createIn(api, 1, { in: "2m" });
		const { id } = (await create(api, { in: "5s", dependsOn: [near, far] })).body;
		vi.setSystemTime(start + 60_000);
		await becomes(api, near, { status: "settled" });
		expect((await read(api, id)).status).toBe("pending");
		vi.setSystemTime(start + 120_000);
		await runDurableObjectAlarm(shardOf(env, api.tenant, 1));
		vi.setSystemTime(start + 123_000);
		await becomes(api, id, {
			status: "scheduled",
			at: new Date(start + 125_000).toISOString(),
		});
	});

	it("[CHAIN-62] is told by a timer that has ended before it could be asked", async () => {
		const api = await newTenant();
		await grow(api, 2);
		const near = await createIn(api, 0, { in: "1h" });
		const far = await createIn(api, 1, {});
		await api.call("POST", `/v1/timers/${far}/cancel`);
		const released = (await create(api, { dependsOn: [near, { timer: far, on: "always" }] })).body;
		const cancelled = (await create(api, { dependsOn: [near, far] })).body;
		await becomes(api, cancelled.id, { status: "cancelled" });
		expect((await read(api, released.id)).status).toBe("pending");
		await api.call("POST", `/v1/timers/${near}/cancel`);
		await becomes(api, released.id, { status: "cancelled" });
	});

	it("[CHAIN-63] refuses a timer of another shard that is gone", async () => {
		const api = await newTenant();
		await grow(api, 2);
		const near = await createIn(api, 0, {});
		const far = await createIn(api, 1, {});
		await api.call("DELETE", `/v1/timers/${far}`);
		const refused = await create(api, { dependsOn: [near, far] });
		expect([refused.status, refused.body.errors[0].path]).toEqual([422, "dependsOn.1"]);
		const timers = [{ dependsOn: [near] }, { dependsOn: [far] }, { dependsOn: [near, far] }];
		const { body } = await api.call("POST", "/v1/timers/batch", { timers });
		expect(body).toMatchObject({ created: 1, failed: 2 });
		expect(body.results[2].error.errors[0].path).toBe("dependsOn.1");
	});
});

describe("a temporal graph", () => {
	const url = "https://example.com/hook";
	const nodes = [
		{ id: "test", after: ["root"], offset: "5s" },
		{
			id: "ship",
			after: ["test"],
			actions: [{ type: "webhook", url, headers: { "x-secret": "s" }, body: "b".repeat(40_000) }],
		},
	];

	it("[GRAPH-30] is answered with the timer of each node, replayed alike, and read alike", async () => {
		const api = await newTenant();
		const body = { name: "release", in: "1m", temporalGraph: { nodes } };
		const key = { "idempotency-key": "g" };
		const created = await create(api, body, key);
		expect(created.status).toBe(201);
		const { graph } = created.body;
		expect(graph).toEqual({
			root: "root",
			nodes: { test: expect.stringMatching(/^tmr_/), ship: expect.stringMatching(/^tmr_/) },
		});
		expect((await create(api, body, key)).body).toEqual(created.body);
		expect(await read(api, created.body.id)).toEqual(created.body);
		expect(await read(api, graph.nodes.test)).toMatchObject({
			name: "release::test",
			status: "pending",
			graphRootId: created.body.id,
			graphNodeId: "test",
			graph: null,
			dependsOn: [{ timer: created.body.id, on: "success" }],
		});
		const listed = await api.call("GET", "/v1/timers");
		expect(listed.body.items).toHaveLength(3);
		await api.call("POST", `/v1/timers/${created.body.id}/cancel`);
		expect((await read(api, graph.nodes.ship)).status).toBe("cancelled");
	});

	it("[GRAPH-33] releases what the founding executor released, at each end and once", async () => {
		const api = await newTenant();
		const temporalGraph = { nodes: [{ id: "a" }, { id: "b", after: ["root", "a"] }] };
		const root = (
			await create(api, { fireAt: new Date(Date.now() + 20_000).toISOString(), temporalGraph })
		).body;
		const { a, b } = root.graph.nodes;
		const states = async () => {
			const timers = await Promise.all([root.id, a, b].map((id) => read(api, id)));
			return timers.map(({ status }) => status);
		};
		const start = Date.now();
		expect(await states()).toEqual(["scheduled", "scheduled", "pending"]);
		await api.call("PATCH", `/v1/timers/${a}`, { in: "60s" });
		vi.setSystemTime(start + 20_000);
		await becomes(api, root.id, { status: "settled" });
		expect(await states()).toEqual(["settled", "scheduled", "pending"]);
		vi.setSystemTime(start + 60_000);
		await becomes(api, b, { status: "scheduled" });
		vi.setSystemTime(start + 90_000);
		await becomes(api, b, { status: "settled" });
		const child = { nodes: [{ id: "follow-up", after: ["root"], offset: 25 }] };
		const second = (await create(api, { duration: 20, temporalGraph: child })).body;
		expect(await read(api, second.graph.nodes["follow-up"])).toMatchObject({
			graphRootId: second.id,
			graphNodeId: "follow-up",
			timeRemainingMs: 25,
		});
	});

	it("[GRAPH-32] may stand in a line of a batch, which answers its root", async () => {
		const api = await newTenant();
		const timers = [{ in: "1m", temporalGraph: { nodes } }, { in: "1m" }];
		const { body } = await api.call("POST", "/v1/timers/batch", { timers });
		expect(body).toMatchObject({ created: 2, failed: 0 });
		const root = await read(api, body.results[0].id);
		expect((await read(api, root.graph.nodes.ship)).graphRootId).toBe(root.id);
		expect((await read(api, body.results[1].id)).graph).toBeNull();
		expect((await api.call("GET", "/v1/timers")).body.items).toHaveLength(4);
	});

	it("[GRAPH-31] keeps headers and large bodies of nodes as those of any timer", async () => {
		const api = await newTenant();
		const { graph } = (await create(api, { in: "1m", temporalGraph: { nodes } })).body;
		const [action] = (await read(api, graph.nodes.ship)).actions;
		expect(action).toMatchObject({ headers: { "x-secret": "s" }, body: "b".repeat(40_000) });
	});

	it("[GRAPH-10] is refused whole, with the path", async () => {
		const api = await newTenant();
		const cycle = [
			{ id: "a", after: ["b"] },
			{ id: "b", after: ["a"] },
		];
		const refused = await create(api, { in: "1m", temporalGraph: { nodes: cycle } });
		expect(refused.status).toBe(422);
		expect(refused.body.errors).toEqual([
			{
				path: "temporalGraph.nodes.0.after",
				message: "closes a cycle: a after b after a",
			},
		]);
		expect((await api.call("GET", "/v1/timers")).body.items).toEqual([]);
	});
});
