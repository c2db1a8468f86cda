import { describe, expect, it } from "vitest";
import { ENVELOPE_BYTES, LEASE_MAX_MS, leaseMs } from "../../src/core/lease.ts";
import { START, setClock, standStill } from "./clock.ts";
import { DUE } from "./firing.ts";
import { newShard, only, timerOf, webhooks } from "./harness.ts";
import { timersOf, timersWith } from "./reading.ts";

standStill();

/** What a queue takes as one message, and as one batch (Cloudflare Queues, limits). */
const QUEUE_MESSAGE_BYTES = 128_000;
const QUEUE_BATCH_BYTES = 256_000;

function bytesOf(value: unknown): number {
	return new TextEncoder().encode(JSON.stringify(value)).length;
}

describe("envelopes", () => {
	it("[CLAIM-10] are leased for what their deliveries may take, and cut rather than pass the longest lease", async () => {
		const shard = newShard();
		const slow = [{ type: "webhook", url: "https://example.com/", timeoutMs: 60_000 }] as const;
		await shard.createMany(100, timerOf(DUE, { actions: slow }));
		const envelopes = await shard.advance(DUE);
		expect(envelopes.map((one) => one.deliveries.length)).toEqual([78, 22]);
		for (const { leaseUntil, claimedAt, deliveries } of envelopes) {
			expect(leaseUntil - claimedAt).toBe(leaseMs(deliveries.length, 60_000));
			expect(leaseUntil - claimedAt).toBeLessThanOrEqual(LEASE_MAX_MS);
		}
	});

	it.each([
		["ASCII", "x"],
		["three bytes a character", "語"],
		["escaped in JSON", '"'],
	])("[CLAIM-11] stay within a queue's message: %s", async (_, character) => {
		const shard = newShard();
		const doc = webhooks(1, { metadata: { note: character.repeat(500) } });
		await shard.createMany(300, timerOf(DUE, doc));
		const envelopes = await shard.advance(DUE);
		expect(timersOf(envelopes)).toHaveLength(300);
		for (const envelope of envelopes) expect(bytesOf(envelope)).toBeLessThan(ENVELOPE_BYTES * 1.1);
		for (const batch of shard.lab.batches) {
			expect(bytesOf(batch)).toBeLessThan(QUEUE_BATCH_BYTES);
			expect(batch.length).toBeLessThanOrEqual(100);
		}
	});

	it("[CLAIM-11] that no queue can carry go straight to a sender", async () => {
		const shard = newShard();
		const slow = [{ type: "webhook", url: "https://example.com/", timeoutMs: 60_000 }] as const;
		const metadata = { note: "x".repeat(200_000) };
		await shard.create(timerOf(DUE, { actions: slow, metadata }));
		const envelope = only(await shard.advance(DUE));
		expect(bytesOf(envelope)).toBeGreaterThan(QUEUE_MESSAGE_BYTES);
		expect(shard.lab.sent).toMatchObject([{ road: "direct" }]);
	});

	it("[CLAIM-12] go straight to a sender when they are few and short, else through the queue", async () => {
		const roadsOf = async (runtime: "edge" | "local", count: number, timeoutMs: number) => {
			setClock(START);
			const shard = newShard();
			shard.lab.runtime = runtime;
			const actions = [{ type: "webhook", url: "https://example.com/", timeoutMs }] as const;
			await shard.createMany(count, timerOf(DUE, { actions }));
			await shard.advance(DUE);
			return shard.lab.sent.map(({ road, envelope }) => [road, envelope.deliveries.length]);
		};
		expect(await roadsOf("edge", 6, 20_000)).toEqual([["direct", 6]]);
		expect(await roadsOf("edge", 7, 20_000)).toEqual([["queue", 7]]);
		expect(await roadsOf("edge", 1, 20_001)).toEqual([["queue", 1]]);
		expect(await roadsOf("local", 250, 20_000)).toEqual([
			["direct", 100],
			["direct", 100],
			["queue", 50],
		]);
	});

	it.each(["queue", "direct"] as const)(
		"[CLAIM-13] that a %s refuses are due again after a pause, and burn no attempt",
		async (road) => {
			const shard = newShard();
			shard.lab.refuses = (asked) => asked === road;
			await shard.createMany(road === "queue" ? 500 : 3, timerOf(DUE));
			const { transactions, rowsWritten } = shard.lab;
			await shard.advance(DUE + 20_000);
			expect(shard.lab.sent).toEqual([]);
			expect(await shard.claims()).toEqual([]);
			// A queue that is down for 20 s must not keep the shard busy all that time.
			expect(shard.lab.transactions - transactions).toBeLessThan(200);
			expect(shard.lab.rowsWritten - rowsWritten).toBeLessThan(3_000);
			shard.lab.refuses = () => false;
			const envelopes = await shard.advance(DUE + 30_000);
			for (const { deliveries } of envelopes) {
				for (const delivery of deliveries) expect(delivery.attempt).toBe(1);
			}
			expect(timersOf(envelopes)).toHaveLength(road === "queue" ? 500 : 3);
			for (const envelope of envelopes) await shard.report(envelope);
			const fired = await timersWith(shard, "timer.fired");
			expect(fired.length).toBe(new Set(fired).size);
		},
	);
});
