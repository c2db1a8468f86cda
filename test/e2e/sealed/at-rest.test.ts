/**
 * What a thief of the state folder would find of a tenant's secrets: every file of a network that
 * was killed in the midst of its work is searched byte for byte.
 */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { startNetwork } from "../../helpers/network-process.ts";
import { startReceiver } from "../../helpers/receiver.ts";

const TOKEN = "a-token-that-stands-in-no-other-file";
const EDITED = "an-edited-token-that-stands-in-no-other-file";
const OF_A_SERVICE = "ghp_a-token-of-a-service-that-stands-in-no-file";
/** The control: it is not sealed, so the search must find it. */
const NAME = "a-name-that-is-stored-in-the-open";

const dispatch = {
	type: "repository_dispatch",
	repository: "acme/site",
	eventType: "nightly",
	token: OF_A_SERVICE,
};

it("[SEAL-9] no file of the state folder holds a header, a token or a webhook secret", async () => {
	const receiver = await startReceiver();
	await using network = await startNetwork();
	const operator = createApiClient(network.url, network.dev.adminKey);
	const made = await operator.call<{ apiKey: string; webhookSecret: string }>(
		"POST",
		"/v1/tenants",
		{ id: "sealed", plan: "enterprise" },
	);
	const client = createApiClient(network.url, made.body.apiKey);
	const secrets = [made.body.webhookSecret, await rotate(client)];

	const actionsTo = (path: string) => [
		{ type: "webhook", url: receiver.url + path, headers: { authorization: TOKEN } },
	];
	const timers = Array.from({ length: 50 }, (_, line) => ({
		in: line % 2 === 0 ? 20 : "1h",
		name: NAME,
		actions: line === 1 ? [dispatch] : actionsTo("/hook"),
	}));
	await client.call("POST", "/v1/timers/batch", { timers });
	secrets.push(await rotate(client));
	const refused = { in: 20, name: NAME, actions: actionsTo("/status/404") };
	const { body } = await client.call<{ id: string }>("POST", "/v1/timers", refused);
	await client.call("GET", `/v1/timers/${body.id}/wait?timeout=20s`);
	await receiver.waitFor(26);
	const letters = await client.call<{ items: { id: string }[] }>("GET", "/v1/dead-letters");
	const patch = { headers: { authorization: EDITED } };
	await client.call("POST", `/v1/dead-letters/${letters.body.items[0]?.id}/replay`, { patch });
	const received = await receiver.waitFor(27);
	const sent = received.map(({ headers }) => headers["authorization"]);
	expect(sent.toSorted()).toEqual([...Array(26).fill(TOKEN), EDITED]);

	await network.kill("SIGKILL", "both");
	const files = globSync(join(network.state, "**"), { withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => readFileSync(join(entry.parentPath, entry.name)));
	const holds = (bytes: Buffer) => files.some((file) => file.includes(bytes));
	expect(holds(Buffer.from(NAME))).toBe(true);
	for (const text of [
		TOKEN,
		EDITED,
		OF_A_SERVICE,
		...secrets.map((secret) => secret.slice("whsec_".length)),
	]) {
		expect(holds(Buffer.from(text))).toBe(false);
		// As base64 of it would read, wherever in three bytes it begins.
		for (const shift of [0, 1, 2]) expect(holds(base64Within(text, shift))).toBe(false);
	}
	for (const secret of secrets) {
		expect(holds(Buffer.from(secret.slice("whsec_".length), "base64"))).toBe(false);
	}
	await receiver.close();
});

async function rotate(client: ApiClient): Promise<string> {
	const path = "/v1/webhook-secret/rotate";
	return (await client.call<{ webhookSecret: string }>("POST", path)).body.webhookSecret;
}

/** The characters that stand in the base64 of any text that holds `text` after `shift` bytes. */
function base64Within(text: string, shift: number): Buffer {
	const encoded = Buffer.from("x".repeat(shift) + text).toString("base64");
	return Buffer.from(encoded.slice(4, -4));
}
