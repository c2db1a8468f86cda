/** Headers of actions: sealed wherever they are stored, in the open for their owner and receiver. */
import { runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { shardOf } from "../../../durable-objects/shared/object-names.ts";
import { LIMITS } from "../../../src/contract/limits.ts";
import { type Api, env, newTenant } from "./api.ts";
import { storedBy } from "./stored-rows.ts";

const SECRET = "Bearer a-token-that-nobody-else-has";
const OTHER = "Bearer another-token-that-nobody-else-has";
const headers = { authorization: SECRET, "x-quoted": 'say "hi"' };
const hook = { type: "webhook", url: "https://1.1.1.1/404" };
const actions = [{ ...hook, headers }];

let received: Headers[] = [];

beforeEach(() => {
	received = [];
	vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
		const request = new Request(input, init);
		received.push(request.headers);
		return new Response(null, { status: Number(new URL(request.url).pathname.slice(1)) });
	});
});
afterEach(() => {
	vi.unstubAllGlobals();
});

async function expectSealed(api: Api): Promise<void> {
	const stored = await storedBy(api);
	expect(stored).toContain("sealedHeaders");
	expect(stored).not.toContain("nobody-else-has");
	expect(stored).not.toContain("authorization");
}

async function deadLetter({ call }: Api, body: object): Promise<string> {
	const made = await call("POST", "/v1/timers", { in: 1, ...body });
	await call("GET", `/v1/timers/${made.body.id}/wait?timeout=10s`);
	const { items } = (await call("GET", `/v1/timers/${made.body.id}/deliveries`)).body;
	return items[0].id;
}

/** Rewrites the one timer's document, or its delivery's history, to what an earlier release stored. */
async function storeInTheOpen({ tenant }: Api, column: "doc" | "history"): Promise<void> {
	const table = column === "doc" ? "timer" : "delivery";
	await runInDurableObject(shardOf(env, tenant, 0), (_, { storage: { sql } }) => {
		const row = sql.exec(`SELECT ${column} AS text FROM ${table}`).one();
		const sealed = /"sealedHeaders":"[^"]*"/;
		const open = String(row["text"]).replace(sealed, `"headers":${JSON.stringify(headers)}`);
		sql.exec(`UPDATE ${table} SET ${column} = ?`, open);
	});
}

it("[SEAL-6] a created timer's headers are stored sealed and shown in the open", async () => {
	const api = await newTenant();
	const key = { "idempotency-key": "one" };
	const made = await api.call("POST", "/v1/timers", { in: "1h", actions }, key);
	expect(made.body.actions[0].headers).toEqual(headers);
	await expectSealed(api);
	const path = `/v1/timers/${made.body.id}`;
	const read = await api.call("GET", path);
	expect(read.body.actions).toEqual(made.body.actions);
	expect(read.body.actions[0]).not.toHaveProperty("sealedHeaders");
	const listed = await api.call("GET", "/v1/timers");
	expect(listed.body.items[0].actions).toEqual(made.body.actions);
	const again = await api.call("POST", "/v1/timers", { in: "1h", actions }, key);
	expect([again.headers.get("idempotency-replayed"), again.body]).toEqual(["true", made.body]);
});

it("[SEAL-6] the lines of a batch, and what a change brings, are stored sealed", async () => {
	const api = await newTenant();
	const timers = [
		{ in: "1h", actions },
		{ in: "1h", actions },
		{ in: "1h" },
		{ in: "1h", actions: [hook], metadata: { headers: { a: "b" } } },
	];
	const { body } = await api.call("POST", "/v1/timers/batch", { timers });
	expect(body).toMatchObject({ created: 4, failed: 0 });
	await expectSealed(api);
	const path = (index: number) => `/v1/timers/${body.results[index].id}`;
	expect((await api.call("GET", path(1))).body.actions[0].headers).toEqual(headers);
	const untouched = await api.call("GET", path(3));
	expect(untouched.body).toMatchObject({ metadata: { headers: { a: "b" } } });
	expect(untouched.body.actions[0].headers).toEqual({});

	const edited = [{ ...hook, headers: { authorization: OTHER } }, hook];
	const changed = await api.call("PATCH", path(2), { actions: edited, name: "n" });
	expect(changed.status).toBe(200);
	expect(changed.body.actions[0].headers).toEqual({ authorization: OTHER });
	expect(changed.body.actions[1].headers).toEqual({});
	await expectSealed(api);
});

