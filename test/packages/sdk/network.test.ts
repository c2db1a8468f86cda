/** Every call of the SDK against a real network, a delivery that it sends, and its end under way. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { Minoots, type Timer, verifyWebhook } from "../../../packages/sdk/src/index.ts";
import { type NetworkProcess, startNetwork } from "../../helpers/network-process.ts";
import { type Receiver, startReceiver } from "../../helpers/receiver.ts";
import { rejection } from "./scripted-fetch.ts";

/** Routes that are not the SDK's: other protocols, documents, and the operator's figures. */
const NOT_OURS = /^GET \/v1\/events\/ws$|^GET \/(metrics|docs|openapi\.json)$| \/client\/v4\//;

let network: NetworkProcess;
let receiver: Receiver;
let minoots: Minoots;
let operator: Minoots;
const called = new Set<string>();

beforeAll(async () => {
	[network, receiver] = await Promise.all([startNetwork(), startReceiver()]);
	const { url } = network;
	const onRequest = (request: { readonly method: string; readonly url: string }) =>
		void called.add(`${request.method} ${new URL(request.url).pathname}`);
	minoots = new Minoots({ url, apiKey: network.dev.apiKey, onRequest });
	operator = new Minoots({ url, apiKey: network.dev.adminKey, onRequest });
});

afterAll(async () => {
	await Promise.all([network.stop(), receiver.close()]);
});

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
	const list: T[] = [];
	for await (const item of items) list.push(item);
	return list;
}

function webhook(path: string) {
	return { type: "webhook", url: receiver.url + path } as const;
}

const FAR = { in: "1d" } as const;
const HOURLY = { schedule: { every: "1h" } } as const;

test("[SDK-90] timers: from their creation to their end, one and many, as text and by filter", async () => {
	const { timers } = minoots;
	const created = await timers.create({ ...FAR, name: "sdk", labels: { team: "a b&c" } });
	const batch = await timers.createMany([FAR, { in: "nonsense" }]);
	expect(batch).toMatchObject({ created: 1, failed: 1 });
	expect(await timers.get(created.id)).toMatchObject({ name: "sdk", status: "scheduled" });
	expect((await all(timers.list({ limit: 1 }))).length).toBe(2);
	const query = { labels: { team: "a b&c" }, status: ["scheduled", "armed"] } as const;
	expect((await timers.page(query)).items.map(({ id }) => id)).toEqual([created.id]);
	const renamed = await timers.update(created.id, { name: null }, { ifMatch: created.etag });
	expect(renamed.name).toBeNull();
	const stale = timers.update(created.id, { name: "x" }, { ifMatch: created.etag });
	expect(await rejection(stale)).toMatchObject({ code: "precondition_failed", status: 412 });
	expect((await timers.pause(created.id, { note: "lunch" })).status).toBe("paused");
	expect((await timers.resume(created.id)).pauseNote).toBeNull();
	const later = await timers.snooze(created.id, { by: "1h" });
	expect(Date.parse(later.at ?? "")).toBeGreaterThan(Date.parse(created.at ?? ""));
	const exported = await timers.export({ labels: { team: "a b&c" } });
	const imported = await timers.import(exported, { format: "json", dryRun: true });
	expect(imported.results).toHaveLength(1);
	expect(await timers.import("0 9 * * * work", { format: "crontab", mailbox: "w" })).toMatchObject({
		created: 1,
	});
	expect(await timers.cancel(created.id, { reason: "over" })).toMatchObject({
		outcome: "cancelled",
		timer: { cancelReason: "over" },
	});
	expect(await timers.delete(created.id)).toHaveProperty("deleted.events");
	expect(await rejection(timers.get(created.id))).toMatchObject({ code: "not_found" });
	expect(await timers.bulk({ action: "cancel", filter: {} })).toMatchObject({ matched: 2 });
	expect(await timers.cleanup({ olderThan: "1h", dryRun: true })).toMatchObject({ dryRun: true });
	expect(await rejection(minoots.jobs.get(`job_${"0".repeat(24)}`))).toMatchObject({ status: 404 });
});

test("[SDK-90] recurring timers: previewed, run, replayed, filled in, acknowledged, with their history", async () => {
	const { timers, clock } = minoots;
	const { occurrences } = await timers.preview({ ...HOURLY, count: 3 });
	expect(occurrences).toHaveLength(3);
	const { id } = await timers.create(HOURLY);
	const { firing } = await timers.run(id);
	expect((await clock.move({ advance: "2h" })).reached).toBe(true);
	expect((await clock.get()).aheadMs).toBeGreaterThan(7_000_000);
	expect((await timers.replay(id, { firing })).replayOf).toBe(firing);
	const { now } = await clock.get();
	const from = new Date(Date.parse(now) - 7_200_000).toISOString();
	expect((await timers.backfill(id, { from, to: now })).firings).toBeGreaterThan(0);
	expect((await timers.acknowledge(id, { note: "seen" })).acknowledgeNote).toBe("seen");
	expect((await all(timers.firings(id, { limit: 2 }))).length).toBeGreaterThan(3);
	expect(await all(timers.deliveries(id))).toEqual([]);
	const types = (await all(timers.events(id))).map(({ type }) => type);
	expect(types).toContain("timer.created");
	await timers.delete(id);
});

