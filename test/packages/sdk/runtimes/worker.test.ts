/** The built SDK in a Worker without anything of Node's, which the network's webhooks reach. */
import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Minoots } from "../../../../packages/sdk/src/index.ts";
import { type NetworkProcess, startNetwork } from "../../../helpers/network-process.ts";
import { findFreePort } from "../../../helpers/spawned-network.ts";
import { type Installed, install, ROOT } from "../installed.ts";

/** One client for all requests, made where Workers allow neither I/O nor random numbers. */
const WORKER = `
	import { env } from "cloudflare:workers";
	import { Minoots, verifyWebhook } from "@minoots/sdk";

	const minoots = new Minoots({ url: env.url, apiKey: env.apiKey, fetch });

	const paths = {
		async "/create"() {
			const actions = [{ type: "webhook", url: env.self + "/hook" }];
			const { id } = await minoots.timers.create({ in: "1ms", actions });
			return Response.json({ id, node: [typeof process, typeof Buffer] });
		},
		async "/hook"(request) {
			const refused = (error) => new Response(error.code, { status: 400 });
			const fired = await verifyWebhook(await request.text(), request.headers, env.secret).catch(refused);
			if (fired instanceof Response) return fired;
			await minoots.mailboxes.send("fired", { body: { id: fired.timer.id } });
			return new Response(null, { status: 204 });
		},
		"/work"(request, context) {
			const stop = new AbortController();
			context.waitUntil(minoots.mailboxes.consume("fired", async ({ body }) => {
				stop.abort();
				await minoots.mailboxes.send("worked", { body });
			}, { signal: stop.signal, drainMs: 10_000 }));
			return new Response(null, { status: 202 });
		},
		async "/unreachable"() {
			const away = new Minoots({ url: "http://127.0.0.1:9", retry: { attempts: 1 } });
			const error = await away.health({ signal: AbortSignal.timeout(5_000) }).catch((e) => e);
			return Response.json([error.code, error.message]);
		},
	};

	export default {
		fetch(request, _, context) {
			return paths[new URL(request.url).pathname](request, context);
		},
	};`;

let installed: Installed;
let network: NetworkProcess;
let worker: Miniflare;
let self: string;

beforeAll(async () => {
	installed = install();
	network = await startNetwork();
	const { outputFiles } = await build({
		entryPoints: [installed.write("worker.js", WORKER)],
		bundle: true,
		write: false,
		format: "esm",
		external: ["cloudflare:workers"],
		conditions: ["workerd", "worker", "browser"],
	});
	const port = await findFreePort();
	self = `http://127.0.0.1:${port}`;
	const { url, apiKey, webhookSecret: secret } = network.dev;
	worker = new Miniflare(
		convertV4MiniflareOptions({
			modules: true,
			port,
			script: outputFiles[0]?.text ?? "",
			compatibilityDate: "2026-01-01",
			bindings: { url, apiKey, secret, self },
		}),
	);
	await worker.ready;
});

afterAll(async () => {
	installed[Symbol.dispose]();
	await Promise.all([worker.dispose(), network.stop()]);
});

test("[SDKRUN-4] a Worker makes a timer, trusts its webhook, and works off a mailbox behind its answer", async () => {
	const created = await fetch(`${self}/create`);
	const { id, node } = (await created.json()) as { readonly id: string; readonly node: unknown };
	expect(node).toEqual(["undefined", "undefined"]);
	const minoots = new Minoots({ url: network.url, apiKey: network.dev.apiKey });
	expect((await minoots.waitFor(id)).status).toBe("settled");
	expect((await fetch(`${self}/work`)).status).toBe(202);
	const stop = new AbortController();
	const worked: unknown[] = [];
	await minoots.mailboxes.consume(
		"worked",
		({ body }) => {
			worked.push(body);
			stop.abort();
		},
		{ signal: stop.signal },
	);
	expect(worked).toEqual([{ id }]);
});

test("[SDKRUN-4] a Worker refuses a webhook of anybody else", async () => {
	const at = String(Math.floor(Date.now() / 1_000));
	const headers = {
		"webhook-id": "msg_1",
		"webhook-timestamp": at,
		"webhook-signature": "v1,AAAA",
	};
	const refused = await fetch(`${self}/hook`, { method: "POST", headers, body: "{}" });
	expect([refused.status, await refused.text()]).toEqual([400, "wrong_signature"]);
});

test("[SDKRUN-4] a Worker is told that the network is away, and nothing of pages", async () => {
	const told = await (await fetch(`${self}/unreachable`)).json();
	const message = expect.stringMatching(/^GET \/healthz: no answer from http:\/\/127\.0\.0\.1:9: /);
	expect(told).toEqual(["connection_failed", message]);
});

test("[SDKRUN-4] a Worker's own types and those of the SDK go together", () => {
	installed.write(
		"typed.ts",
		`import { Minoots, verifyWebhook } from "@minoots/sdk";
		type Env = { readonly URL: string; readonly SECRET: string; readonly NETWORK: Fetcher };
		export default {
			async fetch(request, env, context): Promise<Response> {
				const { headers, signal } = request;
				const minoots = new Minoots({ url: env.URL, fetch, headers, log: console });
				const bound = new Minoots({ url: env.URL, fetch: (input, init) => env.NETWORK.fetch(input, init) });
				const fired = await verifyWebhook(await request.arrayBuffer(), headers, env.SECRET);
				context.waitUntil(bound.mailboxes.consume("m", () => fired, { signal }));
				for await (const event of minoots.events.stream({ signal })) return Response.json(event);
				return Response.json(await minoots.timers.create({ in: "1h" }, { signal }));
			},
		} satisfies ExportedHandler<Env>;`,
	);
	const types = [join(ROOT, "node_modules/@cloudflare/workers-types")];
	const options = { lib: ["es2022"], types, target: "es2022", module: "preserve" };
	expect(installed.check(options, "typed.ts")).toBe("");
});
