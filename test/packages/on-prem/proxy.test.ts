/** Every client through a forward proxy that wants credentials, to a certificate of an own authority. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../e2e/docs/programs.ts";
import { createApiClient } from "../../helpers/api-client.ts";
import { ROOT, startAgent } from "./agent-process.ts";
import { type GuardedNetwork, startGuardedNetwork } from "./guarded-network.ts";

type Env = Readonly<Record<string, string>>;

const CLI = join(ROOT, "packages/cli/dist/minoots.cjs");
const SDK_PROGRAM = `
	import { fromEnvironment } from ${JSON.stringify(join(ROOT, "packages/sdk/dist/node.js"))};
	const minoots = fromEnvironment({ retry: { attempts: 1 } });
	const stopping = new AbortController();
	const { signal } = stopping;
	try {
		const { id } = await minoots.timers.create({ name: "by the SDK", in: "100ms" });
		const due = await minoots.timers.create({ in: "2s" });
		console.log((await minoots.waitFor(id)).status);
		for await (const { type } of minoots.events.stream({ timer: due.id })) {
			console.log(type);
			if (type === "timer.settled") break;
		}
		await minoots.mailboxes.send("work", { body: "by the SDK" });
		await minoots.mailboxes.consume("work", ({ body }) => {
			console.log(body);
			stopping.abort();
		}, { signal });
	} catch ({ code, message }) {
		console.log(code, message);
	}`;
const SHIM_PROGRAM = `
	const MINOOTS = require(${JSON.stringify(join(ROOT, "packages/timer-system/dist/index.cjs"))});
	try {
		console.log(MINOOTS.create({ duration: "1h" }).status);
	} catch ({ code, message }) {
		console.log(code, message);
	}`;

let guarded: GuardedNetwork;

beforeAll(async () => {
	for (const name of ["sdk", "timer-system", "cli"]) {
		const { status } = spawnSync(process.execPath, [join(ROOT, "scripts/build-packages.ts"), name]);
		expect(status).toBe(0);
	}
	guarded = await startGuardedNetwork();
});

afterAll(() => guarded[Symbol.asyncDispose]());

/** Runs a program of Node with nothing of Minoots in its environment but `env`. */
async function node(env: Env, ...args: readonly string[]): Promise<string> {
	const ours = /^(MINOOTS|NODE_|.*_proxy$)/i;
	const clean = Object.entries(process.env).filter(([name]) => !ours.test(name));
	const place = { folder: "/", env: { ...Object.fromEntries(clean), ...env } };
	const { stdout, stderr } = await run(place, process.execPath, args);
	return stdout + stderr;
}

const sdk = (env: Env) => node(env, "--input-type=module", "--eval", SDK_PROGRAM);
const shim = (env: Env) => node(env, "--input-type=commonjs", "--eval", SHIM_PROGRAM);
const cli = (env: Env) => node(env, CLI, "create", "1h", "by the CLI", "--json");

/** Does `work` and checks that each connection that reached the network had its tunnel. */
async function throughTunnels(work: () => Promise<void>): Promise<void> {
	const before = [guarded.tunnels.length, guarded.arrivals()];
	await work();
	const [tunnels = 0, arrivals = 0] = [guarded.tunnels.length, guarded.arrivals()].map(
		(count, index) => count - (before[index] ?? 0),
	);
	expect(arrivals).toBeGreaterThan(0);
	expect(tunnels).toBe(arrivals);
	expect(new Set(guarded.tunnels)).toEqual(
		new Set([new URL(guarded.env["MINOOTS_URL"] ?? "").host]),
	);
}

it("[ONPREM-4] the agent by curl works through a proxy and with a certificate authority of one's own", () =>
	throughTunnels(async () => {
		const { network, env } = guarded;
		const url = `${network.url}/v1/mailboxes/builds/messages`;
		const headers = { authorization: `Bearer ${network.dev.apiKey}` };
		await fetch(url, { method: "POST", headers, body: JSON.stringify({ body: "behind" }) });
		const agent = startAgent(env, "builds", "cat");
		await agent.see('"outcome":"acknowledged"');
	}));

it("[ONPREM-5] so does the SDK, also where it waits", () =>
	throughTunnels(async () => {
		expect(await sdk(guarded.env)).toBe("settled\ntimer.fired\ntimer.settled\nby the SDK\n");
	}));

it("[ONPREM-5] so does the founding module", () =>
	throughTunnels(async () => {
		expect(await shim(guarded.env)).toBe("running\n");
	}));

it("[ONPREM-5] so does the CLI", () =>
	throughTunnels(async () => {
		expect(JSON.parse(await cli(guarded.env))).toMatchObject({ name: "by the CLI" });
		const { body } = await createApiClient(guarded.network.url, guarded.network.dev.apiKey).call<{
			id: string;
		}>("POST", "/v1/timers", { in: "300ms" });
		const waited = await node(guarded.env, CLI, "wait", body.id, "--json");
		expect(JSON.parse(waited)).toMatchObject({ status: "settled" });
	}));

it("[ONPREM-6] without the authority, the proxy or its credentials nothing gets through, and the error says why", async () => {
	const before = guarded.arrivals();
	const { NODE_EXTRA_CA_CERTS: _, ...trustless } = guarded.env;
	const { HTTPS_PROXY: proxy = "", ...direct } = guarded.env;
	const stranger = { ...guarded.env, HTTPS_PROXY: proxy.replace(/\/\/.*@/, "//who:ever@") };
	for (const client of [sdk, shim, cli]) {
		expect(await client(trustless)).toMatch(/certificate|issuer/i);
		expect(await client(direct)).toMatch(/ENOTFOUND|EAI_AGAIN/);
		expect(await client(stranger)).toMatch(/407/);
	}
	expect(guarded.arrivals()).toBe(before);
});

it("[ONPREM-6] a host that NO_PROXY names is reached without the proxy", async () => {
	const { network, env } = guarded;
	const before = guarded.tunnels.length;
	const inside = { ...env, MINOOTS_URL: network.url, HTTP_PROXY: env["HTTPS_PROXY"] ?? "" };
	for (const client of [sdk, shim, cli]) {
		expect(await client({ ...inside, NO_PROXY: "127.0.0.1" })).not.toMatch(/error|fail/i);
	}
	expect(guarded.tunnels.length).toBe(before);
});
