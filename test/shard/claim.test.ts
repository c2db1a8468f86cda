import { describe, expect, it } from "vitest";
import { LANE_ENVELOPES } from "../../durable-objects/tenant-shard/constants.ts";
import type { Envelope } from "../../src/contract/envelope.ts";
import { EVENT_TYPES } from "../../src/contract/event.ts";
import { ENVELOPE_BYTES, LEASE_MAX_MS, leaseMs } from "../../src/core/lease.ts";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { START, setClock, standStill } from "./clock.ts";
import { newShard, only, type ShardDriver, timerOf, WEBHOOK, webhooks } from "./harness.ts";

standStill();

const DUE = START + 60_000;
const [HIGH_ENVELOPES, MEDIUM_ENVELOPES, LOW_ENVELOPES] = LANE_ENVELOPES;
/** What a queue takes as one message, and as one batch (Cloudflare Queues, limits). */
const QUEUE_MESSAGE_BYTES = 128_000;
const QUEUE_BATCH_BYTES = 256_000;

function timersOf(envelopes: readonly Envelope[]): number[] {
	return envelopes.flatMap((envelope) => envelope.deliveries.map(({ timer }) => timer));
}

function bytesOf(value: unknown): number {
	return new TextEncoder().encode(JSON.stringify(value)).length;
}

function withPriority(priority: number, doc: TimerDoc = WEBHOOK): TimerDoc {
	return { ...doc, priority };
}

/** How often each timer has an event of this type, over all chunks. */
function recorded(shard: ShardDriver, type: (typeof EVENT_TYPES)[number]): Promise<number[]> {
	const code = EVENT_TYPES.indexOf(type);
	return shard.inside((storage) =>
		storage.sql
			.exec<{ body: string }>("SELECT body FROM event_chunk ORDER BY seq")
			.toArray()
			.flatMap(({ body }) => JSON.parse(body) as ([number, number] | null)[])
			.flatMap((stored) => (stored?.[0] === code ? [stored[1]] : [])),
	);
}

/** Reports every envelope as delivered, oldest first, until no more come; answers all of them. */
async function drain(shard: ShardDriver, most: number): Promise<Envelope[]> {
	const done: Envelope[] = [];
	const waiting = await shard.advance(DUE);
	for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
		expect((await shard.claims()).length).toBeLessThanOrEqual(most);
		await shard.report(next);
		done.push(next);
		waiting.push(...(await shard.advance(DUE)));
	}
	return done;
}

describe("a storm", () => {
	it.each([
		[1, HIGH_ENVELOPES],
		[5, MEDIUM_ENVELOPES],
		[9, LOW_ENVELOPES],
	])(
		"[CLAIM-1] of 10,000 of priority %d has at most %d envelopes outstanding, and claims each once",
		async (priority, most) => {
			const shard = newShard();
			await shard.createMany(10_000, timerOf(DUE, withPriority(priority)));
			const envelopes = await drain(shard, most);
			expect(timersOf(envelopes).toSorted((a, b) => a - b)).toEqual(
				Array.from({ length: 10_000 }, (_, index) => index + 1),
			);
			expect(await shard.stub().usage()).toMatchObject({ active: 0 });
			expect(await shard.claims()).toEqual([]);
		},
	);

	it("[CLAIM-2] fires what found no room only when it is claimed", async () => {
		const shard = newShard();
		// 42 of these fill an envelope, so that the slices do not fit the room evenly.
		const doc = { ...webhooks(1, { metadata: { note: "x".repeat(1_300) } }), priority: 9 };
		await shard.createMany(2_000, timerOf(DUE, doc));
		const first = await shard.advance(DUE);
		expect(await shard.claims()).toHaveLength(LOW_ENVELOPES);
		expect(await recorded(shard, "timer.fired")).toHaveLength(timersOf(first).length);
		for (const envelope of first) await shard.report(envelope);
		const rest = shard.take();
		for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
			await shard.report(next);
			rest.push(...shard.take());
		}
		const fired = await recorded(shard, "timer.fired");
		expect(fired).toHaveLength(2_000);
		expect(new Set(fired).size).toBe(2_000);
	});

	it("[CLAIM-3] of low ones leaves room: a new high one is claimed at once", async () => {
		const shard = newShard();
		await shard.createMany(10_000, timerOf(DUE, withPriority(9)));
		await shard.createMany(10_000, timerOf(DUE, withPriority(5)));
		await shard.advance(DUE);
		expect(await shard.claims()).toHaveLength(MEDIUM_ENVELOPES);
		const { seq } = await shard.create(timerOf(DUE + 10, withPriority(1)));
		const envelope = only(await shard.advance(DUE + 10));
		expect(envelope).toMatchObject({ priority: "high", deliveries: [{ timer: seq }] });
		const late = await shard.create(timerOf(DUE + 10, withPriority(1)));
		expect(timersOf(await shard.advance(DUE + 11))).toEqual([late.seq]);
	});

	it("[CLAIM-3] is claimed by urgency", async () => {
		const shard = newShard();
		for (const priority of [9, 5, 1]) {
			await shard.createMany(300, timerOf(DUE, withPriority(priority)));
		}
		const envelopes = await shard.advance(DUE);
		expect(envelopes[0]?.priority).toBe("high");
		expect(timersOf(envelopes)).toHaveLength(900);
	});

	it("[CLAIM-4] goes on after an eviction, and claims nothing twice", async () => {
		const shard = newShard();
		await shard.createMany(5_000, timerOf(DUE, withPriority(9)));
		const first = await shard.advance(DUE);
		await shard.evict();
		// The open claims are remembered, and so is that there is no room.
		expect(await shard.advance(DUE + 10)).toEqual([]);
		for (const envelope of first) {
			await shard.report(envelope);
			await shard.evict();
		}
		const rest = [...shard.take(), ...(await shard.advance(DUE + 20))];
		const all = timersOf([...first, ...rest]);
		expect(all).toHaveLength(5_000);
		expect(new Set(all).size).toBe(5_000);
	});
});

