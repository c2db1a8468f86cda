/** The program as a process: colours, pipes, signals, proxies, time-outs. */

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Server } from "node:net";
import { join } from "node:path";
import { createProxy } from "proxy";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { listen as listenOnLoopback } from "../../helpers/loopback.ts";
import { createFolder, inTerminal, minoots, start, startInTerminal } from "./cli.ts";
import { env, network, startBefore } from "./on-network.ts";

startBefore();
beforeAll(async () => {
	await minoots(["create", "1h", "painted"], { env });
});

const ESCAPE = "\u001B[";

describe("colours", () => {
	it("[CLI-23] are for terminals, unless NO_COLOR, TERM=dumb or --no-color says no", async () => {
		expect((await inTerminal(["list"], { env })).stdout).toContain(ESCAPE);
		for (const no of [{ NO_COLOR: "1" }, { TERM: "dumb" }, { NO_COLOR: "1", FORCE_COLOR: "1" }]) {
			expect((await inTerminal(["list"], { env: { ...env, ...no } })).stdout).not.toContain(ESCAPE);
		}
		expect((await inTerminal(["list", "--no-color"], { env })).stdout).not.toContain(ESCAPE);
		expect((await inTerminal(["list", "--json"], { env })).stdout).not.toContain(ESCAPE);
		expect((await inTerminal(["list", "--status", "x"], { env })).stdout).toContain(ESCAPE);
	});

	it("[CLI-23] are off when piped, unless FORCE_COLOR says yes", async () => {
		const { stdout } = await minoots(["list"], { env });
		expect(stdout).toContain("painted");
		expect(stdout).not.toContain(ESCAPE);
		const forced = { ...env, FORCE_COLOR: "1" };
		expect((await minoots(["list"], { env: forced })).stdout).toContain(ESCAPE);
		expect((await minoots(["get"], { env: forced })).stderr).toContain(ESCAPE);
		expect((await minoots(["get"], { env })).stderr).not.toContain(ESCAPE);
	});
});

describe("signals and pipes", () => {
	it("[CLI-24] Ctrl-C ends with 130 and says nothing, whatever is waited for", async () => {
		const { stdout } = await minoots(["create", "1h", "--quiet"], { env });
		const id = stdout.trim();
		const follow = start(["logs", id, "--follow"], { env });
		await follow.shows("timer.created");
		follow.child.kill("SIGINT");
		expect(await follow.ended).toMatchObject({ code: 130, stderr: "" });
		const wait = start(["wait", id, "--verbose"], { env });
		await wait.shows("/wait?");
		wait.child.kill("SIGINT");
		const { code, stdout: said } = await wait.ended;
		expect({ code, said }).toEqual({ code: 130, said: "" });
		const bar = startInTerminal(["wait", id], { env });
		await bar.shows("0%");
		bar.child.stdin?.write("\u0003");
		expect((await bar.ended).code).toBe(130);
	});

	it("[CLI-25] a reader that ends first is no error", async () => {
		const timers = Array.from({ length: 3_000 }, () => ({ in: "1h", labels: { list: "pipe" } }));
		const words = ["api", "POST", "/v1/timers/batch", "-"];
		expect(await minoots(words, { env, input: JSON.stringify({ timers }) })).toMatchObject({
			code: 0,
		});
		const list = start(["list", "--json", "--label", "list=pipe"], { env });
		await once(list.child.stdout ?? list.child, "data");
		list.child.stdout?.destroy();
		expect(await list.ended).toMatchObject({ code: 0, stderr: "" });
		const told = start(["list", "--verbose", "--json", "--label", "list=pipe"], { env });
		told.child.stderr?.destroy();
		expect((await told.ended).code).toBe(0);
	});

	it("[CLI-31] a name cannot speak to the terminal", async () => {
		const name = "\u001B]0;title\u0007\u001B[2Jtea\u009B5n\rx\u001B[31m";
		const created = await minoots(["create", "1h", name, "--label", "list=evil"], { env });
		const { stdout } = await minoots(["list", "--label", "list=evil"], { env });
		for (const text of [created.stdout, stdout]) {
			expect(text).toContain("tea");
			const controls = [...text].filter((one) => /\p{Cc}/u.test(one) && one !== "\n");
			expect(new Set(controls)).toEqual(new Set(["\u001B"])); // of its colour, and of the end of it
			expect(text).toContain("\u001B[31m");
		}
		const json = await minoots(["list", "--label", "list=evil", "--json"], { env });
		expect(JSON.parse(json.stdout).name).toBe(name);
	});
});

