/** Templates from end to end: a real network, a real receiver. */
import { afterAll, beforeAll, expect, it } from "vitest";
import type { DeadLetterView } from "../../../src/contract/delivery.ts";
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

async function fire(timer: object): Promise<TimerView> {
	const { status, body } = await client.call<TimerView>("POST", "/v1/timers", { in: 50, ...timer });
	expect(status, JSON.stringify(body)).toBe(201);
	const wait = await client.call<TimerView>("GET", `/v1/timers/${body.id}/wait?timeout=20s`);
	return wait.body;
}

it("[TEMPLATE-59] every attempt of a delivery carries the same resolved bytes", async () => {
	receiver.clear();
	const timer = await fire({
		params: { status: 503, user: "John" },
		retry: { delaysMs: [50, 50] },
		actions: [
			{
				type: "webhook",
				url: `${receiver.url}/status/\${params.status}`,
				headers: { "x-user": "${params.user}" },
				body: { to: "${params.user}", due: "${now}", until: "${now+1h}" },
			},
		],
	});
	expect(timer.status).toBe("failed");
	const requests = await receiver.waitFor(3);
	for (const request of requests) {
		verifySignature(network.dev.webhookSecret, request);
		expect(request.headers["x-user"]).toBe("John");
	}
	expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
	expect(JSON.parse(requests[0]?.body ?? "")).toEqual({
		to: "John",
		due: timer.at,
		until: new Date(Date.parse(timer.at ?? "") + 3_600_000).toISOString(),
	});
});

it("[TEMPLATE-59] one that fails is a dead letter that says so, and can be mended", async () => {
	receiver.clear();
	const url = `${receiver.url}/mended`;
	const timer = await fire({
		params: { user: "John" },
		actions: [{ type: "webhook", url, body: { total: "${sum(params.user)}" } }],
	});
	expect(timer.status).toBe("failed");
	const { body } = await client.call<{ items: DeadLetterView[] }>("GET", "/v1/dead-letters");
	const letter = body.items.find(({ timerId }) => timerId === timer.id);
	expect(letter).toMatchObject({
		attempts: 1,
		reason: expect.stringContaining("sum(params.user)"),
		lastAttempt: { outcome: "template_failed", status: null },
	});
	const patch = { body: { total: "${length(params.user)}" } };
	await client.call("POST", `/v1/dead-letters/${letter?.id}/replay`, { patch });
	const [request] = await receiver.waitFor(1);
	expect(request?.body).toBe('{"total":4}');
});