describe("the scan of due timers", () => {
	it("[CLAIM-5] finds what becomes due exactly where it has got to", async () => {
		const shard = newShard();
		await shard.createMany(500, timerOf(DUE));
		const first = await shard.advance(DUE);
		expect(timersOf(first)).toHaveLength(500);
		await shard.createMany(300, timerOf(DUE));
		expect(timersOf(await shard.advance(DUE + 1))).toHaveLength(300);
		await shard.create(timerOf(DUE - 30_000));
		await shard.create(timerOf(1));
		expect(timersOf(await shard.advance(DUE + 2))).toEqual([801, 802].toReversed());
	});

	it("[CLAIM-5] rings for what is created overdue, and never at or before now", async () => {
		const shard = newShard();
		await shard.create(timerOf(START - 5_000));
		expect(await shard.alarmAt()).toBe(START + 1);
		expect(timersOf(await shard.advance(START + 1))).toEqual([1]);
	});

	it("[CLAIM-6] claims nothing twice when the clock steps back, and goes on claiming", async () => {
		const shard = newShard();
		await shard.createMany(250, timerOf(DUE));
		const first = await shard.advance(DUE);
		const back = DUE - 3_600_000;
		setClock(back);
		await shard.create(timerOf(back + 1_000));
		await shard.ring();
		expect(shard.take()).toEqual([]);
		const later = only(await shard.advance(back + 1_000));
		expect(timersOf([later])).toEqual([251]);
		await shard.report(later);
		for (const envelope of first) await shard.report(envelope);
		await shard.evict();
		expect(await shard.advance(DUE)).toEqual([]);
		expect(await recorded(shard, "timer.fired")).toHaveLength(251);
		expect((await shard.timer(250)).status).toBe("settled");
	});

	it("[CLAIM-6] retries when they are due by the clock as it is then", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, webhooks(1, { retry: { delaysMs: [20_000] } })));
		const envelope = only(await shard.advance(DUE));
		const back = DUE - 3_600_000;
		setClock(back);
		await shard.report(envelope, []);
		expect(await shard.advance(back + 1_000)).toEqual([]);
		expect(timersOf(await shard.advance(DUE + 1))).toEqual([1]);
	});

	it("[CLAIM-7] reads each row once, however many share an instant", async () => {
		const shard = newShard();
		await shard.createMany(5_000, timerOf(DUE, { ...WEBHOOK, fidelity: "fast" }));
		await shard.evict();
		const before = shard.lab.rowsRead;
		const claimed = timersOf(await shard.advance(DUE)).length;
		expect(claimed).toBe(MEDIUM_ENVELOPES * 100);
		expect((shard.lab.rowsRead - before) / claimed).toBeLessThan(1.2);
	});
});

