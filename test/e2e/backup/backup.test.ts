/** A network's folder, copied as the guide says and started elsewhere. */
import { cp } from "node:fs/promises";
import { basename } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createApiClient } from "../../helpers/api-client.ts";
import {
	createStateFolder,
	type NetworkProcess,
	startNetwork,
} from "../../helpers/network-process.ts";
import { type Receiver, startReceiver, verifySignature } from "../../helpers/receiver.ts";

const TIMERS = 20;
/** Long enough for a copy to be made before, also on a busy machine. */
const DUE_IN_MS = 6_000;
const TOKEN = "Bearer of the original";
/** Large enough for R2. */
const BODY = { text: "x".repeat(40_000) };
/** Says which processes ran, and is scratch space. */
const NOT_COPIED = new Set(["runtime.json", "tmp"]);

let receiver: Receiver;
beforeEach(async () => {
	receiver = await startReceiver();
});
afterEach(() => receiver.close());

async function createTimers({ url, dev }: NetworkProcess): Promise<readonly string[]> {
	const headers = { authorization: TOKEN };
	const actions = [{ type: "webhook", url: `${receiver.url}/hook`, headers, body: BODY }];
	const timers = Array.from({ length: TIMERS }, () => ({ in: DUE_IN_MS, actions }));
	return createApiClient(url, dev.apiKey).createAll(timers);
}

async function copyOf({ state }: NetworkProcess): Promise<string> {
	const folder = await createStateFolder();
	await cp(state, folder, { recursive: true, filter: (path) => !NOT_COPIED.has(basename(path)) });
	return folder;
}

/** Starts the copy, and waits until all that the original had pending has come from it. */
async function expectRestored(copy: string, original: NetworkProcess, ids: readonly string[]) {
	expect(receiver.received).toHaveLength(0);
	await using restored = await startNetwork({ state: copy });
	expect(restored.ready.pending + restored.ready.overdue).toBeGreaterThanOrEqual(TIMERS);
	const { apiKey, webhookSecret } = original.dev;
	const client = createApiClient(restored.url, apiKey);
	const requests = await receiver.waitFor(TIMERS, 20_000);
	for (const request of requests) {
		verifySignature(webhookSecret, request);
		expect(request.headers["authorization"]).toBe(TOKEN);
		expect(JSON.parse(request.body)).toEqual(BODY);
	}
	for (const id of ids) {
		const { body } = await client.call("GET", `/v1/timers/${id}/wait?timeout=20s`);
		expect(body).toMatchObject({ id, status: "settled", firedCount: 1 });
	}
	expect(receiver.received).toHaveLength(TIMERS);
}

it("[BACKUP-1] a copy of a stopped network keeps its timers and fires them", async () => {
	await using network = await startNetwork();
	const ids = await createTimers(network);
	await network.kill("SIGTERM", "launcher");
	await expectRestored(await copyOf(network), network, ids);
});

it("[BACKUP-2] so does a copy of a network that was held while it was made", async () => {
	await using network = await startNetwork();
	const ids = await createTimers(network);
	process.kill(network.workerd.pid, "SIGSTOP");
	const copy = await copyOf(network);
	process.kill(network.workerd.pid, "SIGCONT");
	// It lives on, and would send what the copy sends.
	expect((await fetch(`${network.url}/readyz`)).status).toBe(200);
	await network.kill("SIGKILL", "both");
	await expectRestored(copy, network, ids);
});