it("[SEAL-10] a timer that fits a row only without the seal is refused, alone and in a batch", async () => {
	const { call } = await newTenant();
	const plain = { in: "1h", actions: [{ ...hook, headers: { "x-large": "v".repeat(3_000) } }] };
	const fits = { ...plain, metadata: { filler: "f".repeat(LIMITS.timerBytes - 6_000) } };
	const passes = { ...plain, metadata: { filler: "f".repeat(LIMITS.timerBytes - 3_500) } };
	const sizes = [fits, passes].map((timer) => JSON.stringify(timer).length);
	expect(Math.max(...sizes)).toBeLessThan(LIMITS.timerBytes);
	expect((await call("POST", "/v1/timers", fits)).status).toBe(201);
	const refused = await call("POST", "/v1/timers", passes);
	expect([refused.status, refused.body.code]).toEqual([413, "payload_too_large"]);
	const batch = await call("POST", "/v1/timers/batch", { timers: [fits, passes] });
	expect(batch.body).toMatchObject({
		created: 1,
		results: [{ index: 0 }, { index: 1, error: { code: "payload_too_large" } }],
	});
});

it("[SEAL-6] the stored answer of a cancel is sealed, and replayed in the open", async () => {
	const api = await newTenant();
	const made = await api.call("POST", "/v1/timers", { in: "1h", actions });
	const cancel = () =>
		api.call("POST", `/v1/timers/${made.body.id}/cancel`, {}, { "idempotency-key": "c" });
	const first = await cancel();
	expect(first.body.timer.actions[0].headers).toEqual(headers);
	await expectSealed(api);
	const second = await cancel();
	expect([second.headers.get("idempotency-replayed"), second.body]).toEqual(["true", first.body]);
});

it("[SEAL-6] a dead letter shows its headers, and an edit's are stored sealed", async () => {
	const api = await newTenant();
	const id = await deadLetter(api, { actions });
	expect(received.map((one) => one.get("authorization"))).toEqual([SECRET]);
	const read = await api.call("GET", `/v1/dead-letters/${id}`);
	expect(read.body.request.headers).toEqual(headers);
	expect((await api.call("GET", "/v1/dead-letters")).body.items).toEqual([read.body]);

	const replay = async (patch: object) => {
		const replayed = await api.call("POST", `/v1/dead-letters/${id}/replay`, { patch });
		expect(replayed.status).toBe(200);
		await api.call("GET", `/v1/timers/${replayed.body.timerId}/wait?timeout=10s`);
		return (await api.call("GET", `/v1/dead-letters/${id}`)).body.request;
	};
	const edited = await replay({ headers: { authorization: OTHER } });
	expect(edited.headers).toEqual({ authorization: OTHER });
	await expectSealed(api);
	expect((await replay({ timeoutMs: 1_000 })).headers).toEqual({ authorization: OTHER });
	expect((await replay({ headers: {} })).headers).toEqual({});
	const sent = received.map((one) => one.get("authorization"));
	expect(sent).toEqual([SECRET, OTHER, OTHER, null]);
});

it("[SEAL-8] headers that an earlier release stored in the open are shown and sent", async () => {
	const api = await newTenant();
	const made = await api.call("POST", "/v1/timers", { in: "1h", actions });
	await storeInTheOpen(api, "doc");
	expect(await storedBy(api)).toContain(SECRET);
	const path = `/v1/timers/${made.body.id}`;
	expect((await api.call("GET", path)).body.actions).toEqual(made.body.actions);
	await api.call("PATCH", path, { in: 1 });
	await api.call("GET", `${path}/wait?timeout=10s`);
	expect(received.map((one) => one.get("authorization"))).toEqual([SECRET]);
});

it("[SEAL-8] an edit over one of an earlier release leaves nothing of its headers", async () => {
	const api = await newTenant();
	const id = await deadLetter(api, { actions: [hook] });
	const replay = async (patch: object) => {
		const replayed = await api.call("POST", `/v1/dead-letters/${id}/replay`, { patch });
		await api.call("GET", `/v1/timers/${replayed.body.timerId}/wait?timeout=10s`);
	};
	await replay({ headers: { authorization: OTHER } });
	await storeInTheOpen(api, "history");
	expect(await storedBy(api)).toContain(SECRET);
	const read = await api.call("GET", `/v1/dead-letters/${id}`);
	expect(read.body.request.headers).toEqual(headers);
	await replay({ timeoutMs: 2_000 });
	await replay({ headers: { authorization: OTHER } });
	await expectSealed(api);
	const sent = received.map((one) => one.get("authorization"));
	expect(sent).toEqual([null, OTHER, SECRET, OTHER]);
});
