/** The agent by curl and jq as a process beside a real network, with a key for mailboxes alone. */

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { type ApiClient, createApiClient } from "../../helpers/api-client.ts";
import { close, listenAt } from "../../helpers/loopback.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { AGENT, ROOT, startAgent } from "./agent-process.ts";

/** Work that says what it was given, and fails when it is told to. */
const WORK = `body=$(cat); printf 'got %s\\n' "$body"; [ "$body" != '"fail"' ]`;

type Route = { readonly security: readonly Readonly<Record<string, readonly string[]>>[] };
type Description = { readonly paths: Readonly<Record<string, Readonly<Record<string, Route>>>> };

let network: NetworkProcess;
let owner: ApiClient;
let agentKey: string;

beforeAll(async () => {
	network = await startNetwork();
	owner = createApiClient(network.url, network.dev.apiKey);
	agentKey = await createKey(["agent.pull"]);
});

afterAll(() => network.stop());

async function createKey(scopes: readonly string[]): Promise<string> {
	const asked = { name: "build machine", scopes, mailboxes: ["build-*"] };
	const { status, body } = await owner.call<{ apiKey: string }>("POST", "/v1/keys", asked);
	expect(status).toBe(201);
	return body.apiKey;
}

async function put(mailbox: string, message: object): Promise<string> {
	const path = `/v1/mailboxes/${mailbox}/messages`;
	const { status, body } = await owner.call<{ id: string }>("POST", path, message);
	expect(status).toBe(201);
	return body.id;
}

function startWith(mailbox: string, ...work: string[]) {
	const env = { MINOOTS_URL: network.url, MINOOTS_API_KEY: agentKey };
	return startAgent(env, mailbox, ...work);
}

it("[ONPREM-1] the agent waits for work, does it, and says what came of it", async () => {
	const agent = startWith("build-one", "sh", "-c", WORK);
	const command = { text: `"body":1 $HOME \`id\` \\ "leaseId":"x" äöü`, n: [1, 2] };
	const { body: timer } = await owner.call<{ id: string }>("POST", "/v1/timers", {
		in: "100ms",
		actions: [{ type: "agent", mailbox: "build-one", command }],
	});
	await agent.see('"outcome":"acknowledged"');
	const path = `/v1/timers/${timer.id}/deliveries`;
	const { body } = await owner.call<{ items: readonly { result: { output: string } }[] }>(
		"GET",
		path,
	);
	const said = body.items[0]?.result.output ?? "";
	expect(JSON.parse(said.replace(/^got /, ""))).toMatchObject({ type: "timer.fired", command });
});

it("[ONPREM-1] what its command fails comes again, and is a dead letter in the end", async () => {
	const id = await put("build-two", { body: "fail", maxAttempts: 2 });
	const agent = startWith("build-two", "sh", "-c", WORK);
	await agent.see('"outcome":"dead"');
	const path = "/v1/mailboxes/build-two/dead-messages";
	const { body } = await owner.call<{ items: readonly object[] }>("GET", path);
	expect(body.items).toMatchObject([{ id, reason: 'the command failed: got "fail"' }]);
	await put("build-two", { body: "more" });
	await agent.see('"outcome":"acknowledged"');
});

it("[ONPREM-1] of a long output the end is told", async () => {
	const agent = startWith("build-six", "seq", "100000");
	const { body: timer } = await owner.call<{ id: string }>("POST", "/v1/timers", {
		in: 1,
		actions: [{ type: "agent", mailbox: "build-six" }],
	});
	await agent.see('"outcome":"acknowledged"');
	const path = `/v1/timers/${timer.id}/deliveries`;
	const { body } = await owner.call<{ items: readonly object[] }>("GET", path);
	expect(body.items).toMatchObject([
		{ result: { output: expect.stringMatching(/99999\n100000$/) } },
	]);
});

it("[ONPREM-1] it goes on when the network was away", async () => {
	const agent = startWith("build-three", "cat");
	await put("build-three", { body: 1 });
	await agent.see('"ackCount":1');
	await network.kill("SIGKILL", "both");
	network = await network.restart();
	await put("build-three", { body: 2 });
	const output = await agent.see('"leaseId":"2-');
	expect(output.match(/"ackCount":1/g)).toHaveLength(2);
});

it("[ONPREM-1] it does not hurry where something else than the network answers", async () => {
	const times: number[] = [];
	const { promise: thirdCame, resolve } = Promise.withResolvers<void>();
	const portal = createServer((_, response) => {
		response.end("<html>Please log in");
		if (times.push(performance.now()) === 3) resolve();
	});
	onTestFinished(() => close(portal));
	const env = { MINOOTS_URL: await listenAt(portal), MINOOTS_API_KEY: agentKey };
	startAgent(env, "build-five", "cat");
	await thirdCame;
	const [first = 0, , third = 0] = times;
	expect(third - first).toBeGreaterThan(1_900);
});

it("[ONPREM-2] the guide shows the agent as it is, in ten lines, and its key shows in no list of processes", () => {
	const text = readFileSync(AGENT, "utf8");
	expect(readFileSync(join(ROOT, "docs/guides/on-prem-agents.md"), "utf8")).toContain(text);
	const code = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
	expect(code.length).toBeLessThanOrEqual(10);
	// The key goes to curl by its standard input; `printf` is the shell's own.
	expect(text.match(/\$MINOOTS_API_KEY/g)).toHaveLength(1);
	expect(text).toContain(
		'printf \'header = "Authorization: Bearer %s"\' "$MINOOTS_API_KEY" | curl',
	);
});

it.each([["agent.pull"], ["agent.manage"]])(
	"[ONPREM-3] a key with %s for some mailboxes is refused on every other route",
	async (scope) => {
		const key = await createKey([scope]);
		const { body } = await owner.call<Description>("GET", "/openapi.json");
		const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
			Object.entries(methods).map(([method, { security }]) => ({
				method,
				path,
				...needsOf(security),
			})),
		);
		const foreign = routes.filter(({ scopes, isOperators }) =>
			scopes.length > 0 ? !scopes.some((one) => one.startsWith("agent.")) : isOperators,
		);
		expect(foreign.length).toBeGreaterThan(50);
		const answers = await Promise.all(
			foreign.map(async ({ method, path }) => {
				const response = await fetch(network.url + path.replace(/\{\w+\}/g, "x"), {
					method: method.toUpperCase(),
					headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
					...(!["get", "delete"].includes(method) && { body: "{}" }),
				});
				await response.body?.cancel();
				return response.status === 403 ? [] : [`${method} ${path}: ${response.status}`];
			}),
		);
		expect(answers.flat()).toEqual([]);
	},
);

/** Without scopes a route is the operator's, or anybody's. */
function needsOf(security: Route["security"]) {
	const scopes = security.flatMap(({ tenantKey = [], tenantKeyHeader = [] }) => [
		...tenantKey,
		...tenantKeyHeader,
	]);
	const isOperators = security.length > 0 && security.every((one) => "operatorKey" in one);
	return { scopes, isOperators };
}

it("[ONPREM-3] it reaches its own mailboxes and no others", async () => {
	const agent = createApiClient(network.url, agentKey);
	const pull = (mailbox: string) =>
		agent.call("POST", `/v1/mailboxes/${mailbox}/messages/pull`, {});
	expect((await pull("build-four")).status).toBe(200);
	expect((await pull("payroll")).status).toBe(403);
	const put = await agent.call("POST", "/v1/mailboxes/build-four/messages", { body: 1 });
	expect(put.status).toBe(403);
});
