/** Envelopes: whose turn it is, what is told to the shard and when, what is left to the lease. */
import { createExecutionContext } from "cloudflare:test";
import { expect, it, vi } from "vitest";
import type { Envelope } from "../../../src/contract/envelope.ts";
import { consumeEnvelopes } from "../../../src/queue/consume.ts";
import { sendEnvelope } from "../../../src/queue/send-envelope.ts";
import { Sender } from "../../../src/queue/sender.ts";
import { deliveriesOf, deliveryOf, envelopeOf, type Network, stage } from "./sending.ts";

/** A network that answers when it is told to. */
function heldBack() {
	const waiting: (() => void)[] = [];
	const network: Network = () =>
		new Promise((resolve) => waiting.push(() => resolve(new Response("ok"))));
	return { network, waiting };
}

function batchOf(...bodies: readonly Envelope[]) {
	const messages = bodies.map((body, index) => ({
		id: String(index),
		timestamp: new Date(),
		attempts: 1,
		body,
		ack: () => undefined,
		retry: () => undefined,
	}));
	return { queue: "minoots-medium", messages, ackAll: vi.fn() };
}

it("[SEND-1] every delivery is reported once, and the last report says so", async () => {
	const set = stage();
	const envelope = await envelopeOf(deliveriesOf(100));
	await sendEnvelope(envelope, set.env, set.ctx);
	expect(set.outcomes().map(({ timer }) => timer)).toEqual(envelope.deliveries.map((d) => d.timer));
	expect(set.outcomes().every((o) => o.kind === "attempted" && o.class === "delivered")).toBe(true);
	expect(set.reports.map(({ claim, last }) => [claim, last])).toEqual([[envelope.claim, true]]);
});

it("[SEND-2] outcomes that wait for a second are reported before the envelope ends", async () => {
	const { network, waiting } = heldBack();
	const set = stage({
		network: (sent, index) => (index < 2 ? new Response() : network(sent, index)),
	});
	const sending = sendEnvelope(await envelopeOf(deliveriesOf(3)), set.env, set.ctx);
	await vi.waitUntil(() => set.reports.length === 1, { timeout: 5_000 });
	expect(set.reports[0]).toMatchObject({ last: false, outcomes: [{ timer: 1 }, { timer: 2 }] });
	waiting[0]?.();
	await sending;
	expect(set.reports.map(({ outcomes, last }) => [outcomes.length, last])).toEqual([
		[2, false],
		[1, true],
	]);
});

it("[SEND-3] a report that the shard did not take is told again", async () => {
	let faults = 2;
	const set = stage({
		onReport: () => {
			if (faults-- > 0) throw new Error("the shard restarts");
		},
	});
	await sendEnvelope(await envelopeOf([deliveryOf()]), set.env, set.ctx);
	expect(set.reports).toMatchObject([{ last: true, outcomes: [{ class: "delivered" }] }]);
});

it("[SEND-3] a shard that stays away is left to find the envelope by its lease", async () => {
	let tries = 0;
	const set = stage({
		onReport: () => {
			tries++;
			throw new Error("gone");
		},
	});
	await sendEnvelope(await envelopeOf([deliveryOf()]), set.env, set.ctx);
	expect(tries).toBe(4);
});

it("[SEND-4] nothing starts that could not end, and be told, before the lease does", async () => {
	const set = stage();
	const leaseUntil = Date.now() + 7_000;
	const deliveries = [
		deliveryOf({ timeoutMs: 6_000 }, { timer: 1 }),
		deliveryOf({ timeoutMs: 1_000 }, { timer: 2 }),
	];
	await sendEnvelope(await envelopeOf(deliveries, { leaseUntil }), set.env, set.ctx);
	expect(set.sent).toHaveLength(1);
	expect(new Map(set.outcomes().map(({ timer, kind }) => [timer, kind]))).toEqual(
		new Map([
			[1, "not_started"],
			[2, "attempted"],
		]),
	);
});

