/** What a receiver gets, and what its answer means. */
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { expect, it } from "vitest";
import type { Envelope, EnvelopeDelivery } from "../../../src/contract/envelope.ts";
import { payloadKey } from "../../../src/core/offload-bodies.ts";
import { sendEnvelope } from "../../../src/queue/send-envelope.ts";
import {
	deliveryOf,
	envelopeOf,
	HOOK,
	headersOf,
	type Network,
	SECRET,
	type Stage,
	stage,
} from "./sending.ts";

const OLD_SECRET = "whsec_b2xkLXNlY3JldC1vbGQtc2VjcmV0LW9sZA==";
const OLDER_SECRET = "whsec_b2xkZXItc2VjcmV0LW9sZGVyLXNlY3JldCE=";

async function send(
	delivery: EnvelopeDelivery,
	options: Parameters<typeof stage>[0] = {},
	overrides: Parameters<typeof envelopeOf>[1] = {},
): Promise<Stage & { readonly envelope: Envelope }> {
	const set = stage(options);
	const envelope = await envelopeOf([delivery], overrides);
	await sendEnvelope(envelope, set.env, set.ctx);
	return { ...set, envelope };
}

async function outcomeOf(network: Network, webhook: Parameters<typeof deliveryOf>[0] = {}) {
	const { outcomes } = await send(deliveryOf(webhook), { network });
	expect(outcomes()).toHaveLength(1);
	return outcomes()[0];
}

it("[HOOK-1] the official receiver accepts the webhook", async () => {
	const { sent } = await send(deliveryOf({ message: "wake up", data: { job: 7 } }));
	const [request] = sent;
	const payload = new Webhook(SECRET).verify(request?.body ?? "", headersOf(request));
	const headers = headersOf(request);
	expect(payload).toMatchObject({
		type: "timer.fired",
		event: "timer_expired",
		timestamp: "2026-11-21T00:00:00.000Z",
		timer: { id: expect.stringMatching(/^tmr_/), name: "backup" },
		message: "wake up",
		data: { job: 7, firing: { seq: 1 }, deliveryId: headers["webhook-id"] },
	});
	expect(request?.url).toBe(HOOK);
	expect(request?.init.method).toBe("POST");
	expect(headers).toEqual({
		"content-type": "application/json",
		"user-agent": "Minoots/1",
		"webhook-id": expect.stringMatching(/^dlv_/),
		"webhook-timestamp": expect.stringMatching(/^\d{10}$/),
		"webhook-signature": expect.stringMatching(/^v1,/),
		traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/),
		"x-minoots-attempt": "1",
	});
});

it("[HOOK-2] every secret that still signs does, and one that does not is not used", async () => {
	const { sent } = await send(deliveryOf(), undefined, {
		secrets: [
			[SECRET, null],
			[OLD_SECRET, Date.now() + 60_000],
			[OLDER_SECRET, Date.now() - 1],
		],
	});
	const headers = headersOf(sent[0]);
	expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
	for (const secret of [SECRET, OLD_SECRET]) {
		expect(() => new Webhook(secret).verify(sent[0]?.body ?? "", headers)).not.toThrow();
	}
	expect(() => new Webhook(OLDER_SECRET).verify(sent[0]?.body ?? "", headers)).toThrow();
});

it("[HOOK-3] id and body are the same at every attempt, the attempt's number is not", async () => {
	const set = stage();
	const envelope = await envelopeOf([deliveryOf()]);
	await sendEnvelope(envelope, set.env, set.ctx);
	const again = { ...envelope, claim: 78, deliveries: [deliveryOf({}, { attempt: 2 })] };
	await sendEnvelope(again, set.env, set.ctx);
	const [first, second] = set.sent;
	expect(second?.body).toBe(first?.body);
	expect(headersOf(second)["webhook-id"]).toBe(headersOf(first)["webhook-id"]);
	expect(headersOf(second)["x-minoots-attempt"]).toBe("2");
	expect(headersOf(second)["traceparent"]).not.toBe(headersOf(first)["traceparent"]);
});

