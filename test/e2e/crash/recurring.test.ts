/**
 * Kills a real network in the middle of many recurring timers and starts it again: every firing is
 * numbered once, no number is missing, and no occurrence fires under two numbers.
 */
import { afterEach, expect, it } from "vitest";
import { createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type Receiver, startReceiver } from "../../helpers/receiver.ts";

const TIMERS = 50;
const FIRINGS = 6;
/** Deliveries before the network is killed: in the middle of a round. */
const BEFORE_KILL = TIMERS * 2 + 7;

type Firing = { readonly seq: number; readonly nominalAt: string; readonly status: string };
type Items<T> = { readonly items: readonly T[] };

let network: NetworkProcess | undefined;
let receiver: Receiver | undefined;

afterEach(async () => {
	await network?.stop();
	await receiver?.close();
	network = undefined;
	receiver = undefined;
});

it("[FIRE-13] loses no firing of recurring timers to kill -9, and numbers none twice", {
	timeout: 60_000,
}, async () => {
	receiver = await startReceiver();
	network = await startNetwork();
	let client = createApiClient(network.url, network.dev.apiKey);
	const url = `${receiver.url}/tick`;
	const ids = await client.createAll(
		Array.from({ length: TIMERS }, () => ({
			schedule: { every: "1s", limit: FIRINGS },
			misfire: "catch_up",
			overlap: "buffer_all",
			actions: [{ type: "webhook", url, body: { n: 1 } }],
		})),
	);
	await receiver.waitFor(BEFORE_KILL, 30_000);
	await network.kill("SIGKILL", "both");
	network = await network.restart();
	client = createApiClient(network.url, network.dev.apiKey);

	for (const id of ids) {
		const { body } = await client.call<{ status: string }>(
			"GET",
			`/v1/timers/${id}/wait?timeout=30s`,
		);
		expect(body.status).toBe("settled");
		const firings = await client.call<Items<Firing>>("GET", `/v1/timers/${id}/firings`);
		const told = firings.body.items.toReversed();
		expect(told.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6]);
		const instants = told.map(({ nominalAt }) => Date.parse(nominalAt));
		// Caught up and buffered, not one occurrence is left out.
		expect(instants).toEqual(instants.map((_, n) => (instants[0] ?? 0) + n * 1_000));
	}
});