it("[SEND-5] what has waited for its turn until it was too late is not started", async () => {
	const { network, waiting } = heldBack();
	const set = stage({ network, runtime: "edge" });
	const url = "https://93.184.216.34/";
	const leaseUntil = Date.now() + 2_400;
	const envelope = await envelopeOf(deliveriesOf(8, { url, timeoutMs: 100 }), { leaseUntil });
	const sending = sendEnvelope(envelope, set.env, set.ctx);
	await vi.waitUntil(() => waiting.length === 6);
	await vi.waitUntil(() => Date.now() > leaseUntil - 2_050);
	for (const answer of waiting) answer();
	await sending;
	expect(set.sent).toHaveLength(6);
	expect(set.outcomes().filter(({ kind }) => kind === "not_started")).toHaveLength(2);
	expect(set.reports.at(-1)?.last).toBe(true);
});

it("[SEND-6] deployed, an envelope has six requests open at once, and no more", async () => {
	const { network, waiting } = heldBack();
	const set = stage({ network, runtime: "edge" });
	const batch = batchOf(await envelopeOf(deliveriesOf(20, { url: "https://93.184.216.34/" })));
	const consumed = consumeEnvelopes(batch, set.env, neverHandedOver());
	for (let answered = 0; answered < 20; answered++) {
		await vi.waitUntil(() => waiting.length >= Math.min(20, answered + 6));
		expect(waiting.length).toBe(Math.min(20, answered + 6));
		waiting[answered]?.();
	}
	await consumed;
	expect(set.outcomes()).toHaveLength(20);
	expect(batch.ackAll).toHaveBeenCalledOnce();
});

it("[SEND-7] a failed delivery does not bring its message back", async () => {
	const set = stage({ network: () => new Response("", { status: 500 }), runtime: "edge" });
	const batch = batchOf(await envelopeOf(deliveriesOf(3, { url: "https://93.184.216.34/" })));
	await consumeEnvelopes(batch, set.env, neverHandedOver());
	expect(batch.ackAll).toHaveBeenCalledOnce();
	expect(set.outcomes()).toMatchObject(Array(3).fill({ class: "retryable" }));
});

it("[SEND-8] the local consumer hands the envelope over and is ready for the next", async () => {
	const set = stage();
	const deliver = vi.fn(async () => undefined);
	const batch = batchOf(await envelopeOf([deliveryOf()]));
	await consumeEnvelopes(batch, set.env, { ...set.ctx, exports: { Sender: { deliver } } });
	expect(deliver).toHaveBeenCalledExactlyOnceWith(batch.messages[0]?.body);
	expect(batch.ackAll).toHaveBeenCalledOnce();
	expect(set.sent).toEqual([]);
});

it("[SEND-8] the sender answers before its receivers do", async () => {
	const { network, waiting } = heldBack();
	const set = stage({ network });
	const ctx = createExecutionContext();
	await new Sender(ctx, set.env).deliver(await envelopeOf([deliveryOf()]));
	expect(set.reports).toEqual([]);
	await vi.waitUntil(() => waiting.length === 1);
	waiting[0]?.();
	await vi.waitUntil(() => set.reports.length > 0);
	expect(set.reports).toMatchObject([{ last: true }]);
});

it("[SEND-9] an envelope of another version is left to its lease", async () => {
	const set = stage({ runtime: "edge" });
	const foreign = { ...(await envelopeOf([deliveryOf()])), version: 1 } as unknown as Envelope;
	const batch = batchOf(foreign);
	await consumeEnvelopes(batch, set.env, neverHandedOver());
	expect(batch.ackAll).toHaveBeenCalledOnce();
	expect([...set.sent, ...set.reports]).toEqual([]);
});

it("[SEND-10] without its secrets nothing is sent, and nothing reported", async () => {
	const set = stage();
	const envelope = await envelopeOf([deliveryOf()]);
	await sendEnvelope({ ...envelope, tenant: "somebody-else" }, set.env, set.ctx);
	expect([...set.sent, ...set.reports]).toEqual([]);
});

it("[SEND-11] a delivery that cannot be made is a failed attempt, and its neighbours go out", async () => {
	const set = stage();
	const deliveries = [deliveryOf({}, { timer: 1, doc: "{" }), deliveryOf({}, { timer: 2 })];
	await sendEnvelope(await envelopeOf(deliveries), set.env, set.ctx);
	expect(
		new Map(set.outcomes().map((o) => [o.timer, o.kind === "attempted" && o.outcome])),
	).toEqual(
		new Map([
			[1, "connection_failed"],
			[2, "delivered"],
		]),
	);
});

function neverHandedOver() {
	const deliver = () => expect.fail("handed over");
	return { waitUntil: () => undefined, exports: { Sender: { deliver } } };
}