describe("the way to the network", () => {
	function listen(server: Server): Promise<number> {
		onTestFinished(() => void server.close());
		return listenOnLoopback(server);
	}

	it("[CLI-26] no answer is tried again, then exit code 1 with what to do", async () => {
		const port = await listen(createServer((_, response) => response.destroy()));
		const lost = { ...env, MINOOTS_URL: `http://127.0.0.1:${port}` };
		const { code, stdout, stderr } = await minoots(["list", "--verbose"], { env: lost });
		expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
		expect(stderr).toContain("(try 4)");
		expect(stderr).toMatch(/error: GET \/v1\/timers: no answer from .*\nhint: .*minoots doctor/);
		const asJson = await minoots(["list", "--json"], { env: lost });
		expect(JSON.parse(asJson.stderr).error).toMatchObject({ code: "connection_failed" });
	});

	it("[CLI-26] --timeout ends a request that is not answered", async () => {
		const port = await listen(createServer());
		const slow = { ...env, MINOOTS_URL: `http://127.0.0.1:${port}` };
		const { code, stderr } = await minoots(["list", "--timeout", "50ms"], { env: slow });
		expect(code).toBe(1);
		expect(stderr).toContain("no answer within 50 ms");
	});

	it("[CLI-27] --verbose shows each request and answer, and no key", async () => {
		const { code, stdout, stderr } = await minoots(["list", "--limit", "1", "--verbose"], { env });
		expect(code).toBe(0);
		expect(stdout.trimEnd().split("\n")).toHaveLength(2);
		expect(stderr).toMatch(/^→ GET http:\S+\/v1\/timers\?limit=2\n← 200 in \d+ ms, req_/);
		expect(stderr).not.toContain(network.dev.apiKey);
	});

	it("[CLI-28] goes through the proxy that the environment names, and trusts its CAs", async () => {
		const folder = await createFolder();
		const [key, certificate] = [join(folder, "key.pem"), join(folder, "cert.pem")];
		const request = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
		const subject = ["-nodes", "-days", "1", "-subj", "/CN=minoots.test"];
		const names = [
			"-addext",
			"subjectAltName=DNS:minoots.test",
			"-keyout",
			key,
			"-out",
			certificate,
		];
		execFileSync("openssl", [...request, ...subject, ...names], { stdio: "ignore" });
		const tls = { key: await readFile(key), cert: await readFile(certificate) };
		const origin = createTlsServer(tls, (_, response) => {
			response.setHeader("content-type", "application/json");
			response.end('{"items":[],"nextCursor":null}');
		});
		const port = await listen(origin);
		const asked: string[] = [];
		const proxy = createServer();
		createProxy(proxy);
		proxy.prependListener("connect", (incoming) => {
			asked.push(incoming.url ?? "");
			incoming.url = `127.0.0.1:${port}`; // nobody else knows the name
		});
		const through = {
			MINOOTS_URL: `https://minoots.test:${port}`,
			MINOOTS_API_KEY: "mnt_x",
			HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}`,
			NODE_EXTRA_CA_CERTS: certificate,
		};
		expect(await minoots(["list"], { env: through })).toMatchObject({
			code: 0,
			stderr: "No timers.\n",
		});
		expect(asked).toEqual([`minoots.test:${port}`]);
		const { NODE_EXTRA_CA_CERTS: _, ...untrusted } = through;
		const refused = await minoots(["list"], { env: untrusted });
		expect(refused.code).toBe(1);
		expect(refused.stderr).toMatch(/self-signed certificate/);
	});
});