test("[SDK-90] waiting: one poll at a time, and to the end with `waitFor`", async () => {
	const { id } = await minoots.timers.create({ in: "300ms" });
	expect((await minoots.timers.wait(id, { timeoutMs: 1 })).id).toBe(id);
	const told: Timer["status"][] = [];
	const settled = await minoots.waitFor(id, {
		everyMs: 100,
		onProgress: ({ status }) => void told.push(status),
	});
	expect(settled.status).toBe("settled");
	expect(told.at(-1)).toBe("settled");
});

test("[SDK-43] a webhook of the network is verified, and one that was changed is not", async () => {
	const timer = await minoots.timers.create({ in: "1ms", actions: [webhook("/hook")] });
	await minoots.waitFor(timer.id);
	const delivery = receiver.received.find(({ path }) => path === "/hook");
	if (delivery === undefined) throw new Error("nothing was delivered");
	const secret = network.dev.webhookSecret;
	type Fired = { readonly timer: { readonly id: string } };
	const fired = await verifyWebhook<Fired>(delivery.body, delivery.headers, secret);
	expect(fired.timer.id).toBe(timer.id);
	const changed = delivery.body.replace(timer.id, "tmr_0");
	const verdict = verifyWebhook(changed, delivery.headers, secret);
	expect(await rejection(verdict)).toMatchObject({ code: "wrong_signature" });
});

test("[SDK-90] dead letters: looked at, edited and sent again, one and all, removed", async () => {
	const { deadLetters, timers } = minoots;
	const input = { in: "1ms", actions: [webhook("/status/410"), webhook("/status/404")] } as const;
	const { id } = await timers.create({ ...input, actions: [...input.actions], name: "dead" });
	await minoots.waitFor(id);
	const [first, second] = await all(deadLetters.list({ name: "dead", limit: 1 }));
	if (first === undefined || second === undefined) throw new Error("nothing is dead");
	expect((await deadLetters.page({ host: "127.0.0.1" })).items.length).toBeGreaterThan(1);
	expect((await deadLetters.get(first.id)).history).toHaveLength(1);
	const patch = { url: `${receiver.url}/mended` };
	expect((await deadLetters.replay(first.id, { patch })).id).toBe(first.id);
	await minoots.waitFor(id);
	expect(receiver.received.some(({ path }) => path === "/mended")).toBe(true);
	expect(await deadLetters.delete(second.id)).toBeUndefined();
	expect(await deadLetters.replayAll({ filter: { name: "dead" } })).toMatchObject({ replayed: 0 });
});

test("[SDK-90] mailboxes: sent to, pulled from, settled, given up and put back", async () => {
	const { mailboxes } = minoots;
	const { id } = await mailboxes.send("hand", { body: { a: 1 }, maxAttempts: 1 });
	const { messages } = await mailboxes.pull("hand", { batchSize: 1, waitMs: 1_000 });
	const [{ leaseId } = { leaseId: "" }] = messages;
	expect(messages).toMatchObject([{ id, body: { a: 1 }, attempts: 1 }]);
	const extended = await mailboxes.extend("hand", { leases: [{ leaseId, byMs: 1_000 }] });
	expect(extended.leases[0]?.outcome).toBe("extended");
	const settled = await mailboxes.ack("hand", { retries: [{ leaseId, reason: "no" }] });
	expect(settled.retries[0]?.outcome).toBe("dead");
	expect((await mailboxes.get("hand")).dead).toBe(1);
	expect((await all(mailboxes.list())).map(({ name }) => name)).toContain("hand");
	expect((await mailboxes.page()).items.length).toBeGreaterThan(0);
	const { deadMessages } = mailboxes;
	expect((await all(deadMessages.list("hand"))).map((message) => message.id)).toEqual([id]);
	expect((await deadMessages.page("hand")).nextCursor).toBeNull();
	expect(await deadMessages.replay("hand", id)).toEqual({ id });
	expect(await rejection(deadMessages.delete("hand", id))).toMatchObject({ status: 404 });
	expect(await mailboxes.delete("hand")).toEqual({ deleted: { messages: 1 } });
});

