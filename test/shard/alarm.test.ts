import { describe, expect, it } from "vitest";
import { planOf } from "../../src/core/plan.ts";
import { DAY, HOUR } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import {
	answered,
	newShard,
	only,
	type ShardDriver,
	timerOf,
	WEBHOOK,
	webhooks,
} from "./harness.ts";
import { timersOf } from "./reading.ts";

standStill();

const DUE = START + 60_000;

/** How often `setAlarm` was called by `work`. */
async function alarmsIn(shard: ShardDriver, work: () => Promise<unknown>): Promise<number> {
	const before = shard.lab.alarms;
	await work();
	return shard.lab.alarms - before;
}

/** Makes every statement fail that `matches` picks. */
function failWhere(
	shard: ShardDriver,
	matches: (query: string, values: readonly unknown[]) => boolean,
) {
	shard.lab.fault = (query, values) => {
		if (matches(query, values)) throw new Error("A fault, as the test asked.");
	};
}

describe("the alarm", () => {
	it("[COST-6] is set by a create only when that becomes the earliest", async () => {
		const shard = newShard();
		const create = (dueAt: number) => alarmsIn(shard, () => shard.create(timerOf(dueAt)));
		expect(await create(DUE)).toBe(1);
		expect(await create(DUE)).toBe(0);
		expect(await create(DUE + 1)).toBe(0);
		expect(await create(DUE - 1)).toBe(1);
		await shard.evict();
		expect(await create(DUE)).toBe(0);
		expect(await create(DUE - 2)).toBe(1);
	});

	it("[COST-6] is set once by a group of creates, whatever their order", async () => {
		const shard = newShard();
		const timers = Array.from({ length: 200 }, (_, index) => ({
			index,
			timer: timerOf(DUE - index),
		}));
		expect(await alarmsIn(shard, () => shard.stub().createBatch(shard.call, timers, null))).toBe(1);
		const { transactions } = shard.lab;
		const alarms = await alarmsIn(shard, () =>
			Promise.all(timers.map(({ index }) => shard.create(timerOf(DUE - 1_000 - index)))),
		);
		expect(alarms).toBeLessThanOrEqual(shard.lab.transactions - transactions);
	});

	it("[COST-5] is set at most three times by a ring, whatever that does", async () => {
		const shard = newShard();
		const jittered = { ...WEBHOOK, retry: { baseMs: 60_000, jitter: "full" } } as const;
		await shard.createMany(1_000, timerOf(DUE, jittered));
		await shard.create(timerOf(DUE + 3_600_000));
		let envelopes = await shard.advance(DUE - 1);
		setClock(DUE);
		expect(await alarmsIn(shard, () => shard.ring())).toBeLessThanOrEqual(3);
		envelopes = shard.take();
		expect(timersOf(envelopes)).toHaveLength(1_000);
		// All leases run out at once, and a thousand retries are spread by their jitter.
		setClock(Math.max(...envelopes.map((one) => one.leaseUntil)));
		expect(await alarmsIn(shard, () => shard.ring())).toBeLessThanOrEqual(3);
		expect(await shard.claims()).toEqual([]);
		setClock(Date.now() + 120_000);
		await shard.ring();
		const [retry] = shard.take();
		if (retry === undefined) throw new Error("no retry");
		expect(
			await alarmsIn(shard, () => shard.report(retry, answered(retry, 503))),
		).toBeLessThanOrEqual(2);
	});

	it("[SHARD-50] is never armed at or before now", async () => {
		const shard = newShard();
		const armed: number[] = [];
		const now: number[] = [];
		await shard.create(timerOf(START - 60_000));
		await shard.create(timerOf(1));
		for (let step = 0; step < 20; step++) {
			armed.push((await shard.alarmAt()) ?? Number.POSITIVE_INFINITY);
			now.push(Date.now());
			setClock(Date.now() + 1);
			await shard.ring();
			for (const envelope of shard.take()) await shard.report(envelope, []);
		}
		armed.forEach((at, step) => {
			expect(at).toBeGreaterThan(now[step] ?? 0);
		});
	});

	it("[SHARD-51] rings at most once for nothing after the first timer was cancelled", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		await shard.create(timerOf(DUE + 60_000));
		await shard.stub().cancel(shard.call, 1, null);
		expect(await shard.alarmAt()).toBe(DUE);
		setClock(DUE);
		await shard.ring();
		expect(await shard.alarmAt()).toBe(DUE + 60_000);
	});

	it("[SHARD-51] is armed for nothing but retention when nothing is left to do", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		await shard.report(only(await shard.advance(DUE)));
		// One empty ring at the end of the lease that was.
		await shard.advance(DUE + 600_000);
		const removal = START + planOf("enterprise").historyDays * DAY + HOUR;
		expect(await shard.alarmAt()).toBe(removal);
		await shard.evict();
		await shard.stub().wake(shard.call);
		expect(await shard.alarmAt()).toBe(removal);
	});

	it("[SHARD-52] goes on after a fault of the storage, and loses nothing", async () => {
		for (const part of ["INSERT INTO claim", "FROM timer WHERE lane", "INSERT INTO event_chunk"]) {
			setClock(START);
			const shard = newShard();
			await shard.createMany(300, timerOf(DUE));
			failWhere(shard, (query) => query.includes(part));
			const { transactions } = shard.lab;
			await shard.advance(DUE + 20_000);
			expect(shard.take()).toEqual([]);
			expect(shard.lab.transactions - transactions).toBeLessThan(500);
			shard.lab.fault = () => {};
			const envelopes = await shard.advance(DUE + 90_000);
			expect(timersOf(envelopes).toSorted((a, b) => a - b)).toEqual(
				Array.from({ length: 300 }, (_, index) => index + 1),
			);
		}
	});

	it("[SHARD-53] a row at fault does not hold up those due after it, and is tried again", async () => {
		const shard = newShard();
		await shard.createMany(300, timerOf(DUE));
		await shard.create(timerOf(DUE + 5_000));
		const ids = [1, 150, 151, 300];
		// The document of a timer with a message is read when it fires.
		await shard.inside((storage) => {
			for (const id of ids) {
				storage.sql.exec(`UPDATE timer SET doc = '{"message":' || doc WHERE id = ?`, id);
			}
		});
		const envelopes = await shard.advance(DUE);
		expect(new Set(timersOf(envelopes))).toEqual(
			new Set(
				Array.from({ length: 300 }, (_, index) => index + 1).filter((id) => !ids.includes(id)),
			),
		);
		expect(timersOf(await shard.advance(DUE + 5_000))).toEqual([301]);
		await shard.inside((storage) => {
			storage.sql.exec(`UPDATE timer SET doc = substr(doc, 12) WHERE doc LIKE '{"message":{%'`);
		});
		expect(timersOf(await shard.advance(DUE + 60_100))).toEqual(ids);
	});

	it("[SHARD-53] a claim at fault does not hold up what is due", async () => {
		const shard = newShard();
		await shard.createMany(2, timerOf(DUE, { ...WEBHOOK, retry: { delaysMs: [60_000] } }));
		const envelope = only(await shard.advance(DUE));
		await shard.create(timerOf(envelope.leaseUntil + 10));
		failWhere(shard, (query) => query.startsWith("DELETE FROM claim"));
		expect(timersOf(await shard.advance(envelope.leaseUntil + 10))).toEqual([3]);
		shard.lab.fault = () => {};
		await shard.advance(envelope.leaseUntil + 10_000);
		expect(await shard.deliveries(1)).toMatchObject([{ attempts: 1 }]);
	});

	it("[SHARD-53] a job at fault does not hold up what is due", async () => {
		const shard = newShard();
		await shard.createMany(3, timerOf(DUE));
		const filter = { statuses: null, labels: [], name: null, dueBefore: null, dueAfter: null };
		failWhere(shard, (query) => query.startsWith("UPDATE job"));
		const job = await shard.stub().reserveSequence(shard.call);
		await shard.stub().startJob(shard.call, job, "cancel", filter, null, 3);
		expect(timersOf(await shard.advance(DUE))).toEqual([1, 2, 3]);
	});

	it("[SHARD-54] goes on after a fault while outcomes make room", async () => {
		const shard = newShard();
		await shard.createMany(5_000, timerOf(DUE));
		const envelopes = await shard.advance(DUE);
		const [first, ...rest] = envelopes;
		if (first === undefined) throw new Error("no envelope");
		failWhere(shard, (query) => query.startsWith("INSERT INTO claim"));
		await shard.report(first);
		shard.lab.fault = () => {};
		for (const envelope of rest) await shard.report(envelope);
		await shard.advance(DUE + 5_000);
		for (const envelope of shard.envelopes().slice(envelopes.length)) await shard.report(envelope);
		const all = timersOf(shard.envelopes());
		expect(new Set(all).size).toBe(5_000);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[SHARD-55] comes in time for a retry though another action takes long", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, webhooks(2, { retry: { delaysMs: [1_000] } })));
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 503).slice(0, 1), false);
		expect(await shard.alarmAt()).toBe(DUE + 1_000);
	});
});