describe("another epoch", () => {
	it("[CLAIM-8] sends again what was in flight, under the same attempts, and nothing else", async () => {
		const shard = newShard();
		await shard.createMany(150, timerOf(DUE, { ...WEBHOOK, retry: { delaysMs: [20_000] } }));
		const envelopes = await shard.advance(DUE);
		const [first, second] = envelopes;
		if (first === undefined || second === undefined) throw new Error("too few envelopes");
		// Half of the first is reported; of the second nothing.
		const outcomes = first.deliveries.map((delivery, index) => ({ delivery, index }));
		const { outcomeOf } = await import("./harness.ts");
		await shard.report(
			first,
			outcomes
				.filter(({ index }) => index % 2 === 0)
				.map(({ delivery, index }) => outcomeOf(delivery, index % 4 === 0 ? 200 : 503)),
			false,
		);
		await shard.reboot();
		const again = await shard.advance(DUE + 5);
		expect(again.map((envelope) => envelope.claim)).toEqual([first.claim, second.claim]);
		expect(again[0]?.deliveries).toEqual(first.deliveries.filter((_, index) => index % 2 === 1));
		expect(again[1]?.deliveries).toEqual(second.deliveries);
		for (const envelope of again) await shard.report(envelope);
		const retries = await shard.advance(DUE + 20_010);
		expect(retries.flatMap((one) => one.deliveries.map(({ attempt }) => attempt))).toEqual(
			Array(25).fill(2),
		);
		for (const envelope of retries) await shard.report(envelope);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		for (const type of ["timer.fired", "timer.settled"] as const) {
			const events = await recorded(shard, type);
			expect(events).toHaveLength(150);
			expect(new Set(events).size).toBe(150);
		}
	});

	it("[CLAIM-8] gives what is sent again a new lease", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		const first = only(await shard.advance(DUE));
		setClock(first.leaseUntil + 5_000);
		await shard.reboot();
		const again = only(await shard.advance(Date.now() + 5));
		expect(again.deliveries).toEqual(first.deliveries);
		expect(again.leaseUntil).toBeGreaterThan(first.leaseUntil + 60_000);
		// The same epoch keeps it.
		await shard.evict();
		expect(await shard.advance(Date.now() + 1_000)).toEqual([]);
	});

	it("[CLAIM-8] again and again, burns no attempt and records nothing twice", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, webhooks(2)));
		let envelope = only(await shard.advance(DUE));
		for (let boot = 0; boot < 5; boot++) {
			await shard.reboot();
			const again = only(await shard.advance(Date.now() + 5));
			expect(again.deliveries).toEqual(envelope.deliveries);
			envelope = again;
		}
		await shard.report(envelope);
		expect(await shard.events(1)).toEqual([
			"timer.created",
			"timer.fired",
			...["delivery.attempted", "delivery.delivered"],
			...["delivery.attempted", "delivery.delivered"],
			"timer.settled",
		]);
	});

	it("[CLAIM-8] sends what was given back and claimed anew once", async () => {
		const shard = newShard();
		const { notStarted } = await import("./harness.ts");
		await shard.createMany(2, timerOf(DUE));
		const first = only(await shard.advance(DUE));
		await shard.report(first, first.deliveries.slice(0, 1).map(notStarted), false);
		const second = only(await shard.advance(DUE + 5));
		expect(timersOf([second])).toEqual([1]);
		await shard.reboot();
		expect(timersOf(await shard.advance(DUE + 10)).toSorted()).toEqual([1, 2]);
	});

	it("[CLAIM-9] is answered by `wake` with what waits", async () => {
		const shard = newShard();
		expect(await shard.stub().wake(shard.call)).toEqual({
			pending: 0,
			overdue: 0,
			nextDueAt: null,
		});
		await shard.createMany(3, timerOf(DUE));
		await shard.create(timerOf(DUE + 5_000, withPriority(1)));
		await shard.create(timerOf(DUE + 9_000, withPriority(9)));
		await shard.evict();
		setClock(DUE + 1);
		expect(await shard.stub().wake(shard.call)).toEqual({
			pending: 5,
			overdue: 3,
			nextDueAt: DUE + 5_000,
		});
		expect(timersOf(await shard.advance(DUE + 2))).toHaveLength(3);
	});

	it("[CLAIM-9] `wake` arms an alarm that was lost", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		await shard.inside((storage) => storage.deleteAlarm());
		setClock(DUE + 300_000);
		await shard.stub().wake(shard.call);
		expect(await shard.alarmAt()).toBe(DUE + 300_001);
		expect(timersOf(await shard.advance(DUE + 300_001))).toEqual([1]);
	});
});

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
			const fired = await recorded(shard, "timer.fired");
			expect(fired.length).toBe(new Set(fired).size);
		},
	);
});
