/** `minoots doctor` against real counterparts, each of which fails at one hop. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import type net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createProxy } from "proxy";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { listen as listenOnLoopback } from "../../helpers/loopback.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { startGuardedNetwork } from "../on-prem/guarded-network.ts";
import { type Certificate, type Certificates, makeCertificates } from "./certificates.ts";
import { buildCli, createFolder, type Env, minoots } from "./cli.ts";

let network: NetworkProcess;
let folder: string;
let certificates: Certificates;

beforeAll(async () => {
	await buildCli();
	folder = await mkdtemp(join(tmpdir(), "minoots-doctor-"));
	certificates = makeCertificates(folder);
	network = await startNetwork();
});
afterAll(async () => {
	await network.stop();
	await rm(folder, { recursive: true, force: true });
});

type Hop = {
	readonly hop: string;
	readonly state: string;
	readonly detail: string;
	readonly advice?: string;
	readonly ms: number;
};
type Diagnosis = {
	readonly code: number | null;
	readonly ok: boolean;
	readonly hops: readonly Hop[];
};

async function diagnose(env: Env, ...words: readonly string[]): Promise<Diagnosis> {
	const { code, stdout } = await minoots(["doctor", "--json", ...words], {
		env: { MINOOTS_URL: network.url, MINOOTS_API_KEY: network.dev.apiKey, ...env },
		cwd: folder,
	});
	return { code, ...JSON.parse(stdout) };
}

/** The one hop that fails, which is the last that was looked at; and the exit code says so. */
async function failure(env: Env, ...words: readonly string[]): Promise<string> {
	const { code, ok, hops } = await diagnose(env, ...words);
	expect([code, ok]).toEqual([1, false]);
	expect(hops.filter(({ state }) => state === "failed")).toEqual([hops.at(-1)]);
	const { hop, detail, advice } = hops.at(-1) as Hop;
	expect(advice).toMatch(/\w/);
	return `${hop}: ${detail} → ${advice}`;
}

function listen(server: net.Server): Promise<number> {
	onTestFinished(() => void server.close());
	return listenOnLoopback(server);
}

/** Hands requests on to the network, its answers changed by `change`. */
function relay(change: (headers: http.OutgoingHttpHeaders) => void = () => {}) {
	return (request: http.IncomingMessage, response: http.ServerResponse) => {
		const { method = "GET", url = "/", headers } = request;
		const call = { host: "127.0.0.1", port: network.port, method, path: url, headers };
		const inner = http.request(call, (answer) => {
			const changed: http.OutgoingHttpHeaders = { ...answer.headers };
			change(changed);
			response.writeHead(answer.statusCode ?? 0, changed);
			answer.pipe(response);
		});
		request.pipe(inner);
	};
}

async function secureNetwork(certificate: Certificate): Promise<string> {
	const port = await listen(https.createServer({ ...certificate }, relay()));
	return `https://localhost:${port}`;
}

async function answering(listener: http.RequestListener): Promise<Env> {
	return { MINOOTS_URL: `http://127.0.0.1:${await listen(http.createServer(listener))}` };
}

it("[OPS-20] says of each hop what it found and how long it took, and exits with 0", async () => {
	const { code, ok, hops } = await diagnose({});
	expect([code, ok]).toEqual([0, true]);
	expect(hops.map(({ hop, state }) => `${hop} ${state}`)).toEqual([
		"address ok",
		"name skipped",
		"connection ok",
		"certificate skipped",
		"health ok",
		"storage ok",
		"key ok",
		"scopes ok",
		"quota ok",
		"clock ok",
		"version ok",
	]);
	for (const { ms } of hops) expect(ms).toBeGreaterThanOrEqual(0);
	const env = { MINOOTS_URL: network.url, MINOOTS_API_KEY: network.dev.apiKey };
	const { stdout } = await minoots(["doctor"], { env, cwd: folder });
	expect(stdout).toMatch(/^✓ address {2,}http:\/\/\S+ \(from MINOOTS_URL\)\n/);
	expect(stdout).toMatch(/\n✓ storage {2,}\/readyz: storage answers {2}\d+ ms\n/);
	expect(stdout).not.toContain(network.dev.apiKey);
});

