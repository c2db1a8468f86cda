/** Mailboxes of a real network, as agents meet them: examples, and Cloudflare's own client. */
import { once } from "node:events";
import { join, resolve } from "node:path";
import Cloudflare from "cloudflare";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Agent, startProcess } from "../../helpers/agent-process.ts";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";

const ROOT = resolve(import.meta.dirname, "../../..");
/** Work that says what it was given, and fails when it is told to. */
const WORK = `body=$(cat); printf 'got %s\\n' "$body"; [ "$body" != '"fail"' ]`;
const EXAMPLES = join(ROOT, "examples/agent");

type MailboxView = { readonly depth: number; readonly leased: number; readonly dead: number };
type Pulled = { readonly messages: readonly { readonly id: string; readonly leaseId: string }[] };

let network: NetworkProcess;
let client: ApiClient;

beforeAll(async () => {
	network = await startNetwork();
	client = createApiClient(network.url, network.dev.apiKey);
});

afterAll(async () => {
	await network.stop();
});

async function put(mailbox: string, message: object): Promise<string> {
	const path = `/v1/mailboxes/${mailbox}/messages`;
	const { status, body } = await client.call<{ id: string }>("POST", path, message);
	expect(status).toBe(201);
	return body.id;
}

async function look(mailbox: string): Promise<MailboxView> {
	return (await client.call<MailboxView>("GET", `/v1/mailboxes/${mailbox}`)).body;
}

function startAgent(command: string, ...args: readonly string[]): Agent {
	return startProcess({ URL: network.url, KEY: network.dev.apiKey }, command, ...args);
}

it("[MBOX-12] the official client of Cloudflare works with only its base URL changed", async () => {
	const { url, dev } = network;
	const cloudflare = new Cloudflare({ apiToken: dev.apiKey, baseURL: `${url}/client/v4` });
	const { messages } = cloudflare.queues;
	const account_id = dev.tenant;
	await messages.push("orders", { account_id, body: { n: 1 }, content_type: "json" });
	await messages.bulkPush("orders", {
		account_id,
		messages: [
			{ body: "plain", content_type: "text" },
			{ body: [2], content_type: "json" },
		],
	});
	const pulled = await messages.pull("orders", {
		account_id,
		batch_size: 10,
		visibility_timeout_ms: 60_000,
	});
	expect(pulled.message_backlog_count).toBe(0);
	const [one, two, three] = pulled.messages ?? [];
	const decoded = [one, three].map((message) => Buffer.from(message?.body ?? "", "base64"));
	expect(decoded.map(String)).toEqual(['{"n":1}', "[2]"]);
	expect(two).toMatchObject({ body: "plain", attempts: 1, timestamp_ms: expect.any(Number) });
	const settle = () =>
		messages.ack("orders", {
			account_id,
			acks: [{ lease_id: one?.lease_id ?? "" }, { lease_id: two?.lease_id ?? "" }],
			retries: [{ lease_id: three?.lease_id ?? "", delay_seconds: 0 }],
		});
	expect(await settle()).toEqual({ ackCount: 2, retryCount: 1, warnings: {} });
	expect(Object.keys((await settle()).warnings ?? {})).toHaveLength(3);
	const again = await messages.pull("orders", { account_id });
	expect(again.messages).toMatchObject([{ id: three?.id, attempts: 2 }]);

	const refused = await messages.pull("orders", { account_id: "other" }).catch((error) => error);
	expect(refused).toBeInstanceOf(Cloudflare.PermissionDeniedError);
	expect(refused.errors).toMatchObject([
		{ code: 403, message: expect.stringMatching(/^tenant_mismatch: /) },
	]);
});

it("[MBOX-13] the Node agent reports what came of the work, and finishes it when it is stopped", async () => {
	await put("node", { body: { n: 1 } });
	const failed = await put("node", { body: "fail", maxAttempts: 1 });
	const file = join(EXAMPLES, "agent.mjs");
	const agent = startAgent(process.execPath, file, "node", "sh", "-c", WORK);
	await agent.see('acknowledged: got {"n":1}');
	await agent.see(`${failed} dead`);
	const dead = await client.call<{ items: { reason: string }[] }>(
		"GET",
		"/v1/mailboxes/node/dead-messages",
	);
	expect(dead.body.items).toMatchObject([{ id: failed, reason: 'exit code 1: got "fail"\n' }]);
	const closed = once(agent.child, "close");
	agent.child.kill("SIGINT");
	expect(await closed).toEqual([0, null]);
}, 30_000);

it("[MBOX-14] a network that is killed while an agent holds a lease keeps the lease and the message", async () => {
	const id = await put("crash", { body: "work" });
	const path = "/v1/mailboxes/crash/messages";
	const pull = { batchSize: 1, visibilityTimeoutMs: 60_000 };
	const { body } = await client.call<Pulled>("POST", `${path}/pull`, pull);
	await put("crash", { body: "other" });
	await network.kill("SIGKILL", "both");
	network = await network.restart();
	expect(await look("crash")).toMatchObject({ depth: 1, leased: 1 });
	const acks = body.messages.map(({ leaseId }) => ({ leaseId }));
	expect(body.messages).toMatchObject([{ id }]);
	const ack = () => client.call<{ ackCount: number }>("POST", `${path}/ack`, { acks });
	expect((await ack()).body.ackCount).toBe(1);
	await network.kill("SIGKILL", "both");
	network = await network.restart();
	expect((await ack()).body.ackCount).toBe(0);
	expect(await look("crash")).toMatchObject({ depth: 1, leased: 0 });
}, 60_000);
