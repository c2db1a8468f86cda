/** Escalation over real HTTP, with the network killed between its steps. */
import { afterEach, expect, it } from "vitest";
import { createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type Receiver, startReceiver } from "../../helpers/receiver.ts";

const WITHIN_MS = 20_000;

let network: NetworkProcess | undefined;
let receiver: Receiver | undefined;

afterEach(async () => {
	await network?.stop();
	await receiver?.close();
});

/** What was under way at a kill is sent again: only the paths count, and no other may come. */
async function waitForPaths(receiver: Receiver, expected: readonly string[]): Promise<void> {
	const seen = () => new Set(receiver.received.map(({ path }) => path));
	while (seen().size < expected.length) {
		await receiver.waitFor(receiver.received.length + 1, WITHIN_MS);
	}
	expect(seen()).toEqual(new Set(expected));
}

it("[ESC-20] after kill -9 the next step is done, once, and none after an acknowledgement", {
	timeout: 60_000,
}, async () => {
	receiver = await startReceiver();
	network = await startNetwork();
	const page = (path: string) => ({ type: "webhook", url: `${receiver?.url}${path}` });
	const first = createApiClient(network.url, network.dev.apiKey);
	const created = await first.call<{ id: string }>("POST", "/v1/timers", {
		in: "50ms",
		actions: [page("/work")],
		escalation: {
			after: { unacknowledgedFor: "1s" },
			steps: [
				{ actions: [page("/first")] },
				{ after: "2s", actions: [page("/second")] },
				{ after: "1h", actions: [page("/third")] },
			],
		},
	});
	const { id } = created.body;
	await waitForPaths(receiver, ["/work"]);
	await network.kill("SIGKILL", "both");
	network = await network.restart();
	await waitForPaths(receiver, ["/work", "/first"]);
	await network.kill("SIGKILL", "both");
	network = await network.restart();
	await waitForPaths(receiver, ["/work", "/first", "/second"]);

	const { call } = createApiClient(network.url, network.dev.apiKey);
	const acknowledged = await call<{ acknowledgeNote: string }>(
		"POST",
		`/v1/timers/${id}/acknowledge`,
		{ note: "seen" },
	);
	expect(acknowledged.body.acknowledgeNote).toBe("seen");
	const events = await call<{ items: { type: string; data: object }[] }>(
		"GET",
		`/v1/timers/${id}/events?limit=100`,
	);
	const told = events.body.items.filter(({ type }) => type === "timer.escalated");
	expect(told.map(({ data }) => data)).toMatchObject([{ step: 2 }, { step: 1 }]);
	const last = events.body.items.find(({ type }) => type === "timer.acknowledged");
	expect(last?.data).toMatchObject({ stopped: 1, note: "seen" });
});