it("[HOOK-5] the trace of the request that made the timer goes on under a new span", async () => {
	const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
	const { sent } = await send(deliveryOf({}, { inDoc: { traceparent } }));
	const [, traceId, spanId, flags] = headersOf(sent[0])["traceparent"]?.split("-") ?? [];
	expect([traceId, flags]).toEqual(["4bf92f3577b34da6a3ce929d0e0e4736", "01"]);
	expect(spanId).not.toBe("00f067aa0ba902b7");
});

it("[HOOK-6] a body that lies in R2 is sent and signed as its bytes", async () => {
	const set = stage();
	const body = JSON.stringify({ large: "ä".repeat(20_000) });
	const sha256 = "ab".repeat(32);
	const delivery = deliveryOf({ bodyRef: { sha256, bytes: body.length } });
	const envelope = await envelopeOf([delivery]);
	await env.PAYLOADS.put(payloadKey(envelope.tenant, sha256), body);
	await sendEnvelope(envelope, set.env, set.ctx);
	expect(set.sent[0]?.body).toBe(body);
	expect(() => new Webhook(SECRET).verify(body, headersOf(set.sent[0]))).not.toThrow();

	const missing = await send(delivery);
	expect(missing.sent).toEqual([]);
	expect(missing.outcomes()[0]).toMatchObject({ outcome: "connection_failed", class: "retryable" });
});

it("[HOOK-7] a replay sends what was edited, and the rest as it was", async () => {
	const delivery = deliveryOf(
		{ headers: { "x-kept": "yes" }, body: { old: true } },
		{ patch: { url: "https://other.example.com/", body: { edited: true } } },
	);
	const { sent } = await send(delivery);
	expect(sent[0]?.url).toBe("https://other.example.com/");
	expect(JSON.parse(sent[0]?.body ?? "")).toEqual({ edited: true });
	expect(headersOf(sent[0])["x-kept"]).toBe("yes");
});

it.each([
	[200, "delivered", "delivered"],
	[204, "delivered", "delivered"],
	[301, "http_error", "terminal"],
	[307, "http_error", "retryable"],
	[404, "http_error", "terminal"],
	[410, "http_error", "gone"],
	[429, "http_error", "retryable"],
	[503, "http_error", "retryable"],
])("[HOOK-8] status %i is %s and %s", async (status, outcome, result) => {
	const answered = await outcomeOf(() => new Response(null, { status }));
	expect(answered).toMatchObject({
		kind: "attempted",
		outcome,
		class: result,
		status,
		error: null,
	});
});

it("[HOOK-9] a redirect is asked not to be followed", async () => {
	const { sent } = await send(deliveryOf());
	expect(sent[0]?.init.redirect).toBe("manual");
});

it("[HOOK-10] a receiver that says nothing within the time-out has timed out", async () => {
	const answered = await outcomeOf(hangUntilAborted, { timeoutMs: 100 });
	expect(answered).toMatchObject({
		outcome: "timeout",
		class: "retryable",
		status: null,
		error: "no answer within 100 ms",
	});
	expect(answered?.kind === "attempted" && answered.durationMs).toBeGreaterThanOrEqual(99);
});

it("[HOOK-11] a failed connection is told without internals", async () => {
	for (const [thrown, error] of [
		["Network connection lost.", "the connection was refused, or lost before an answer came"],
		[
			"internal error; reference = abc",
			"no connection could be made: the name, the address or TLS failed",
		],
	]) {
		const answered = await outcomeOf(() => Promise.reject(new Error(thrown)));
		expect(answered).toMatchObject({ outcome: "connection_failed", class: "retryable", error });
	}
});

it.each([
	"http://hooks.example.com/",
	"https://10.0.0.1/",
	"https://127.0.0.1/",
	"https://metadata.google.internal/",
])("[HOOK-12] %s is refused at sending too, and nothing is sent", async (url) => {
	const { sent, outcomes } = await send(deliveryOf({ url }));
	expect(sent).toEqual([]);
	expect(outcomes()).toMatchObject([{ outcome: "destination_refused", class: "terminal" }]);
});

