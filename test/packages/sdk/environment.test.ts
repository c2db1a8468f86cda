/** What `@minoots/sdk/node` reads from where a program runs: network, key and proxy. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProxy } from "proxy";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { environmentFetch } from "../../../packages/sdk/src/node/environment-fetch.ts";
import { fromEnvironment, readEnvironment } from "../../../packages/sdk/src/node/index.ts";
import { proxyOf } from "../../../packages/sdk/src/node/proxy-of.ts";
import { close, listen as listenOnLoopback } from "../../helpers/loopback.ts";
import { rejection } from "./scripted-fetch.ts";

const folder = mkdtempSync(join(tmpdir(), "minoots-environment-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the network of an environment", () => {
	const local = join(folder, "project/.minoots/dev.json");
	const below = join(folder, "project/src/deep");
	mkdirSync(below, { recursive: true });
	mkdirSync(join(folder, "project/.minoots"));
	writeFileSync(local, JSON.stringify({ url: "http://127.0.0.1:1", apiKey: "mnt_local" }));
	const MINOOTS_API_KEY = "mnt_mine";

	test("[SDK-70] is that of MINOOTS_URL, of MINOOTS_API_BASE, or the local one of the folder or above", () => {
		const both = { MINOOTS_URL: "https://a", MINOOTS_API_BASE: "https://b", MINOOTS_API_KEY };
		expect(readEnvironment(both, below)).toEqual({
			url: "https://a",
			apiKey: "mnt_mine",
			source: "MINOOTS_URL",
		});
		const founding = { ...both, MINOOTS_URL: "" };
		expect(readEnvironment(founding, below)).toMatchObject({ url: "https://b" });
		const dev = { url: "http://127.0.0.1:1", source: local };
		expect(readEnvironment({}, below)).toEqual({ ...dev, apiKey: "mnt_local" });
		expect(readEnvironment({ MINOOTS_API_KEY }, below)).toEqual({ ...dev, apiKey: "mnt_mine" });
		expect(readEnvironment({}, folder)).toBeUndefined();
	});

	test("[SDK-70] never gets the local key where it is another one, and is asked for where there is none", () => {
		const elsewhere = { MINOOTS_URL: "https://a" };
		expect(readEnvironment(elsewhere, below)?.apiKey).toBeUndefined();
		const before = process.cwd();
		onTestFinished(() => process.chdir(before));
		process.chdir(folder);
		expect(() => fromEnvironment({}, {})).toThrow(/set MINOOTS_URL and MINOOTS_API_KEY/);
		expect(fromEnvironment({}, elsewhere).timers).toBeDefined();
	});
});

describe("the proxy of an environment", () => {
	const HTTPS_PROXY = "http://proxy:3128";

	test.each([
		["https://a.example", { HTTPS_PROXY }, "proxy:3128"],
		["https://a.example", { https_proxy: "other:1", HTTPS_PROXY }, "other:1"],
		["https://a.example", { HTTP_PROXY: HTTPS_PROXY }, undefined],
		["http://a.example", { HTTP_PROXY: HTTPS_PROXY }, "proxy:3128"],
		["https://a.example", { HTTPS_PROXY, NO_PROXY: "*" }, undefined],
		["https://a.example", { HTTPS_PROXY, NO_PROXY: "b.example, A.example" }, undefined],
		["https://x.a.example", { HTTPS_PROXY, NO_PROXY: ".a.example" }, undefined],
		["https://x.a.example", { HTTPS_PROXY, no_proxy: "*.a.example" }, undefined],
		["https://xa.example", { HTTPS_PROXY, NO_PROXY: "a.example" }, "proxy:3128"],
		["https://a.example", { HTTPS_PROXY, NO_PROXY: "a.example:443" }, undefined],
		["https://a.example:8443", { HTTPS_PROXY, NO_PROXY: "a.example:443" }, "proxy:3128"],
		["https://127.0.0.1", { HTTPS_PROXY, NO_PROXY: "localhost,127.0.0.1" }, undefined],
		["https://[::1]:8443", { HTTPS_PROXY, NO_PROXY: "::1" }, undefined],
		["https://[::1]:8443", { HTTPS_PROXY, NO_PROXY: "[::1]:8443" }, undefined],
		["https://a.example", { HTTPS_PROXY, NO_PROXY: "" }, "proxy:3128"],
		["https://a.example", { HTTPS_PROXY: "" }, undefined],
	])("[SDK-71] for %s with %j is %s", (url, env, host) => {
		expect(proxyOf(new URL(url), env)?.host).toBe(host);
	});

	test("[SDK-71] must be an http or https URL", () => {
		for (const proxy of ["socks5://p:1", "http://", "http://p:port"]) {
			const read = () => proxyOf(new URL("https://a.example"), { HTTPS_PROXY: proxy });
			expect(read).toThrow(/^HTTPS_PROXY: expected a URL like http:\/\//);
		}
	});
});

describe("a fetch through a proxy", () => {
	async function listen(server: http.Server): Promise<string> {
		onTestFinished(() => close(server));
		return `127.0.0.1:${await listenOnLoopback(server)}`;
	}

	test("[SDK-72] carries method, headers, bodies, statuses and aborts of plain http", async () => {
		const origin = await listen(
			http.createServer(async (request, response) => {
				if (request.url === "/hang") return response.write("{");
				if (request.method === "DELETE") return response.writeHead(204).end();
				let text = "";
				for await (const chunk of request) text += chunk;
				const { host, "x-team": team } = request.headers;
				response.writeHead(418, { "set-cookie": ["a=1", "b=2"] });
				return response.end(JSON.stringify({ text, host, team, path: request.url }));
			}),
		);
		const proxied: string[] = [];
		const proxy = createProxy(http.createServer());
		proxy.on("request", ({ url = "" }) => proxied.push(url));
		const through = environmentFetch({ HTTP_PROXY: await listen(proxy) });
		const init = { method: "POST", headers: { "x-team": "ops" }, body: "häl" };
		const answer = await through(`http://${origin}/a?b=c`, init);
		expect(answer.status).toBe(418);
		expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
		const heard = { text: "häl", host: origin, team: "ops", path: "/a?b=c" };
		expect(await answer.json()).toEqual(heard);
		const gone = await through(`http://${origin}/a`, { method: "DELETE" });
		expect([gone.status, gone.body]).toEqual([204, null]);
		expect(proxied).toHaveLength(2);
		const stop = new AbortController();
		const hanging = await through(`http://${origin}/hang`, { signal: stop.signal });
		stop.abort();
		await rejection(hanging.text());
		await rejection(through(`http://${origin}/a`, { signal: stop.signal }));
		const exempt = environmentFetch({ HTTP_PROXY: "127.0.0.1:1", NO_PROXY: "127.0.0.1" });
		expect((await exempt(`http://${origin}/b`)).status).toBe(418);
	});

	test("[SDK-72] says what the proxy says, and nothing of its credentials", async () => {
		const proxy = createProxy(http.createServer());
		proxy.authenticate = () => false;
		const HTTPS_PROXY = `http://me:secret@${await listen(proxy)}`;
		const env = { MINOOTS_URL: "https://network.test:8443", HTTPS_PROXY };
		const minoots = fromEnvironment({ retry: { attempts: 1 } }, env);
		const message = String(await rejection(minoots.health()));
		expect(message).toMatch(/the proxy http:\/\/127\.0\.0\.1:\d+ answers 407 to CONNECT network/);
		expect(message).not.toContain("secret");
	});
});
