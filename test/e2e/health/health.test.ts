/** A receiver that ails, is spared, and is well again, over real sockets. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { DeliveryView } from "../../../src/contract/delivery.ts";
import type { TimerView } from "../../../src/contract/timer.ts";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type Receiver, startReceiver } from "../../helpers/receiver.ts";

/** More than enough failures, and one more when they have lasted for more than five seconds. */
const FAILING_TIMERS = 12;
const LAST_FAILURE_MS = 6_000;

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

async function fire(path: string, timer: object = {}): Promise<string> {
	const actions = [{ type: "webhook", url: receiver.url + path }];
	const created = await client.call<TimerView>("POST", "/v1/timers", { in: 50, actions, ...timer });
	expect(created.status).toBe(201);
	return created.body.id;
}

async function ended(id: string): Promise<TimerView> {
	return (await client.call<TimerView>("GET", `/v1/timers/${id}/wait?timeout=20s`)).body;
}

async function deliveryOf(id: string): Promise<DeliveryView | undefined> {
	const path = `/v1/timers/${id}/deliveries`;
	return (await client.call<{ items: DeliveryView[] }>("GET", path)).body.items[0];
}

it("[HEALTH-10] is spared without burning attempts, and then gets what waited", async () => {
	const retry = { maxAttempts: 1 };
	const failing = await Promise.all([
		...Array.from({ length: FAILING_TIMERS }, () => fire("/status/503", { retry })),
		fire("/status/503", { retry, in: LAST_FAILURE_MS }),
	]);
	for (const id of failing) expect(await ended(id)).toMatchObject({ status: "failed" });
	const before = receiver.received.length;
	expect(before).toBe(FAILING_TIMERS + 1);

	const waiting = await Promise.all([fire("/well", { fidelity: "full" }), fire("/well")]);
	const [first] = waiting;
	await vi.waitUntil(async () => (await deliveryOf(first))?.postponed, { timeout: 5_000 });
	const delivery = await deliveryOf(first);
	expect(delivery).toMatchObject({
		status: "retrying",
		attempts: 0,
		postponed: { reason: "circuit_open", host: `127.0.0.1:${receiver.port}` },
	});
	expect(receiver.received).toHaveLength(before);

	for (const id of waiting) {
		expect(await ended(id)).toMatchObject({ status: "settled" });
		expect(await deliveryOf(id)).toMatchObject({ attempts: 1, postponed: null });
	}
	const arrived = receiver.received.slice(before);
	expect(arrived.map(({ headers }) => headers["x-minoots-attempt"])).toEqual(["1", "1"]);
	const until = Date.parse(delivery?.postponed?.until ?? "");
	expect(Math.min(...arrived.map(({ arrivedAt }) => arrivedAt))).toBeGreaterThanOrEqual(until);

	// Well again: nothing waits any more.
	const id = await fire("/well");
	expect(await ended(id)).toMatchObject({ status: "settled" });
});
