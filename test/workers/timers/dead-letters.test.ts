/** `/v1/dead-letters`: what could not be delivered, edited and sent again. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { DeadLetterViewSchema, DeliveryViewSchema } from "../../../src/contract/delivery.ts";
import { type Api, newTenant } from "./api.ts";

type Sent = { url: string; id: string | null; body: string };
let sent: Sent[] = [];

/** Receivers answer what the path says: `/404` is not found. */
async function receive(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
	const request = new Request(input, init);
	const body = await request.text();
	sent.push({ url: request.url, id: request.headers.get("webhook-id"), body });
	return new Response("no such hook", { status: Number(new URL(request.url).pathname.slice(1)) });
}

beforeEach(() => {
	sent = [];
	vi.stubGlobal("fetch", receive);
});
afterEach(() => {
	vi.unstubAllGlobals();
});

const url = "https://1.1.1.1/404";

/** A timer whose webhook has been refused for good. */
async function deadLetter({ call }: Api, more: object = {}): Promise<string> {
	const actions = [{ type: "webhook", url, message: "m" }];
	const { body } = await call("POST", "/v1/timers", { in: 1, actions, ...more });
	const ended = await call("GET", `/v1/timers/${body.id}/wait?timeout=10s`);
	expect(ended.body.status).toBe("failed");
	const deliveries = await call("GET", `/v1/timers/${body.id}/deliveries`);
	expect(deliveries.body.items[0].status).toBe("dead");
	return deliveries.body.items[0].id;
}

it("[DEAD-10] lists a dead letter and shows every attempt", async () => {
	const api = await newTenant();
	const id = await deadLetter(api, { name: "hook", labels: { team: "ops" } });
	const read = await api.call("GET", `/v1/dead-letters/${id}`);
	expect(read.status).toBe(200);
	expect(DeadLetterViewSchema.parse(read.body)).toEqual(read.body);
	expect(read.body).toMatchObject({
		id,
		timerName: "hook",
		labels: { team: "ops" },
		status: "dead",
		attempts: 1,
		url,
		request: { url, method: "POST", message: "m" },
		history: [{ attempt: 1, status: 404, outcome: "http_error", excerpt: "no such hook" }],
	});
	expect(read.body.lastAttempt).toEqual(read.body.history[0]);
	const listed = await api.call("GET", "/v1/dead-letters");
	expect(listed.body).toEqual({ items: [read.body], nextCursor: null });
});

it("[DEAD-11] filters dead letters and pages through them, oldest first", async () => {
	const api = await newTenant();
	const ids: string[] = [];
	for (const team of ["ops", "dev", "ops"]) ids.push(await deadLetter(api, { labels: { team } }));
	const list = async (query: string) => {
		const { body } = await api.call("GET", `/v1/dead-letters?${query}`);
		return { ids: body.items.map((one: { id: string }) => one.id), next: body.nextCursor };
	};
	expect((await list("label=team:ops")).ids).toEqual([ids[0], ids[2]]);
	expect((await list("host=1.1.1.1")).ids).toEqual(ids);
	expect((await list("host=example.com")).ids).toEqual([]);
	expect((await list("deadBefore=2020-01-01T00:00:00Z")).ids).toEqual([]);
	const first = await list("limit=2");
	expect(first.ids).toEqual(ids.slice(0, 2));
	expect((await list(`limit=2&cursor=${first.next}`)).ids).toEqual(ids.slice(2));
	const wrong = await api.call("GET", `/v1/dead-letters?host=a&cursor=${first.next}`);
	expect([wrong.status, wrong.body.code]).toEqual([400, "invalid_cursor"]);
});

it("[DEAD-12] sends an edited dead letter again under the same webhook-id", async () => {
	const api = await newTenant();
	const id = await deadLetter(api);
	const patch = { url: "https://1.1.1.1/200", headers: { "X-A": "1" }, body: { fixed: true } };
	const replayed = await api.call("POST", `/v1/dead-letters/${id}/replay`, { patch });
	expect(replayed.status).toBe(200);
	expect(DeliveryViewSchema.parse(replayed.body)).toEqual(replayed.body);
	expect(replayed.body).toMatchObject({ id, url: patch.url });
	const timer = replayed.body.timerId;
	const ended = await api.call("GET", `/v1/timers/${timer}/wait?timeout=10s`);
	expect(ended.body.status).toBe("settled");
	expect(sent.map((one) => [one.url, one.id])).toEqual([
		[url, id],
		[patch.url, id],
	]);
	expect(JSON.parse(sent[1]?.body ?? "")).toEqual({ fixed: true });
	expect((await api.call("GET", `/v1/dead-letters/${id}`)).status).toBe(404);
	const again = await api.call("POST", `/v1/dead-letters/${id}/replay`);
	expect([again.status, again.body.code]).toEqual([404, "not_found"]);
});

it.each([
	[{ url: "https://127.0.0.1/" }, "destination_refused", "patch.url"],
	[
		{ headers: { "webhook-signature": "x" } },
		"validation_failed",
		"patch.headers.webhook-signature",
	],
	[{ method: "GET", body: {} }, "validation_failed", "patch.body"],
	[{ timeoutMs: 1 }, "validation_failed", "patch.timeoutMs"],
	[{ colour: "red" }, "validation_failed", "patch.colour"],
])("[DEAD-13] judges the edit %j as an action", async (patch, code, path) => {
	const api = await newTenant();
	const id = await deadLetter(api);
	const refused = await api.call("POST", `/v1/dead-letters/${id}/replay`, { patch });
	expect([refused.status, refused.body.code]).toEqual([422, code]);
	expect(refused.body.errors[0].path).toBe(path);
	expect((await api.call("GET", `/v1/dead-letters/${id}`)).status).toBe(200);
});

it("[DEAD-13] bounds an edited body", async () => {
	const api = await newTenant();
	const id = await deadLetter(api);
	const patch = { body: "x".repeat(40_000) };
	const refused = await api.call("POST", `/v1/dead-letters/${id}/replay`, { patch });
	expect([refused.status, refused.body.code]).toEqual([413, "payload_too_large"]);
});

it("[DEAD-14] replays all that match, at a rate", async () => {
	const api = await newTenant();
	for (let i = 0; i < 3; i++) await deadLetter(api, { name: `n${i}` });
	const body = { filter: { host: "1.1.1.1" }, ratePerSecond: 2 };
	const before = Date.now();
	const done = await api.call("POST", "/v1/dead-letters/replay", body);
	expect(done.body.replayed).toBe(3);
	const spread = Date.parse(done.body.lastAt) - before;
	expect(spread).toBeGreaterThanOrEqual(1_000);
	expect(spread).toBeLessThan(1_500);
	const none = await api.call("POST", "/v1/dead-letters/replay", { filter: { name: "x" } });
	expect(none.body).toEqual({ replayed: 0, refused: 0, lastAt: null });
});

it("[DEAD-15] removes a dead letter, and knows none of another tenant", async () => {
	const api = await newTenant();
	const id = await deadLetter(api);
	const other = await newTenant();
	const path = `/v1/dead-letters/${id}`;
	expect((await other.call("GET", path)).status).toBe(404);
	expect((await other.call("DELETE", path)).status).toBe(404);
	expect((await other.call("POST", `${path}/replay`)).status).toBe(404);
	expect((await api.call("DELETE", path)).status).toBe(204);
	expect((await api.call("GET", path)).status).toBe(404);
});
