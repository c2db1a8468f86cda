/** The built SDK in a page of another origin than the network's, in a real browser. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Browser } from "puppeteer-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startBrowser } from "../../../helpers/browser.ts";
import { type NetworkProcess, startNetwork } from "../../../helpers/network-process.ts";
import { type Receiver, startReceiver } from "../../../helpers/receiver.ts";
import { ROOT } from "../installed.ts";
import { type Site, startSite } from "./sites.ts";

let browser: Browser;
let network: NetworkProcess;
let receiver: Receiver;
let named: Site;
let unnamed: Site;

beforeAll(async () => {
	execFileSync(process.execPath, [join(ROOT, "scripts/build-packages.ts"), "sdk"]);
	[browser, receiver, named, unnamed] = await Promise.all([
		startBrowser(),
		startReceiver(),
		startSite("localhost"),
		startSite("localhost"),
	]);
	const CORS_ORIGINS = `https://app.example, ${named.origin}`;
	network = await startNetwork({ env: { CORS_ORIGINS } });
});

afterAll(async () => {
	const sites = [named, unnamed].map((site) => site[Symbol.asyncDispose]());
	await Promise.all([browser.close(), network.stop(), receiver.close(), ...sites]);
});

/** Runs a program in a page of `site`; answers what it returns, and what the browser's console says. */
async function run(site: Site, program: string, given: object = {}) {
	const page = await browser.newPage();
	onTestFinished(() => page.close());
	const complaints: string[] = [];
	page.on("console", (message) => complaints.push(message.text()));
	page.on("pageerror", (error) => complaints.push(String(error)));
	await page.goto(site.origin);
	const { url, dev } = network;
	const all = { url, apiKey: dev.apiKey, secret: dev.webhookSecret, ...given };
	const returned: unknown = await page.evaluate(`(async () => {
		const { Minoots, verifyWebhook } = await import("/sdk.js");
		const { url, apiKey, secret, ...given } = ${JSON.stringify(all)};
		${program}
	})()`);
	return { returned, complaints };
}

test("[SDKRUN-1] a page makes timers, waits, lists, changes and deletes, and reads what headers say", async () => {
	const { returned, complaints } = await run(
		named,
		`const statuses = [];
		const minoots = new Minoots({
			url, apiKey,
			fetch: window.fetch,
			headers: { "x-request-id": "from-a-page", baggage: "a=1", tracestate: "a=1" },
			traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
			onResponse: ({ method, status, requestId }) => statuses.push([method, status, requestId]),
		});
		const { timers, calendars } = minoots;
		const soon = await timers.create({ in: "50ms", labels: { of: "a page" } }, { idempotencyKey: "once" });
		const ended = await minoots.waitFor(soon.id);
		const again = await timers.create({ in: "50ms", labels: { of: "a page" } }, { idempotencyKey: "once" });
		const listed = [];
		for await (const { id } of timers.list({ labels: { of: "a page" }, limit: 1 })) listed.push(id);
		const far = await timers.create({ in: "1d" });
		await timers.update(far.id, { name: "changed" }, { ifMatch: far.etag });
		const stale = await timers.update(far.id, { name: "x" }, { ifMatch: far.etag }).catch((e) => e);
		await calendars.put("off", { dates: ["2030-01-01"] });
		const text = await timers.export();
		await timers.delete(far.id);
		const raw = await fetch(url + "/v1/timers/" + soon.id, { headers: { authorization: "Bearer " + apiKey } });
		return {
			status: ended.status, replayed: again.id === soon.id, listed: listed.length,
			stale: [stale.name, stale.code, stale.status, stale.requestId],
			methods: [...new Set(statuses.map(([method]) => method))].sort(),
			ids: [...new Set(statuses.map(([, , id]) => id))],
			exported: text.includes(far.id),
			readable: ["etag", "date"].filter((name) => raw.headers.get(name) !== null),
		};`,
	);
	expect(returned).toEqual({
		status: "settled",
		replayed: true,
		listed: 1,
		stale: ["MinootsError", "precondition_failed", 412, "from-a-page"],
		methods: ["DELETE", "GET", "PATCH", "POST", "PUT"],
		ids: ["from-a-page"],
		exported: true,
		readable: ["etag", "date"],
	});
	// The one that the browser writes for any answer of 400 and up.
	expect(complaints).toEqual([expect.stringContaining("status of 412")]);
});

test("[SDKRUN-2] a page follows events, leaves, and comes back behind the last one it saw", async () => {
	const { returned, complaints } = await run(
		named,
		`const minoots = new Minoots({ url, apiKey });
		const opened = Promise.withResolvers();
		const stop = new AbortController();
		const stream = minoots.events.stream({
			types: ["timer.created", "timer.settled"], onOpen: opened.resolve, signal: stop.signal,
		});
		const first = stream.next();
		await opened.promise;
		const { id } = await minoots.timers.create({ in: "1ms" });
		const { value: created } = await first;
		stop.abort();
		const left = await stream.next();
		await minoots.waitFor(id);
		const seen = [];
		for await (const event of minoots.events.stream({ timer: id, after: created.cursor })) {
			seen.push(event.type);
			if (event.type === "timer.settled") break;
		}
		return [created.subject === id, created.type, left.done, seen];`,
	);
	const seen = ["timer.fired", "timer.settled"];
	expect(returned).toEqual([true, "timer.created", true, seen]);
	expect(complaints).toEqual([]);
});

test("[SDKRUN-1] a page works off a mailbox and verifies a webhook", async () => {
	const { returned, complaints } = await run(
		named,
		`const minoots = new Minoots({ url, apiKey });
		const { id } = await minoots.timers.create({ in: "1ms", actions: [{ type: "webhook", url: given.hook }] });
		await minoots.waitFor(id);
		await minoots.mailboxes.send("page", { body: { n: 1 } });
		const stop = new AbortController();
		const bodies = [];
		await minoots.mailboxes.consume("page", ({ body }) => {
			bodies.push(body);
			stop.abort();
		}, { signal: stop.signal });
		return bodies;`,
		{ hook: `${receiver.url}/hook` },
	);
	expect(returned).toEqual([{ n: 1 }]);
	const [delivery] = await receiver.waitFor(1);
	const verified = await run(
		named,
		`const { body, headers } = given.delivery;
		const fired = await verifyWebhook(body, headers, secret);
		const changed = await verifyWebhook(body + " ", headers, secret).catch((e) => e);
		return [fired.type, changed.code];`,
		{ delivery },
	);
	expect(verified.returned).toEqual(["timer.fired", "wrong_signature"]);
	expect([...complaints, ...verified.complaints]).toEqual([]);
});

test("[SDKRUN-3] a page of an origin that is not named changes nothing, and is told why", async () => {
	const { returned } = await run(
		unnamed,
		`const minoots = new Minoots({ url, apiKey, retry: { attempts: 1 } });
		const failed = (error) => [error.code, error.message];
		return [
			await minoots.timers.create({ in: "1d", labels: { of: "nobody" } }).catch(failed),
			await minoots.events.stream().next().catch(failed),
		];`,
	);
	const why = expect.stringContaining(
		`no answer from ${network.url}, whose CORS_ORIGINS must name ${unnamed.origin}: `,
	);
	expect(returned).toEqual([
		["connection_failed", why],
		["connection_failed", why],
	]);
	const url = `${network.url}/v1/timers?label=of:nobody`;
	const headers = { authorization: `Bearer ${network.dev.apiKey}` };
	const listed = await fetch(url, { headers });
	expect(await listed.json()).toMatchObject({ items: [] });
});
