/**
 * Kills a real network while agents work off the messages of timers, and starts it again: no message
 * is lost, and none is recorded twice.
 */
import { afterEach, expect, it } from "vitest";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";

const TIMERS = 1_000;
/** Long enough for the batch to be acknowledged before the first is due. */
const LEAD_MS = 1_000;
/** What was leased when the network died is leased again after this. */
const LEASE_MS = 2_000;
const MAILBOX = "/v1/mailboxes/build/messages";

type Pulled = { readonly messages: readonly { readonly id: string; readonly leaseId: string }[] };
type Items<T> = { readonly items: readonly T[] };

let network: NetworkProcess | undefined;

afterEach(async () => {
	await network?.stop();
	network = undefined;
});

/** Pulls a batch and acknowledges it. Answers the ids that the network says are acknowledged. */
async function work(client: ApiClient): Promise<readonly string[]> {
	const call = { batchSize: 100, visibilityTimeoutMs: LEASE_MS, waitMs: 1_000 };
	const { messages } = (await client.call<Pulled>("POST", `${MAILBOX}/pull`, call)).body;
	if (messages.length === 0) return [];
	const acks = messages.map(({ id, leaseId }) => ({ leaseId, result: id }));
	const { body } = await client.call<{
		acks: readonly { leaseId: string; outcome: string }[];
	}>("POST", `${MAILBOX}/ack`, { acks });
	const done = new Set(
		body.acks.flatMap(({ leaseId, outcome }) => (outcome === "acknowledged" ? leaseId : [])),
	);
	return messages.flatMap(({ id, leaseId }) => (done.has(leaseId) ? id : []));
}

it("[AGENT-6] loses no message of 1,000 timers to kill -9, and settles each timer once", {
	timeout: 90_000,
}, async () => {
	network = await startNetwork();
	let client = createApiClient(network.url, network.dev.apiKey);
	const at = new Date(Date.now() + LEAD_MS).toISOString();
	const timer = { at, actions: [{ type: "agent", mailbox: "build" }] };
	const timers = await client.createAll(Array.from({ length: TIMERS }, () => timer));

	const acknowledged: string[] = [];
	while (acknowledged.length < TIMERS / 4) acknowledged.push(...(await work(client)));
	// Dies under a call that acknowledges, and one that hands messages over.
	const working = work(client).catch(() => []);
	await network.kill("SIGKILL", "both");
	acknowledged.push(...(await working));
	expect(acknowledged.length).toBeLessThan(TIMERS);

	network = await network.restart();
	client = createApiClient(network.url, network.dev.apiKey);
	for (const id of timers) {
		while (true) {
			const { body } = await client.call<{ status: string }>("GET", `/v1/timers/${id}`);
			if (body.status === "settled") break;
			expect(["armed", "firing"]).toContain(body.status);
			acknowledged.push(...(await work(client)));
		}
	}
	expect(new Set(acknowledged).size).toBe(acknowledged.length);
	for (const id of timers.filter((_, index) => index % 10 === 0)) {
		const events = await client.call<Items<{ type: string }>>("GET", `/v1/timers/${id}/events`);
		const types = events.body.items.map(({ type }) => type);
		for (const once of ["timer.fired", "message.acknowledged", "timer.settled"]) {
			expect(types.filter((type) => type === once)).toHaveLength(1);
		}
		type Delivery = { id: string; result: string };
		const { body } = await client.call<Items<Delivery>>("GET", `/v1/timers/${id}/deliveries`);
		expect(body.items.map(({ result }) => result)).toEqual(body.items.map((one) => one.id));
	}
});
