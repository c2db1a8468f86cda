import { describe, expect, it } from "vitest";
import type { BulkAction, TimerFilter } from "../../durable-objects/tenant-shard/rpc.ts";
import { HOUR } from "../../src/core/units.ts";
import { START, standStill } from "./clock.ts";
import { accepted, newShard, only, type ShardDriver, timerOf, webhooks } from "./harness.ts";
import { ALL } from "./list-calls.ts";

standStill();

const DUE = START + 600_000;
const FAST = { ...webhooks(1), fidelity: "fast" } as const;

function bulk(shard: ShardDriver, action: BulkAction, filter: Partial<TimerFilter> = {}) {
	return shard.stub().bulk(shard.call, action, { ...ALL, ...filter }, "bulk");
}

async function startJob(
	shard: ShardDriver,
	action: BulkAction,
	filter: Partial<TimerFilter> = {},
): Promise<number> {
	const job = await shard.stub().reserveSequence(shard.call);
	const matched = await shard.stub().count({ ...ALL, ...filter });
	await shard.stub().startJob(shard.call, job, action, { ...ALL, ...filter }, "job", matched);
	return job;
}

describe("bulk calls", () => {
	it("[JOB-1] cancel what a filter selects, and count it", async () => {
		const shard = newShard();
		await shard.createMany(300, timerOf(DUE, { ...FAST, name: "a" }));
		await shard.createMany(300, timerOf(DUE, { ...FAST, name: "b" }));
		await shard.stub().cancel(shard.call, 1, null);
		expect(await bulk(shard, "cancel", { name: "a" })).toEqual({ matched: 300, changed: 299 });
		expect(await shard.stub().usage()).toMatchObject({ active: 300 });
		expect(await shard.timer(2)).toMatchObject({ status: "cancelled", cancelReason: "bulk" });
		expect(await shard.statusOf(301)).toBe("scheduled");
		expect(await bulk(shard, "cancel", { name: "a" })).toEqual({ matched: 300, changed: 0 });
	});

	it("[JOB-1] delete what a filter selects, with all its events", async () => {
		const shard = newShard();
		await shard.createMany(700, timerOf(DUE, webhooks(1, { name: "a" })));
		await shard.createMany(5, timerOf(DUE, webhooks(1, { name: "b" })));
		const others = await shard.events(703);
		expect(await bulk(shard, "delete", { name: "a" })).toEqual({ matched: 700, changed: 700 });
		expect(await shard.stub().count(ALL)).toBe(5);
		expect(await shard.events(703)).toEqual(others);
		expect(await shard.stub().usage()).toMatchObject({ active: 5 });
	});

	it("[JOB-2] leave what is in flight to finish, and do not delete it", async () => {
		const shard = newShard();
		await shard.createMany(2, timerOf(START + 10, webhooks(1)));
		await shard.createMany(2, timerOf(DUE, webhooks(1)));
		const envelope = only(await shard.advance(START + 10));
		expect(await bulk(shard, "delete")).toEqual({ matched: 4, changed: 2 });
		expect(await bulk(shard, "cancel")).toEqual({ matched: 2, changed: 2 });
		await shard.report(envelope);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[JOB-2] of a shard without timers answer nothing", async () => {
		expect(await bulk(newShard(), "cancel")).toEqual({ matched: 0, changed: 0 });
	});
});

describe("a job", () => {
	it("[JOB-3] works off more than 5,000 timers in slices, and tells how far it is", async () => {
		const shard = newShard();
		await shard.createMany(7_000, timerOf(DUE, FAST));
		const job = await startJob(shard, "cancel");
		expect(await shard.stub().job(job)).toMatchObject({ done: false, matched: 7_000, changed: 0 });
		await shard.ring();
		const first = await shard.stub().job(job);
		expect(first).toMatchObject({ done: false });
		expect(first?.processed).toBeGreaterThan(0);
		expect(first?.processed).toBeLessThan(1_000);
		await shard.advance(START + 1_000);
		expect(await shard.stub().job(job)).toEqual({
			action: "cancel",
			done: true,
			matched: 7_000,
			processed: 7_000,
			changed: 7_000,
		});
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		// What is left to do is to forget the job one day.
		expect(await shard.alarmAt()).toBeGreaterThan(Date.now() + HOUR);
	});

	it("[JOB-4] goes on where it was after an eviction, and touches nothing twice", async () => {
		const shard = newShard();
		await shard.createMany(1_500, timerOf(DUE, FAST));
		const job = await startJob(shard, "cancel");
		for (let ring = 0; ring < 12; ring++) {
			await shard.evict();
			await shard.advance(Date.now() + 1);
		}
		expect(await shard.stub().job(job)).toMatchObject({
			done: true,
			processed: 1_500,
			changed: 1_500,
		});
	});

	it("[JOB-5] does not mean what was created after it was asked for", async () => {
		const shard = newShard();
		await shard.createMany(1_000, timerOf(DUE, FAST));
		const job = await startJob(shard, "delete");
		await shard.ring();
		await shard.createMany(10, timerOf(DUE, FAST));
		await shard.advance(START + 1_000);
		expect(await shard.stub().job(job)).toMatchObject({ done: true, changed: 1_000 });
		expect(await shard.stub().usage()).toMatchObject({ active: 10 });
	});

	it("[JOB-6] lets what is due in between", async () => {
		const shard = newShard();
		await shard.createMany(3_000, timerOf(DUE, { ...FAST, name: "bulk" }));
		await shard.create(timerOf(START + 3, { ...webhooks(1), name: "other" }));
		const job = await startJob(shard, "cancel", { name: "bulk" });
		const envelope = only(await shard.advance(START + 3));
		expect(envelope.deliveries).toMatchObject([{ timer: 3_001 }]);
		expect(await shard.stub().job(job)).toMatchObject({ done: false });
	});

	it("[JOB-7] waits for the one before it, and starts once though it is asked for twice", async () => {
		const shard = newShard();
		await shard.createMany(600, timerOf(DUE, FAST));
		const first = await startJob(shard, "cancel");
		const second = await startJob(shard, "delete");
		await shard.stub().startJob(shard.call, second, "cancel", ALL, null, 1);
		await shard.advance(START + 1_000);
		expect(await shard.stub().job(first)).toMatchObject({ done: true, changed: 600 });
		expect(await shard.stub().job(second)).toMatchObject({
			action: "delete",
			done: true,
			changed: 600,
		});
		expect(await shard.stub().job(99_999)).toBeNull();
	});

	it("[JOB-8] takes its number from the same sequence as timers", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		expect(await shard.stub().reserveSequence(shard.call)).toBe(2);
		expect(accepted(await shard.stub().create(shard.call, timerOf(DUE), null)).seq).toBe(3);
	});
});