it("[HOOK-13] deployed, a name that leads inwards is refused, and remembered for a while", async () => {
	const resolver: Network = ({ url }) =>
		Response.json({ Status: 0, Answer: [record(url, "10.0.0.1", "fd00::1")] });
	const delivery = deliveryOf({ url: "https://inwards.example.com/" });
	const first = await send(delivery, { network: resolver, runtime: "edge" });
	expect(first.outcomes()).toMatchObject([{ outcome: "destination_refused", class: "terminal" }]);
	expect(first.sent.map(({ url }) => new URL(url).host)).toEqual(
		Array(2).fill("cloudflare-dns.com"),
	);

	const second = await send(delivery, { network: resolver, runtime: "edge" });
	expect(second.outcomes()).toMatchObject([{ outcome: "destination_refused" }]);
	expect(second.sent).toEqual([]);
});

it("[HOOK-13] deployed, a public name is looked up once and sent to", async () => {
	const network: Network = ({ url }) =>
		url.startsWith("https://cloudflare-dns.com/")
			? Response.json({ Status: 0, Answer: [record(url, "93.184.216.34", "2606:2800:220:1::1")] })
			: new Response("ok");
	const delivery = deliveryOf({ url: "https://outwards.example.com/" });
	const first = await send(delivery, { network, runtime: "edge" });
	expect(first.outcomes()).toMatchObject([{ outcome: "delivered" }]);
	const second = await send(delivery, { network, runtime: "edge" });
	expect(second.sent.map(({ url }) => url)).toEqual(["https://outwards.example.com/"]);
});

it("[HOOK-14] deployed, a resolver that fails is no refusal, and is asked again", async () => {
	const delivery = deliveryOf({ url: "https://unresolved.example.com/" });
	for (const _ of [1, 2]) {
		const network = () => new Response(null, { status: 500 });
		const { sent, outcomes } = await send(delivery, { network, runtime: "edge" });
		expect(outcomes()).toMatchObject([{ outcome: "connection_failed", class: "retryable" }]);
		expect(sent).toHaveLength(2);
	}
});

it("[HOOK-15] Retry-After is passed on with a failure, not with a success", async () => {
	const headers = { "retry-after": "7" };
	expect(await outcomeOf(() => new Response("", { status: 503, headers }))).toMatchObject({
		retryAfterMs: 7_000,
	});
	expect(await outcomeOf(() => new Response("", { headers }))).toMatchObject({
		retryAfterMs: null,
	});
});

it("[HOOK-16] an answer without end is cut off, and its status stands", async () => {
	const chunk = new Uint8Array(4_096).fill(97);
	let pulled = 0;
	let isCancelled = false;
	const body = new ReadableStream<Uint8Array>({
		pull: (controller) => {
			pulled++;
			controller.enqueue(chunk);
		},
		cancel: () => {
			isCancelled = true;
		},
	});
	const answered = await outcomeOf(() => new Response(body));
	expect(answered).toMatchObject({ class: "delivered", status: 200, excerpt: "a".repeat(1_024) });
	expect(isCancelled).toBe(true);
	expect(pulled).toBeLessThan(20); // 64 KiB are 16 chunks.
});

it("[HOOK-16] a body that breaks off leaves what had come of it", async () => {
	const body = new ReadableStream<Uint8Array>({
		start: (controller) => controller.enqueue(new TextEncoder().encode("half")),
		pull: (controller) => controller.error(new Error("gone")),
	});
	expect(await outcomeOf(() => new Response(body))).toMatchObject({
		class: "delivered",
		excerpt: "half",
	});
});

it.each([
	["", null],
	["plain", "plain"],
	["tab\tand\nline\r\u0000\u001b[31m\u202Ered", "tab\tand\nline[31mred"],
	["ä".repeat(1_000), "ä".repeat(512)],
	[`${"a".repeat(1_023)}ä`, "a".repeat(1_023)],
])("[HOOK-17] of an answer %j the excerpt is %j", async (text, excerpt) => {
	const length = String(new TextEncoder().encode(text).length);
	for (const headers of [{ "content-length": length }, {}]) {
		expect(await outcomeOf(() => new Response(text, { headers }))).toMatchObject({ excerpt });
	}
});

const hangUntilAborted: Network = ({ init }) =>
	new Promise((_, reject) => {
		init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
	});

function record(question: string, v4: string, v6: string) {
	const isV4 = new URL(question).searchParams.get("type") === "A";
	return isV4 ? { type: 1, data: v4 } : { type: 28, data: v6 };
}
