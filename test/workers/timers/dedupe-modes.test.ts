/** What a create that finds its dedupe key taken is answered, over HTTP and after a growth. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Api, newTenant, operator } from "./api.ts";

/** Longer than the delay of a growth and than an edge remembers a key's holder. */
const GROWTH_MS = 61_000;

function create(api: Api, body: object, key?: string) {
	const headers = key === undefined ? {} : { "idempotency-key": key };
	return api.call("POST", "/v1/timers", { in: "30d", ...body }, headers);
}

describe("a create whose dedupe key is taken", () => {
	it("[DEDUPE-14] answers the timer it has replaced, and alike under its Idempotency-Key", async () => {
		const api = await newTenant();
		const first = await create(api, { name: "one", dedupeKey: "d" });
		expect(first.body.dedupe).toBeNull();
		const body = { name: "two", in: "20d", dedupe: { key: "d", mode: "replace", window: "1h" } };
		const replaced = await create(api, body, "k");
		expect(replaced.status).toBe(200);
		expect(replaced.body).toMatchObject({
			id: first.body.id,
			name: "two",
			createdAt: first.body.createdAt,
			dedupeKey: "d",
			dedupe: { windowMs: 3_600_000, mode: "replace" },
		});
		const again = await create(api, body, "k");
		expect([again.status, again.body.etag]).toEqual([200, replaced.body.etag]);
		expect((await api.call("GET", `/v1/timers/${first.body.id}`)).body.name).toBe("two");
	});

	it("[DEDUPE-17] is refused with 409 in mode reject, naming the timer", async () => {
		const api = await newTenant();
		const dedupe = { key: "d", mode: "reject" };
		const first = await create(api, { dedupe });
		expect(first.status).toBe(201);
		const second = await create(api, { dedupe });
		expect([second.status, second.body.code]).toEqual([409, "dedupe_key_in_use"]);
		expect(second.body.detail).toContain(first.body.id);
		const batch = await api.call("POST", "/v1/timers/batch", {
			timers: [{ in: "1h" }, { in: "1h", dedupe }],
		});
		expect(batch.body).toMatchObject({
			created: 1,
			failed: 1,
			results: [{ index: 0 }, { index: 1, error: { code: "dedupe_key_in_use" } }],
		});
	});
});

describe("after a growth", () => {
	beforeEach(() => {
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
	});
	afterEach(() => {
		vi.useRealTimers();
	});

	it("[DEDUPE-18] the timer that has the key is changed where it lives", async () => {
		const api = await newTenant();
		const keys = Array.from({ length: 6 }, (_, index) => `key-${index}`);
		const ids = new Map<string, string>();
		for (const key of keys) {
			const { body } = await create(api, { dedupeKey: key, params: { seen: [0] } });
			ids.set(key, body.id);
		}
		for (const shards of [2, 4]) {
			await operator("PATCH", `/v1/tenants/${api.tenant}`, { shards });
			vi.setSystemTime(Date.now() + GROWTH_MS);
		}
		for (const key of keys) {
			const merge = { params: { seen: [1] }, dedupe: { key, mode: "merge" } };
			for (let times = 0; times < 2; times++) {
				const merged = await create(api, merge, `merge-${key}`);
				expect([merged.status, merged.body.id]).toEqual([200, ids.get(key)]);
				expect(merged.body.params).toEqual({ seen: [0, 1] });
			}
			const rejected = await create(api, { dedupe: { key, mode: "reject" } });
			expect([rejected.status, rejected.body.code]).toEqual([409, "dedupe_key_in_use"]);
		}
		const timers = keys.map((key) => ({ in: "1d", name: key, dedupe: { key, mode: "replace" } }));
		const batch = await api.call("POST", "/v1/timers/batch", { timers });
		expect(batch.body.results).toEqual(keys.map((key, index) => ({ index, id: ids.get(key) })));
		const { items } = (await api.call("GET", "/v1/timers?limit=100")).body;
		expect(items.map(({ name }: { name: string }) => name).toSorted()).toEqual(keys);
	});
});
