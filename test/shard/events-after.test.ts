import { describe, expect, it } from "vitest";
import type { EventPosition } from "../../durable-objects/tenant-shard/rpc.ts";
import { START, standStill } from "./clock.ts";
import { newShard, type ShardDriver, timerOf } from "./harness.ts";

standStill();

const DUE = START + 60_000;
const BEGINNING = { chunk: 0, index: 0 };

/** Reads to the end, `limit` at a time; answers the timers that the events are about. */
async function readAll(shard: ShardDriver, from: EventPosition, limit: number) {
	const timers: number[] = [];
	let position = from;
	for (;;) {
		const page = await shard.stub().eventsAfter(position, limit);
		expect(page.gap).toBeNull();
		expect(page.events.length).toBeLessThanOrEqual(limit);
		timers.push(...page.events.map(({ timer }) => timer));
		position = page.position;
		if (!page.more) return { timers, position };
	}
}

/** Timers 1 to 7 alone, 8 to 607 in one call, which makes two chunks, and 608 alone. */
async function fill(): Promise<{ shard: ShardDriver; all: number[] }> {
	const shard = newShard();
	for (let i = 0; i < 7; i++) await shard.create(timerOf(DUE));
	await shard.createMany(600, timerOf(DUE));
	await shard.create(timerOf(DUE));
	return { shard, all: Array.from({ length: 608 }, (_, index) => index + 1) };
}

describe("the events of a shard", () => {
	it.each([1, 3, 512, 500, 10_000])(
		"[STREAM-10] are read on from a position, %d at a time, each once and in order",
		async (limit) => {
			const { shard, all } = await fill();
			const { timers, position } = await readAll(shard, BEGINNING, limit);
			expect(timers).toEqual(all);
			expect(position).toEqual({ chunk: 11, index: 0 });
			expect((await shard.stub().eventsAfter(null)).position).toEqual(position);
			await shard.create(timerOf(DUE));
			expect((await readAll(shard, position, limit)).timers).toEqual([609]);
		},
	);

	it("[STREAM-10] keep their places when a timer is deleted", async () => {
		const { shard } = await fill();
		const half = await shard.stub().eventsAfter(BEGINNING, 300);
		await shard.stub().delete(shard.call, 2, null);
		await shard.stub().delete(shard.call, 301, null);
		const { timers } = await readAll(shard, half.position, 100);
		// The last two say that timers 2 and 301 were deleted.
		expect(timers.slice(0, 2)).toEqual([302, 303]);
		expect(timers.slice(-2)).toEqual([2, 301]);
	});

	it("[STREAM-11] name what is kept no longer, once, and go on behind it", async () => {
		const { shard } = await fill();
		await shard.inside((storage) => void storage.sql.exec("DELETE FROM event_chunk WHERE seq < 5"));
		const cut = await shard.stub().eventsAfter({ chunk: 2, index: 1 }, 2);
		expect(cut.gap).toEqual({ from: 2 * 512 + 1, to: 5 * 512 - 1 });
		expect(cut.events.map(({ timer }) => timer)).toEqual([5, 6]);
		expect((await shard.stub().eventsAfter(cut.position, 1)).gap).toBeNull();
		expect((await shard.stub().eventsAfter(BEGINNING)).gap).toEqual({ from: 512, to: 5 * 512 - 1 });
		// Who had read all that was removed misses nothing.
		expect((await shard.stub().eventsAfter({ chunk: 5, index: 0 })).gap).toBeNull();
	});
});

describe("the poke of the event hub", () => {
	it("[STREAM-12] comes only while the hub is registered, and costs no row", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		const before = { ...shard.lab };
		await shard.create(timerOf(DUE));
		const cost = shard.lab.rowsWritten - before.rowsWritten;
		expect(shard.lab.pokes).toBe(0);
		await shard.stub().registerHub(shard.call, START + 90_000);
		const registered = { ...shard.lab };
		await shard.create(timerOf(DUE));
		await shard.idle();
		expect(shard.lab.pokes).toBe(1);
		expect(shard.lab.rowsWritten - registered.rowsWritten).toBe(cost);
		expect(shard.lab.rowsRead - registered.rowsRead).toBeLessThanOrEqual(cost);
	});

	it("[STREAM-12] ends with the registration, or when nobody reads any more", async () => {
		const shard = newShard();
		await shard.stub().registerHub(shard.call, START + 1);
		await shard.pass(START + 1);
		await shard.create(timerOf(DUE));
		await shard.idle();
		expect(shard.lab.pokes).toBe(0);
		await shard.stub().registerHub(shard.call, START + 90_000);
		shard.lab.isRead = false;
		for (let i = 0; i < 3; i++) {
			await shard.create(timerOf(DUE));
			await shard.idle();
		}
		expect(shard.lab.pokes).toBe(1);
	});

	it("[STREAM-13] goes on after the shard was evicted, from one row written when registering", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		const before = shard.lab.rowsWritten;
		await shard.stub().registerHub(shard.call, START + 90_000);
		expect(shard.lab.rowsWritten - before).toBe(1);
		await shard.evict();
		await shard.create(timerOf(DUE));
		await shard.idle();
		expect(shard.lab.pokes).toBe(1);
	});

	it("[STREAM-14] is one for all commits of 50 ms, and one after the last of them", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		await shard.stub().registerHub(shard.call, START + 90_000);
		const startedAt = performance.now();
		for (let i = 0; i < 40; i++) await shard.create(timerOf(DUE));
		await shard.idle();
		const intervals = Math.ceil((performance.now() - startedAt) / 50);
		expect(shard.lab.pokes).toBeGreaterThanOrEqual(2);
		expect(shard.lab.pokes).toBeLessThanOrEqual(intervals + 1);
	});
});
