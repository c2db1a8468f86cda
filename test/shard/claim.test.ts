import { describe, expect, it } from "vitest";
import { CLASS_ENVELOPES } from "../../durable-objects/tenant-shard/constants.ts";
import type { Envelope } from "../../src/contract/envelope.ts";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { START, setClock, standStill } from "./clock.ts";
import { DUE } from "./firing.ts";
import { newShard, only, type ShardDriver, timerOf, WEBHOOK, webhooks } from "./harness.ts";
import { timersOf, timersWith } from "./reading.ts";

standStill();

const [HIGH_ENVELOPES, MEDIUM_ENVELOPES, LOW_ENVELOPES] = CLASS_ENVELOPES;

function withPriority(priority: number, doc: TimerDoc = WEBHOOK): TimerDoc {
	return { ...doc, priority };
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
		expect(await timersWith(shard, "timer.fired")).toHaveLength(timersOf(first).length);
		for (const envelope of first) await shard.report(envelope);
		const rest = shard.take();
		for (let next = rest.shift(); next !== undefined; next = rest.shift()) {
			await shard.report(next);
			rest.push(...shard.take());
		}
		const fired = await timersWith(shard, "timer.fired");
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
		expect(await timersWith(shard, "timer.fired")).toHaveLength(251);
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
