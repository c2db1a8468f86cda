/** Starting: what a first start makes and prints, what later ones keep, what is refused and how. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, onTestFinished, test } from "vitest";
import { readJsonFile } from "../../../runtime/files.ts";
import {
	createStateFolder,
	type NetworkProcess,
	startNetwork,
} from "../../helpers/network-process.ts";
import { findFreePort, runToExit, type SpawnOptions } from "../../helpers/spawned-network.ts";

/** 3 s is what a later start may take; the rest is for a machine that is busy with other things. */
const LATER_START_MS = 5_000;
const MODE_BITS = 0o777;

async function start(options?: SpawnOptions): Promise<NetworkProcess> {
	const network = await startNetwork(options);
	onTestFinished(async () => void (await network.stop()));
	return network;
}

async function restart(network: NetworkProcess, changed?: SpawnOptions): Promise<NetworkProcess> {
	const again = await network.restart(changed);
	onTestFinished(async () => void (await again.stop()));
	return again;
}

/** What the API says of a key that reads timers. */
async function statusWith(network: NetworkProcess, apiKey: string): Promise<number> {
	const headers = { authorization: `Bearer ${apiKey}` };
	return (await fetch(`${network.url}/v1/timers`, { headers })).status;
}

describe("a first start", () => {
	test("[RUN-1] makes a tenant and says how to use it", async ({ expect }) => {
		const network = await start();
		const { url, tenant, apiKey } = network.dev;
		expect({ url, tenant }).toEqual({ url: network.url, tenant: "dev" });
		expect(network.stdout).toContain(`  URL      ${url}`);
		expect(network.stdout).toContain(`  API key  ${apiKey}`);
		const curl = network.stdout.find((line) => line.startsWith("  curl ")) ?? "";
		const answer = await promisify(execFile)("/bin/sh", ["-c", curl]);
		expect(JSON.parse(answer.stdout)).toMatchObject({ name: "hello", status: "scheduled" });
	});

	test("[RUN-1] keeps what is secret for its owner alone", async ({ expect }) => {
		const { state } = await start();
		for (const name of ["dev.json", "secrets.json", "runtime.json"]) {
			expect((await stat(join(state, name))).mode & MODE_BITS).toBe(0o600);
		}
	});

	test("[RUN-4] that was killed before it wrote its key down is made good", async ({ expect }) => {
		const network = await start();
		await network.kill("SIGKILL", "both");
		await rm(join(network.state, "dev.json"));
		const again = await restart(network);
		expect(again.dev.apiKey).not.toBe(network.dev.apiKey);
		expect(again.dev.webhookSecret).not.toBe(network.dev.webhookSecret);
		expect(await statusWith(again, again.dev.apiKey)).toBe(200);
	});
});

describe("a later start", () => {
	test("[RUN-2] [RUN-3] is fast, keeps everything and counts timers", async ({ expect }) => {
		const network = await start();
		const response = await fetch(`${network.url}/v1/timers`, {
			method: "POST",
			headers: { authorization: `Bearer ${network.dev.apiKey}` },
			body: JSON.stringify({ name: "kept", in: "1h" }),
		});
		expect(response.status).toBe(201);
		await network.kill("SIGTERM", "launcher");
		const again = await restart(network, { port: await findFreePort() });
		expect(again.ready).toMatchObject({ pending: 1, overdue: 0 });
		expect(again.stdout.at(-1)).toContain("Minoots is ready");
		expect(again.ready.afterMs).toBeLessThan(LATER_START_MS);
		expect(again.dev).toEqual({ ...network.dev, url: again.url });
		expect(readJsonFile(join(again.state, "runtime.json"))).toMatchObject({ url: again.url });
	});
});

describe("one folder has one owner", () => {
	test("[RUN-5] a second start is refused in one line", async ({ expect }) => {
		const { state, launcher, url } = await start();
		const { code, stdout, stderr } = await runToExit({ state, port: await findFreePort() });
		expect({ code, stdout }).toEqual({ code: 1, stdout: [] });
		const owner = `(process ${launcher.pid} on ${url})`;
		expect(stderr).toEqual([`The state folder ${state} is in use by a running Minoots ${owner}`]);
	});

	test("[RUN-5] of several starts at once exactly one wins", async ({ expect }) => {
		const state = await createStateFolder();
		const starts = [1, 2, 3].map(async () => startNetwork({ state }));
		const outcomes = await Promise.allSettled(starts);
		const winners = outcomes.filter((outcome) => outcome.status === "fulfilled");
		for (const { value } of winners) await value.stop();
		expect(winners).toHaveLength(1);
		for (const outcome of outcomes) {
			if (outcome.status === "rejected") expect(String(outcome.reason)).toContain("is in use by");
		}
	});
});

describe("what cannot be started is one line", () => {
	test("[RUN-6] a port in use", async ({ expect }) => {
		const server = createServer().listen(0, "127.0.0.1");
		onTestFinished(() => void server.close());
		await once(server, "listening");
		const address = server.address();
		const port = typeof address === "object" && address !== null ? address.port : 0;
		const { code, stderr } = await runToExit({ state: await createStateFolder(), port });
		expect(code).toBe(1);
		expect(stderr).toEqual([
			`Port ${port} on 127.0.0.1 is already in use: choose another with --port`,
		]);
	});

	test("[RUN-6] a folder that cannot be made, or an address that is not ours", async ({
		expect,
	}) => {
		const state = await createStateFolder();
		await writeFile(join(state, "file"), "");
		const port = await findFreePort();
		const refused: [SpawnOptions, RegExp][] = [
			[{ state: join(state, "file"), port }, /^The state folder .*file cannot be written: EEXIST/],
			[{ state: join(state, "file", "x"), port }, /cannot be written: ENOTDIR/],
			[{ state: join(state, "new"), port, args: ["--host", "192.0.2.1"] }, /^Cannot listen on/],
		];
		for (const [options, line] of refused) {
			const { code, stderr } = await runToExit(options);
			expect({ code, lines: stderr.length }).toEqual({ code: 1, lines: 1 });
			expect(stderr[0]).toMatch(line);
		}
	});

	test("[RUN-6] secrets that were damaged are never made anew", async ({ expect }) => {
		const state = await createStateFolder();
		await writeFile(join(state, "secrets.json"), '{"MINOOTS_MASTER_KEY":');
		const { code, stderr } = await runToExit({ state, port: await findFreePort() });
		expect(code).toBe(1);
		expect(stderr).toHaveLength(1);
		expect(stderr[0]).toMatch(/secrets\.json is damaged/);
	});

	test("[RUN-7] a wrong option", async ({ expect }) => {
		for (const args of [["--bogus"], ["--port", "65536"], ["--port"], ["word"], ["--state="]]) {
			const { code, stderr } = await runToExit({ args });
			expect({ args, code, lines: stderr.length }).toEqual({ args, code: 2, lines: 1 });
			expect(stderr[0]).toContain("(see --help)");
		}
		const help = await runToExit({ args: ["--help"] });
		expect(help).toMatchObject({ code: 0, stderr: [] });
		expect(help.stdout[0]).toBe("Usage: npm start -- [options]");
	});
});