test("[SDK-90] calendars, templates, keys, tenants, usage and what else there is", async () => {
	const dates = ["2026-12-25"];
	expect((await minoots.calendars.put("days off", { dates }).catch(() => null)) ?? null).toBeNull();
	expect((await minoots.calendars.put("off", { dates })).count).toBe(1);
	expect((await minoots.calendars.list()).map(({ name }) => name)).toEqual(["off"]);
	expect((await minoots.calendars.get("off")).dates).toEqual(dates);
	await minoots.calendars.delete("off");
	const context = { params: { name: "Ada" } };
	const preview = await minoots.templates.preview({ template: "Hi ${params.name}", context });
	expect(preview.value).toBe("Hi Ada");
	const key = await minoots.keys.create({ name: "reader", scopes: ["timer.read"] });
	const reader = new Minoots({ url: network.url, apiKey: key.apiKey });
	expect(await reader.keys.holder()).toMatchObject({ scopes: ["timer.read"] });
	expect(await minoots.keys.holder()).toBeDefined();
	expect(await rejection(reader.timers.create(FAR))).toMatchObject({ code: "forbidden" });
	expect((await minoots.keys.list()).map(({ id }) => id)).toContain(key.id);
	await minoots.keys.delete(key.id);
	expect(await minoots.webhookSecret.rotate()).toHaveProperty("webhookSecret");
	const policy = await minoots.oidcPolicies.put("ci", {
		repositories: ["acme/*"],
		scopes: ["timer.write"],
	});
	expect(await minoots.oidcPolicies.get("ci")).toEqual(policy);
	expect(await minoots.oidcPolicies.list()).toEqual([policy]);
	await minoots.oidcPolicies.delete("ci");
	const exchange = minoots.tokens.exchange({ tenantId: "dev", subjectToken: "no token" });
	expect(await rejection(exchange)).toMatchObject({ status: 401 });
	const tenant = await operator.tenants.create({ id: "sdk", plan: "pro" });
	expect(tenant).toHaveProperty("apiKey");
	expect((await operator.tenants.update("sdk", { name: "SDK" })).name).toBe("SDK");
	expect((await operator.tenants.get("sdk")).name).toBe("SDK");
	await operator.tenants.createKey("sdk", { name: "k", scopes: ["timer.read"] });
	expect((await operator.tenants.listKeys("sdk")).length).toBe(2);
	expect(await operator.tenants.rotateWebhookSecret("sdk")).toHaveProperty("webhookSecret");
	expect((await minoots.usage.get()).plan).toBe("enterprise");
	expect(await minoots.usage.lateness()).toHaveProperty("total.histograms");
	expect((await minoots.pricing()).plans).toHaveLength(3);
	expect(await minoots.health()).toEqual({ status: "ok" });
	expect(await minoots.ready()).toEqual({ status: "ok" });
	expect(await rejection(minoots.slack.connect())).toMatchObject({ code: "slack_not_configured" });
	expect(await minoots.slack.list()).toEqual([]);
	expect(await rejection(minoots.slack.disconnect("T0000"))).toMatchObject({ status: 404 });
	expect(await minoots.events.token()).toHaveProperty("token");
	expect(await minoots.events.publish({ topic: "sdk.said" })).toMatchObject({ topic: "sdk.said" });
});

test("[SDK-91] a stream and a consumer go on when the network is killed and comes back", async () => {
	const stop = new AbortController();
	const { signal } = stop;
	const heard = new Set<unknown>();
	const handled = new Set<number>();
	const isFollowed = Promise.withResolvers<void>();
	const isDone = Promise.withResolvers<void>();
	const look = () => {
		if (heard.has("before")) isFollowed.resolve();
		if (heard.has("after") && handled.size === 2) isDone.resolve();
	};
	const following = (async () => {
		for await (const { data } of minoots.events.stream({ topic: "event.published", signal })) {
			heard.add(data["topic"]);
			look();
		}
	})();
	const consuming = minoots.mailboxes.consume<{ n: number }>(
		"steady",
		({ body }) => {
			handled.add(body.n);
			look();
		},
		// What was leased to an answer that the kill has cut off comes again when its lease ends.
		{ signal, waitMs: 500, concurrency: 2, visibilityTimeoutMs: 2_000 },
	);
	// A stream begins where it is connected, which nothing tells of: so until it has heard something.
	const publishing = setInterval(() => {
		if (!heard.has("before")) void minoots.events.publish({ topic: "before" });
	}, 200);
	await isFollowed.promise;
	clearInterval(publishing);
	await minoots.mailboxes.send("steady", { body: { n: 1 } });
	await network.kill("SIGKILL", "both");
	network = await network.restart();
	await minoots.mailboxes.send("steady", { body: { n: 2 } });
	await minoots.events.publish({ topic: "after" });
	await isDone.promise;
	stop.abort();
	await Promise.all([following, consuming]);
	expect([...handled].toSorted()).toEqual([1, 2]);
	expect((await minoots.mailboxes.get("steady")).depth).toBe(0);
});

test("[SDK-92] every call that the network describes has been made by a method of the SDK", async () => {
	const document = await minoots.request("GET", "/openapi.json");
	const { paths } = document as { readonly paths: Record<string, Record<string, unknown>> };
	const described = Object.entries(paths).flatMap(([path, operations]) =>
		Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
	);
	const missing = described
		.filter((operation) => !NOT_OURS.test(operation))
		.filter((operation) => {
			const pattern = new RegExp(`^${operation.replaceAll(/\{\w+\}/g, "[^/]+")}$`);
			return ![...called].some((call) => pattern.test(call));
		});
	expect(missing).toEqual([]);
});
