/** A tenant that grows from 1 to 64 shards while it is used. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Api, newTenant, operator } from "./api.ts";

/** Longer than the delay of a growth and than an edge remembers a key's holder. */
const GROWTH_MS = 61_000;
const STEP_MS = 500;
const COUNTS = [2, 4, 8, 16, 32, 64];
const KEYS = Array.from({ length: 16 }, (_, index) => `order-${index}`);

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
});
afterEach(() => {
	vi.useRealTimers();
});

type Seen = { readonly byKey: Map<string, Set<string>>; readonly plain: string[] };

/** Some creates with a dedupe key, which all find one timer, and some without. */
async function load(api: Api, seen: Seen): Promise<void> {
	await Promise.all(
		[...KEYS, null, null, null, null].map(async (dedupeKey) => {
			const body = { in: "30d", ...(dedupeKey === null ? {} : { dedupeKey }) };
			const answer = await api.call("POST", "/v1/timers", body);
			// A key's home that has just moved refuses; the caller repeats, as after any 503.
			if (answer.status === 503) return;
			expect([200, 201]).toContain(answer.status);
			if (dedupeKey === null) seen.plain.push(answer.body.id);
			else seen.byKey.get(dedupeKey)?.add(answer.body.id);
		}),
	);
}

async function listAll(api: Api, order: string): Promise<{ id: string; key: string }[]> {
	const items: { id: string; key: string }[] = [];
	let cursor = "";
	do {
		const page = await api.call("GET", `/v1/timers?limit=37&order=${order}${cursor}`);
		expect(page.status).toBe(200);
		for (const timer of page.body.items) {
			items.push({ id: timer.id, key: order === "due" ? timer.at : timer.createdAt });
		}
		cursor = page.body.nextCursor === null ? "" : `&cursor=${page.body.nextCursor}`;
	} while (cursor !== "");
	return items;
}

it("[GROW-7] loses nothing, makes no key twice, and lists everything in order", {
	timeout: 60_000,
}, async () => {
	const api = await newTenant();
	const seen: Seen = { byKey: new Map(KEYS.map((key) => [key, new Set()])), plain: [] };
	await load(api, seen);
	for (const shards of COUNTS) {
		const grown = await operator("PATCH", `/v1/tenants/${api.tenant}`, { shards });
		expect(grown.status).toBe(200);
		// Creates run while the instant passes at which the new count takes effect.
		for (let passed = 0; passed < GROWTH_MS; passed += GROWTH_MS / 4) {
			const running = load(api, seen);
			vi.setSystemTime(Date.now() + GROWTH_MS / 4 + STEP_MS);
			await running;
		}
	}
	await load(api, seen);
	for (const [key, ids] of seen.byKey) expect([key, ids.size]).toEqual([key, 1]);
	const expected = [...[...seen.byKey.values()].flatMap((ids) => [...ids]), ...seen.plain];
	for (const order of ["created", "due"]) {
		const listed = await listAll(api, order);
		expect(listed.map(({ id }) => id).toSorted()).toEqual(expected.toSorted());
		const keys = listed.map(({ key }) => key);
		expect(keys).toEqual(keys.toSorted());
	}
	// The last count is really used.
	const shards = new Set(seen.plain.map((id) => id.slice(4, 6)));
	expect(shards.size).toBeGreaterThan(8);
});
