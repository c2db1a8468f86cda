/** A tenant that grows: keys are found where they were put, lists go over all shards. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Api, newTenant, operator } from "./api.ts";

/** Longer than the delay of a growth and than an edge remembers a key's holder. */
const GROWTH_MS = 61_000;

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
	vi.useRealTimers();
});

async function grow({ tenant }: Api, shards: number): Promise<void> {
	const grown = await operator("PATCH", `/v1/tenants/${tenant}`, { shards });
	expect(grown.status).toBe(200);
	vi.setSystemTime(Date.now() + GROWTH_MS);
}

async function create(api: Api, body: object, key?: string) {
	const headers = key === undefined ? {} : { "idempotency-key": key };
	return api.call("POST", "/v1/timers", { in: "30d", ...body }, headers);
}

const keys = Array.from({ length: 12 }, (_, index) => `key-${index}`);

it("[TIMER-90] finds keys of before a growth, and makes no timer twice", async () => {
	const api = await newTenant();
	const first = new Map<string, string>();
	for (const key of keys) {
		first.set(`i:${key}`, (await create(api, {}, key)).body.id);
		first.set(`d:${key}`, (await create(api, { dedupeKey: key })).body.id);
	}
	for (const shards of [2, 4]) {
		await grow(api, shards);
		for (const key of keys) {
			const replayed = await create(api, {}, key);
			expect([replayed.status, replayed.body.id]).toEqual([201, first.get(`i:${key}`)]);
			const existing = await create(api, { dedupeKey: key });
			expect([existing.status, existing.body.id]).toEqual([200, first.get(`d:${key}`)]);
			const reused = await create(api, { name: "other" }, key);
			expect([reused.status, reused.body.code]).toEqual([422, "idempotency_key_reused"]);
		}
	}
	const ids = (await api.call("GET", "/v1/timers?limit=1000")).body.items.map(
		({ id }: { id: string }) => id,
	);
	expect(ids.toSorted()).toEqual([...first.values()].toSorted());
});

it("[TIMER-91] holds both keys of one request, wherever they send it", async () => {
	const api = await newTenant();
	await grow(api, 2);
	await grow(api, 4);
	for (const key of keys) {
		const body = { dedupeKey: `d-${key}` };
		const first = await create(api, body, key);
		expect(first.status).toBe(201);
		const replayed = await create(api, body, key);
		expect(replayed.body).toEqual(first.body);
		expect(replayed.headers.get("idempotency-replayed")).toBe("true");
		const existing = await create(api, body, `${key}-again`);
		expect([existing.status, existing.body.id]).toEqual([200, first.body.id]);
		for (const other of [{ dedupeKey: `e-${key}` }, {}]) {
			const reused = await create(api, other, key);
			expect([reused.status, reused.body.code]).toEqual([422, "idempotency_key_reused"]);
		}
	}
	expect((await api.call("GET", "/v1/timers?limit=1000")).body.items).toHaveLength(keys.length);
});

it("[TIMER-91] refuses another body under a key of before a growth, wherever that body leads", async () => {
	const api = await newTenant();
	await grow(api, 2);
	for (const key of keys) await create(api, {}, key);
	for (const key of keys) await create(api, { dedupeKey: `d-${key}` }, `both-${key}`);
	await grow(api, 4);
	for (const key of keys) {
		const bodies = [
			[{ dedupeKey: `e-${key}` }, key],
			[{ dedupeKey: `e-${key}` }, `both-${key}`],
			[{}, `both-${key}`],
		] as const;
		for (const [body, used] of bodies) {
			const reused = await create(api, body, used);
			expect([reused.status, reused.body.code]).toEqual([422, "idempotency_key_reused"]);
		}
	}
});

it("[TIMER-92] replays and completes a batch of before a growth", async () => {
	const api = await newTenant();
	await grow(api, 2);
	const timers = [
		...keys.map((key) => ({ in: "30d", dedupeKey: key })),
		{ in: "30d" },
		{ in: "soon" },
	];
	const send = () => api.call("POST", "/v1/timers/batch", { timers }, { "idempotency-key": "b" });
	const first = await send();
	expect(first.body).toMatchObject({ created: keys.length + 1, failed: 1 });
	expect((await send()).body).toEqual(first.body);
	// Its keys are free again, so that only the batch's own key keeps it from running anew.
	await api.call("POST", "/v1/timers/bulk", { action: "cancel", filter: {} });
	await grow(api, 4);
	const replayed = await send();
	expect(replayed.body).toEqual(first.body);
	expect(replayed.headers.get("idempotency-replayed")).toBe("true");
});

it("[TIMER-93] finds dedupe keys of before a growth in a batch", async () => {
	const api = await newTenant();
	const first = await create(api, { dedupeKey: "one" });
	await grow(api, 2);
	const timers = ["one", "two"].map((dedupeKey) => ({ in: "30d", dedupeKey }));
	const { body } = await api.call("POST", "/v1/timers/batch", { timers });
	expect(body).toMatchObject({ created: 2, failed: 0 });
	expect(body.results[0].id).toBe(first.body.id);
	expect(body.results[1].id).not.toBe(first.body.id);
});

it.each(["created", "due"])(
	"[LIST-12] lists every timer once in order of %s, over all shards",
	async (order) => {
		const api = await newTenant();
		const made: string[] = [];
		for (const shards of [2, 4, 8]) {
			for (let i = 0; i < 15; i++) {
				const days = 30 + ((i * 7) % 11);
				made.push((await create(api, { in: `${days}d` })).body.id);
			}
			await grow(api, shards);
		}
		const seen: { id: string; createdAt: string; at: string }[] = [];
		let cursor: string | null = null;
		do {
			const after: string = cursor === null ? "" : `&cursor=${cursor}`;
			const page = await api.call("GET", `/v1/timers?order=${order}&limit=7${after}`);
			expect(page.body.items.length).toBeLessThanOrEqual(7);
			seen.push(...page.body.items);
			cursor = page.body.nextCursor;
		} while (cursor !== null);
		expect(seen.map(({ id }) => id).toSorted()).toEqual(made.toSorted());
		const sortKeys = seen.map(({ createdAt, at }) => (order === "due" ? at : createdAt));
		expect(sortKeys).toEqual(sortKeys.toSorted());
		expect((await api.call("GET", `/v1/timers?limit=7&cursor=${"x".repeat(1_025)}`)).status).toBe(
			422,
		);
	},
);

it("[BULK-4] works over all shards", async () => {
	const api = await newTenant();
	await grow(api, 2);
	await grow(api, 4);
	for (let i = 0; i < 20; i++) await create(api, { name: `n${i % 2}` });
	const bulk = { action: "cancel", filter: { name: "n1" } };
	const done = await api.call("POST", "/v1/timers/bulk", bulk, { "idempotency-key": "x" });
	expect(done.body).toEqual({ action: "cancel", matched: 10, changed: 10, dryRun: false });
	const again = await api.call("POST", "/v1/timers/bulk", bulk, { "idempotency-key": "x" });
	expect(again.body).toEqual(done.body);
});