it("[OPS-20] what fails is marked, with what to do below it, and nothing is said behind it", async () => {
	const env = { MINOOTS_URL: "http://127.0.0.1:9", MINOOTS_API_KEY: "k" };
	const { code, stdout } = await minoots(["doctor"], { env, cwd: folder });
	expect(code).toBe(1);
	const lines = stdout.trimEnd().split("\n");
	expect(lines.at(-2)).toMatch(
		/^✗ connection {3}nothing listens on 127\.0\.0\.1:9 \(ECONNREFUSED\) {2}\d+ ms$/,
	);
	expect(lines.at(-1)).toMatch(/^ {15}→ Start the network/);
});

it("[OPS-21] no network that is named, and an address that is none, are findings", async () => {
	const cwd = await createFolder();
	const { code, stdout } = await minoots(["doctor", "--json"], { cwd });
	expect(code).toBe(1);
	expect(JSON.parse(stdout)).toMatchObject({ ok: false, url: null, hops: [{ hop: "address" }] });
	expect(await failure({ MINOOTS_URL: "localhost:3000" })).toMatch(
		/^address: MINOOTS_URL: expected an address/,
	);
});

it("[OPS-21] a name that nobody knows", async () => {
	expect(await failure({ MINOOTS_URL: "https://minoots.invalid" })).toMatch(
		/^name: .*minoots\.invalid \(E\w+\) → /,
	);
});

it("[OPS-22] a port where nothing listens", async () => {
	expect(await failure({ MINOOTS_URL: "https://127.0.0.1:9" })).toMatch(
		/^connection: nothing listens on 127\.0\.0\.1:9 \(ECONNREFUSED\) → Start the network/,
	);
});

it("[OPS-23] a certificate that is signed by itself", async () => {
	const url = await secureNetwork(certificates.selfSigned);
	expect(await failure({ MINOOTS_URL: url })).toMatch(
		/^certificate: .* signed by itself \(DEPTH_ZERO_SELF_SIGNED_CERT\) → .*NODE_EXTRA_CA_CERTS=/,
	);
});

it("[OPS-23] a private authority, which NODE_EXTRA_CA_CERTS makes known", async () => {
	const MINOOTS_URL = await secureNetwork(certificates.good);
	expect(await failure({ MINOOTS_URL })).toMatch(
		/^certificate: .*Authority of a test.* \(UNABLE_TO_VERIFY_LEAF_SIGNATURE\) → .*NODE_EXTRA_CA_CERTS=/,
	);
	const known = { MINOOTS_URL, NODE_EXTRA_CA_CERTS: certificates.authority };
	const { code, hops } = await diagnose(known);
	expect(code).toBe(0);
	expect(hops.find(({ hop }) => hop === "certificate")?.detail).toMatch(/^TLSv1\.3, good by Auth/);
	expect(hops.find(({ hop }) => hop === "name")?.detail).toMatch(/^localhost is .*127\.0\.0\.1/);
});

it("[OPS-23] one that has expired, and one for another name", async () => {
	const NODE_EXTRA_CA_CERTS = certificates.authority;
	const expired = await secureNetwork(certificates.expired);
	expect(await failure({ MINOOTS_URL: expired, NODE_EXTRA_CA_CERTS })).toMatch(
		/^certificate: .* expired on .*\d{4} GMT \(CERT_HAS_EXPIRED\) → .*renew/,
	);
	const foreign = await secureNetwork(certificates.foreign);
	expect(await failure({ MINOOTS_URL: foreign, NODE_EXTRA_CA_CERTS })).toMatch(
		/^certificate: .*other\.example, not for localhost \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
	);
});

it("[OPS-23] what does not speak TLS at all", async () => {
	expect(await failure({ MINOOTS_URL: network.url.replace("http:", "https:") })).toMatch(
		/^certificate: .* does not speak TLS \(\w+\) → Is the address http:/,
	);
});

it("[OPS-24] through a proxy, as the environment names it", async () => {
	await using guarded = await startGuardedNetwork();
	const { code, hops } = await diagnose(guarded.env);
	expect([code, hops.find(({ state }) => state === "failed")]).toEqual([0, undefined]);
	const proxy = hops.find(({ hop }) => hop === "proxy");
	expect(proxy?.detail).toMatch(/^127\.0\.0\.1:\d+ connects to minoots\.test:\d+$/);
	expect(JSON.stringify(hops)).not.toContain("p%40ss");
	const { HTTPS_PROXY = "", ...rest } = guarded.env;
	const nameless = HTTPS_PROXY.replace(/\/\/.*@/, "//");
	expect(await failure({ ...rest, HTTPS_PROXY: nameless })).toMatch(
		/^proxy: .* wants a user and a password \(407\) → .*user:password@/,
	);
	expect(await failure({ ...rest, HTTPS_PROXY: "http://127.0.0.1:9" })).toMatch(
		/^connection: by way of the proxy 127\.0\.0\.1:9: nothing listens/,
	);
	expect(await failure({ ...rest, HTTPS_PROXY: "socks://x" })).toMatch(/^proxy: HTTPS_PROXY: exp/);
});

