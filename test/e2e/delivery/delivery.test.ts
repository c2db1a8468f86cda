/** Webhooks as a receiver sees them, from a real network over real sockets. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { DeadLetterView, DeliveryView } from "../../../src/contract/delivery.ts";
import type { TimerView } from "../../../src/contract/timer.ts";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type Receiver, startReceiver, verifySignature } from "../../helpers/receiver.ts";

let network: NetworkProcess;
let receiver: Receiver;
let client: ApiClient;

beforeAll(async () => {
	[network, receiver] = await Promise.all([startNetwork(), startReceiver()]);
	client = createApiClient(network.url, network.dev.apiKey);
});

afterAll(async () => {
	await network.stop();
	await receiver.close();
});

beforeEach(() => receiver.clear());

async function fire(path: string, timer: object = {}, action: object = {}): Promise<TimerView> {
	const actions = [{ type: "webhook", url: receiver.url + path, ...action }];
	const created = await client.call<TimerView>("POST", "/v1/timers", { in: 30, actions, ...timer });
	expect(created.status).toBe(201);
	return created.body;
}

async function ended(id: string): Promise<TimerView> {
	const { body } = await client.call<TimerView>("GET", `/v1/timers/${id}/wait?timeout=20s`);
	return body;
}

async function onlyDelivery(id: string): Promise<DeliveryView> {
	const { body } = await client.call<{ items: DeliveryView[] }>(
		"GET",
		`/v1/timers/${id}/deliveries`,
	);
	const [delivery] = body.items;
	if (delivery === undefined || body.items.length !== 1) throw new Error("not one delivery");
	return delivery;
}

async function onlyDeadLetter(timer: TimerView): Promise<DeadLetterView> {
	const { body } = await client.call<{ items: DeadLetterView[] }>("GET", "/v1/dead-letters");
	const letter = body.items.find(({ timerId }) => timerId === timer.id);
	if (letter === undefined) throw new Error("no dead letter");
	return letter;
}

describe("a webhook", () => {
	it("[E2E-1] arrives on time, signed, with the body that receivers of the founding system read", async () => {
		const timer = await fire("/hook", { name: "coffee", in: 200, message: "It is ready" });
		const [request] = await receiver.waitFor(1);
		if (request === undefined) throw new Error("nothing came");
		verifySignature(network.dev.webhookSecret, request);
		const body = JSON.parse(request.body);
		expect(body).toMatchObject({
			type: "timer.fired",
			event: "timer_expired",
			timestamp: timer.at,
			timer: { id: timer.id, name: "coffee" },
			message: "It is ready",
			data: { firing: { seq: 1, dueAt: timer.at }, deliveryId: request.headers["webhook-id"] },
		});
		expect(request.headers).toMatchObject({
			"content-type": "application/json",
			"user-agent": "Minoots/1",
			"x-minoots-attempt": "1",
		});
		expect(request.arrivedAt).toBeGreaterThanOrEqual(Date.parse(timer.at ?? ""));
		expect(request.arrivedAt - Date.parse(timer.at ?? "")).toBeLessThan(1_000);
		expect(await ended(timer.id)).toMatchObject({ status: "settled", firedCount: 1 });
	});

	it("[E2E-2] is tried again as its policy says, under one id, until it is a dead letter", async () => {
		const timer = await fire("/status/503", { retry: { delaysMs: [50, 50] } });
		const requests = await receiver.waitFor(3);
		expect(new Set(requests.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
		expect(requests.map(({ headers }) => headers["x-minoots-attempt"])).toEqual(["1", "2", "3"]);
		expect(await ended(timer.id)).toMatchObject({ status: "failed" });
		const letter = await onlyDeadLetter(timer);
		expect(letter.history.map(({ status }) => status)).toEqual([503, 503, 503]);
	});

	it("[E2E-3] is edited and replayed under the same id, and its timer settles", async () => {
		const timer = await fire("/status/400");
		await ended(timer.id);
		const letter = await onlyDeadLetter(timer);
		const replayed = await client.call("POST", `/v1/dead-letters/${letter.id}/replay`, {
			patch: { url: `${receiver.url}/mended` },
		});
		expect(replayed.status).toBeLessThan(300);
		const requests = await receiver.waitFor(2);
		expect(requests[1]).toMatchObject({
			path: "/mended",
			headers: { "webhook-id": letter.id, "x-minoots-attempt": "2" },
		});
		expect(await ended(timer.id)).toMatchObject({ status: "settled" });
	});

	it.each([
		["/status/410", { status: "dead", attempts: 1, lastAttempt: { status: 410 } }],
		["/status/404", { status: "dead", attempts: 1, lastAttempt: { status: 404 } }],
		["/redirect/301", { status: "dead", attempts: 1, lastAttempt: { status: 301 } }],
		["/hang", { status: "dead", attempts: 1, lastAttempt: { outcome: "timeout" } }],
		["/reset", { status: "dead", attempts: 1, lastAttempt: { outcome: "connection_failed" } }],
		["/huge/5000000", { status: "delivered", attempts: 1 }],
	])("[E2E-4] to %s ends as %o", async (path, expected) => {
		const timer = await fire(path, { retry: { maxAttempts: 1 } }, { timeoutMs: 300 });
		await ended(timer.id);
		expect(await onlyDelivery(timer.id)).toMatchObject(expected);
		expect(receiver.received.map((request) => request.path)).toEqual([path]);
	});

	it("[E2E-5] is signed with the old and the new secret while they rotate", async () => {
		const before = network.dev.webhookSecret;
		// Pending since before the rotation: no call brings its shard the news.
		const timer = await fire("/rotated", { in: 1_500 });
		const rotated = await client.call<{ webhookSecret: string }>(
			"POST",
			"/v1/webhook-secret/rotate",
		);
		expect(rotated.status).toBeLessThan(300);
		const [request] = await receiver.waitFor(1);
		if (request === undefined) throw new Error("nothing came");
		verifySignature(rotated.body.webhookSecret, request);
		verifySignature(before, request);
		await ended(timer.id);
	});

	it("[E2E-6] never goes to an address inside, whatever the URL looks like", async () => {
		for (const url of [
			"http://10.0.0.1/",
			"https://169.254.169.254/latest",
			"https://[::ffff:a00:1]/",
			"https://0xa9.254.43518/",
			network.url,
		]) {
			const answer = await client.call<{ code: string }>("POST", "/v1/timers", {
				in: 1_000,
				actions: [{ type: "webhook", url }],
			});
			expect([answer.status, answer.body.code]).toEqual([422, "destination_refused"]);
		}
	});
});

describe("ten thousand timers in one call", () => {
	it("[E2E-7] all fire at their instant, each once", { timeout: 60_000 }, async () => {
		const at = Date.now() + 2_500;
		const ids = await client.createAll(
			Array.from({ length: 10_000 }, () => ({
				at: new Date(at).toISOString(),
				actions: [{ type: "webhook", url: `${receiver.url}/storm` }],
			})),
		);
		expect(new Set(ids).size).toBe(10_000);
		const requests = await receiver.waitFor(10_000, 30_000);
		expect(new Set(requests.map(({ headers }) => headers["webhook-id"])).size).toBe(10_000);
		expect(Math.min(...requests.map((request) => request.arrivedAt))).toBeGreaterThanOrEqual(at);
		const last = ids.at(-1) ?? "";
		expect(await ended(last)).toMatchObject({ status: "settled" });
		expect(await client.listAll("status=settled&order=created")).toHaveLength(
			(await client.listAll("order=due")).length - (await client.listAll("status=failed")).length,
		);
	});
});