it("[OPS-24] a proxy that does not let through", async () => {
	const port = await listen(createProxy(http.createServer()));
	const HTTPS_PROXY = `http://127.0.0.1:${port}`;
	expect(await failure({ MINOOTS_URL: "https://minoots.invalid", HTTPS_PROXY })).toMatch(
		/^proxy: .* does not connect to minoots\.invalid:443 \(\d{3}\) → .*NO_PROXY/,
	);
});

it("[OPS-25] a server that takes its time, with how long it was given", async () => {
	const env = await answering(() => {});
	expect(await failure(env, "--timeout", "300ms")).toMatch(
		/^health: no answer to GET \/healthz within 300 ms → .*--timeout/,
	);
});

it("[OPS-25] something that is no network, one behind a redirect, one behind a broken gateway", async () => {
	const page = await answering((_request, response) => response.end("<title>Wi-Fi login</title>"));
	expect(await failure(page)).toMatch(/^health: .* not a Minoots network \(200: .*Wi-Fi login/);
	const moved = await answering((_request, response) => {
		response.writeHead(308, { location: "https://new.example/healthz" }).end();
	});
	expect(await failure(moved)).toMatch(/^health: .* redirects to https:\/\/new\.example/);
	const broken = await answering((_request, response) => response.writeHead(502).end());
	expect(await failure(broken)).toMatch(/^health: \/healthz answers 502/);
	const cut = await answering((request) => request.socket.destroy());
	expect(await failure(cut)).toMatch(/^health: no answer to GET \/healthz \(\w+\)/);
});

it("[OPS-25] a network whose storage does not answer", async () => {
	const problem = JSON.stringify({ code: "unavailable", detail: "No shard answers." });
	const env = await answering((request, response) => {
		if (request.url === "/readyz") response.writeHead(503).end(problem);
		else relay()(request, response);
	});
	expect(await failure(env)).toMatch(/^storage: \/readyz answers 503: No shard answers\. → /);
});

it("[OPS-26] a key that is missing, malformed, foreign or expired", async () => {
	expect(await failure({ MINOOTS_API_KEY: "" })).toMatch(/^key: no key is known → Set MINOOTS_API/);
	expect(await failure({ MINOOTS_API_KEY: "mnt_dev_short" })).toMatch(/^key: .* is malformed: /);
	expect(await failure({ MINOOTS_API_KEY: '"mnt_dev x"' })).toMatch(/^key: .*spaces/);
	const { apiKey } = network.dev;
	const other = apiKey.at(-1) === "0" ? "1" : "0";
	const wrong = apiKey.slice(0, -1) + other;
	const found = await failure({ MINOOTS_API_KEY: wrong });
	expect(found).toMatch(/^key: mnt_dev_\w{4}… \(from MINOOTS_API_KEY\) is foreign: /);
	expect(found).not.toContain(wrong);
	const soon = Date.now() + 1_500;
	const expiring = await createKey({
		name: "short",
		scopes: ["timer.read"],
		expiresAt: new Date(soon).toISOString(),
	});
	await expect
		.poll(() => failure({ MINOOTS_API_KEY: expiring }).catch(() => ""), { timeout: 20_000 })
		.toMatch(/^key: .* has expired: .* → Make a new one with `minoots keys create`/);
});

it("[OPS-26] a key that expires soon is a warning, and the operator's key is known for what it is", async () => {
	const expiresAt = new Date(Date.now() + 86_400_000).toISOString();
	const soon = await createKey({ name: "soon", scopes: ["timer.read"], expiresAt });
	const { code, hops } = await diagnose({ MINOOTS_API_KEY: soon });
	expect([code, hops.find(({ hop }) => hop === "key")?.state]).toEqual([0, "warning"]);
	const operator = await diagnose({ MINOOTS_API_KEY: network.dev.adminKey });
	expect(operator.code).toBe(0);
	expect(operator.hops.find(({ hop }) => hop === "key")?.detail).toMatch(/is the operator's$/);
});

it("[OPS-27] scopes are named, and those that are needed and missing fail", async () => {
	const key = await createKey({ name: "agent", scopes: ["agent.manage"], mailboxes: ["build-*"] });
	const env = { MINOOTS_API_KEY: key };
	const { code, hops } = await diagnose(env, "--need", "agent.pull");
	expect(code).toBe(0);
	expect(hops.find(({ hop }) => hop === "scopes")?.detail).toBe(
		"agent.manage, only mailboxes build-*",
	);
	expect(hops.find(({ hop }) => hop === "quota")?.state).toBe("skipped");
	expect(await failure(env, "--need", "agent.pull", "--need", "timer.write")).toMatch(
		/^scopes: timer\.write is missing; .* → .*--scope timer\.write/,
	);
});

it("[OPS-28] a quota that is used up fails, one that is nearly so is a warning", async () => {
	const created = await fetch(`${network.url}/v1/tenants`, {
		method: "POST",
		headers: { authorization: `Bearer ${network.dev.adminKey}` },
		body: JSON.stringify({ id: "small", plan: "free" }),
	});
	const { apiKey } = (await created.json()) as { apiKey: string };
	const fill = async (count: number) => {
		const timers = Array.from({ length: count }, () => ({ in: "1h" }));
		const headers = { authorization: `Bearer ${apiKey}` };
		const body = JSON.stringify({ timers });
		await fetch(`${network.url}/v1/timers/batch`, { method: "POST", headers, body });
	};
	const env = { MINOOTS_API_KEY: apiKey };
	await fill(95);
	const close = await diagnose(env);
	const quota = close.hops.find(({ hop }) => hop === "quota");
	expect([close.code, quota?.state, quota?.detail]).toEqual([
		0,
		"warning",
		"95 of 100 active timers on free",
	]);
	await fill(5);
	expect(await failure(env)).toMatch(
		/^quota: 100 of 100 active timers: none are left on the plan free → .*raise the plan/,
	);
});

it("[OPS-28] requests of a minute that are used up", async () => {
	const env = await answering((request, response) => {
		if (request.url?.startsWith("/v1/") !== true) return relay()(request, response);
		response.writeHead(429, { "retry-after": "17" }).end('{"code":"rate_limited"}');
	});
	expect(await failure(env)).toMatch(/^quota: the requests of this minute .* → Wait 17 s/);
});

it("[OPS-29] a clock that is far off the network's, whichever way", async () => {
	const shifted = (ms: number) =>
		answering(
			relay((headers) => {
				headers["date"] = new Date(Date.now() + ms).toUTCString();
			}),
		);
	expect(await failure(await shifted(3_600_000))).toMatch(
		/^clock: this machine's clock is at least 3\d{3}\S* s behind the network's → Set it/,
	);
	expect(await failure(await shifted(-3_600_000))).toMatch(/^clock: .* s ahead of the network's/);
	const { code } = await diagnose(await shifted(-1_500));
	expect(code).toBe(0);
});

it("[OPS-29] without a Date nothing is said of the clock, and another API is a warning", async () => {
	const env = await answering((request, response) => {
		response.sendDate = false;
		if (request.url !== "/openapi.json") {
			return relay((headers) => {
				delete headers["date"];
			})(request, response);
		}
		response.end('{"info":{"version":"2"}}');
	});
	const { code, hops } = await diagnose(env);
	expect(code).toBe(0);
	expect(hops.slice(-2).map(({ hop, state }) => `${hop} ${state}`)).toEqual([
		"clock skipped",
		"version warning",
	]);
});

it("[OPS-26] the key of a profile is named by it", async () => {
	const MINOOTS_CONFIG = join(folder, "config.json");
	const profiles = { ci: { url: network.url, apiKey: network.dev.apiKey } };
	await writeFile(MINOOTS_CONFIG, JSON.stringify({ current: "ci", profiles }));
	const env = { MINOOTS_CONFIG, MINOOTS_URL: "", MINOOTS_API_KEY: "" };
	const { code, hops } = await diagnose(env);
	expect(code).toBe(0);
	expect(hops.find(({ hop }) => hop === "key")?.detail).toContain('from profile "ci"');
});

async function createKey(input: object): Promise<string> {
	const response = await fetch(`${network.url}/v1/keys`, {
		method: "POST",
		headers: { authorization: `Bearer ${network.dev.apiKey}` },
		body: JSON.stringify(input),
	});
	const { apiKey } = (await response.json()) as { apiKey: string };
	return apiKey;
}
