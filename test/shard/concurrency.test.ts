import { describe, expect, it, vi } from "vitest";
import type { ShardMessage } from "../../durable-objects/tenant-shard/rpc.ts";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { START, setClock, standStill } from "./clock.ts";
import {
	accepted,
	answered,
	newShard,
	notStarted,
	only,
	type ShardDriver,
	timerOf,
	WEBHOOK,
} from "./harness.ts";
import { listener, publish } from "./topics.ts";

standStill();

const DUE = START + 60_000;
const KEYED: TimerDoc = { ...WEBHOOK, concurrencyKey: "printer" };

/** Timers that are due a second apart, from DUE on, all with one key. */
async function queued(count: number, doc: TimerDoc = KEYED): Promise<ShardDriver> {
	const shard = newShard();
	for (let n = 0; n < count; n++) await shard.create(timerOf(DUE + n * 1_000, doc));
	return shard;
}

/** The timers that are sent within the next moment. */
async function sentSoon(shard: ShardDriver): Promise<number[]> {
	const envelopes = await shard.advance(Date.now() + 1);
	return envelopes.flatMap(({ deliveries }) => deliveries.map(({ timer }) => timer));
}

function last(shard: ShardDriver) {
	const envelope = shard.envelopes().at(-1);
	if (envelope === undefined) throw new Error("Nothing was sent.");
	return envelope;
}

async function tables(shard: ShardDriver) {
	return shard.inside(({ sql }) =>
		["concurrency_place", "concurrency_turn"].map(
			(table) => sql.exec(`SELECT * FROM ${table}`).toArray().length,
		),
	);
}

describe("timers with one concurrency key", () => {
	it("[CONCUR-1] fire one at a time, in the order in which they came due", async () => {
		const shard = await queued(4);
		setClock(DUE + 10_000);
		expect(await sentSoon(shard)).toEqual([1]);
		expect(await shard.alarmAt()).toBeGreaterThan(DUE + 11_000);
		for (const next of [2, 3, 4]) {
			await shard.report(last(shard));
			expect(await sentSoon(shard)).toEqual([next]);
		}
		await shard.report(last(shard));
		for (const seq of [1, 2, 3, 4]) expect(await shard.stateOf(seq)).toBe("settled");
		expect(await tables(shard)).toEqual([0, 0]);
	});

	it("[CONCUR-2] wait as they are, keep their due time, and are late by the wait", async () => {
		const shard = await queued(2);
		const first = only(await shard.advance(DUE));
		expect(await shard.advance(DUE + 5_000)).toEqual([]);
		expect(await shard.timer(2)).toMatchObject({
			status: "scheduled",
			fireAt: DUE + 1_000,
			nextAt: null,
			firing: null,
		});
		await shard.report(first);
		const second = only(await shard.advance(DUE + 5_001));
		expect(second.deliveries).toMatchObject([{ timer: 2, firing: 1, dueAt: DUE + 1_000 }]);
		await shard.report(second);
		const { items } = accepted(await shard.stub().events(2, 0, 100));
		const fired = items.find(({ type }) => type === "timer.fired");
		expect(fired?.data).toMatchObject({ latenessMs: 4_001 });
	});

	it("[CONCUR-1] hold the key through retries, and give it up when they fail", async () => {
		const shard = await queued(2, { ...KEYED, retry: { delaysMs: [30_000] } });
		const first = only(await shard.advance(DUE));
		await shard.report(first, answered(first, 503));
		expect(await shard.advance(DUE + 29_999)).toEqual([]);
		const again = only(await shard.advance(DUE + 30_000));
		expect(again.deliveries).toMatchObject([{ timer: 1, attempt: 2 }]);
		await shard.report(again, answered(again, 500));
		expect(await shard.stateOf(1)).toBe("failed");
		expect(await sentSoon(shard)).toEqual([2]);
	});

	it("[CONCUR-1] hold the key while a delivery that was not started waits", async () => {
		const shard = await queued(2);
		const first = only(await shard.advance(DUE));
		setClock(DUE + 2_000);
		await shard.report(first, first.deliveries.map(notStarted));
		expect(await sentSoon(shard)).toEqual([1]);
	});

	it("[CONCUR-3] do not wait for other keys, nor for timers without one", async () => {
		const shard = newShard();
		for (const key of ["a", "b", "a", undefined]) {
			const doc = key === undefined ? WEBHOOK : { ...WEBHOOK, concurrencyKey: key };
			await shard.create(timerOf(DUE, doc));
		}
		setClock(DUE);
		expect(await sentSoon(shard)).toEqual([1, 2, 4]);
	});

	it("[CONCUR-1] settle one after the other without actions", async () => {
		const shard = await queued(3, { concurrencyKey: "k" });
		await shard.advance(DUE + 10_000);
		for (const seq of [1, 2, 3]) expect(await shard.stateOf(seq)).toBe("settled");
		expect(await tables(shard)).toEqual([0, 0]);
	});

	it("[CONCUR-4] keep their order over restarts at every step", async () => {
		const shard = await queued(3);
		setClock(DUE + 5_000);
		const order: number[] = [];
		for (let n = 0; n < 3; n++) {
			await shard.reboot();
			for (const timer of await sentSoon(shard)) if (!order.includes(timer)) order.push(timer);
			await shard.reboot();
			order.push(...(await sentSoon(shard)).filter((timer) => !order.includes(timer)));
			await shard.report(last(shard));
		}
		expect(order).toEqual([1, 2, 3]);
		for (const seq of [1, 2, 3]) expect(await shard.stateOf(seq)).toBe("settled");
	});

	it.each(["cancel", "delete", "pause", "snooze"] as const)(
		"[CONCUR-5] leave the queue by a %s",
		async (call) => {
			const shard = await queued(3);
			const first = only(await shard.advance(DUE));
			expect(await shard.advance(DUE + 5_000)).toEqual([]);
			const stub = shard.stub();
			if (call === "cancel") await stub.cancel(shard.call, 2, null);
			else if (call === "delete") await stub.delete(shard.call, 2, null);
			else if (call === "pause") accepted(await stub.pause(shard.call, 2, null));
			else await change(shard, 2, DUE + 60_000);
			await shard.report(first);
			expect(await sentSoon(shard)).toEqual([3]);
			if (call === "pause") accepted(await stub.resume(shard.call, 2, null));
			if (call === "snooze") setClock(DUE + 60_000);
			expect(await sentSoon(shard)).toEqual([]);
			await shard.report(last(shard));
			const comesBack = call === "pause" || call === "snooze";
			expect(await sentSoon(shard)).toEqual(comesBack ? [2] : []);
			if (comesBack) await shard.report(last(shard));
			expect(await tables(shard)).toEqual([0, 0]);
		},
	);

	it("[CONCUR-5] leave the queue with a timer that is paused, whose firing for an event waits", async () => {
		const shard = newShard();
		for (let n = 0; n < 3; n++) await shard.create(listener({ event: "go" }, KEYED));
		await publish(shard, "go");
		expect(await sentSoon(shard)).toEqual([1]);
		accepted(await shard.stub().pause(shard.call, 2, null));
		await shard.report(last(shard));
		expect(await sentSoon(shard)).toEqual([3]);
		accepted(await shard.stub().resume(shard.call, 2, null));
		expect(await sentSoon(shard)).toEqual([]);
		await shard.report(last(shard));
		expect(await sentSoon(shard)).toEqual([2]);
		await shard.report(last(shard));
		expect(await tables(shard)).toEqual([0, 0]);
	});

	it("[CONCUR-5] give up the key by a cancel, once what is in flight has ended", async () => {
		const shard = await queued(2);
		const first = only(await shard.advance(DUE));
		setClock(DUE + 1_000);
		await shard.stub().cancel(shard.call, 1, null);
		expect(await sentSoon(shard)).toEqual([]);
		await shard.report(first);
		expect(await sentSoon(shard)).toEqual([2]);
	});

	it("[CONCUR-5] give up the key by a cancel while they wait for a retry", async () => {
		const shard = await queued(2, { ...KEYED, retry: { delaysMs: [3_600_000] } });
		const first = only(await shard.advance(DUE));
		await shard.report(first, answered(first, 503));
		setClock(DUE + 1_000);
		expect(await sentSoon(shard)).toEqual([]);
		await shard.stub().cancel(shard.call, 1, null);
		expect(await sentSoon(shard)).toEqual([2]);
	});

	it("[CONCUR-6] have come in time once they queue, whatever their misfire rule", async () => {
		const misfire = { policy: "skip", graceMs: 1_000 } as const;
		const shard = await queued(2, { ...KEYED, misfire });
		const first = only(await shard.advance(DUE));
		expect(await shard.advance(DUE + 30_000)).toEqual([]);
		await shard.report(first);
		expect(await sentSoon(shard)).toEqual([2]);
	});

	it("[CONCUR-7] wait occurrence by occurrence when they recur, and event by event", async () => {
		const shard = newShard();
		const schedule = { everyMs: 60_000, phaseMs: DUE % 60_000 };
		await shard.create(timerOf(DUE, { ...KEYED, schedule }));
		await shard.create(listener({ event: "go" }, KEYED));
		const first = only(await shard.advance(DUE));
		await publish(shard, "go", 1);
		await publish(shard, "go", 2);
		expect(await sentSoon(shard)).toEqual([]);
		await shard.report(first);
		const order: unknown[] = [];
		for (let n = 0; n < 2; n++) {
			const envelope = only(await shard.advance(Date.now() + 1));
			order.push(...envelope.deliveries.map(({ timer, firing }) => [timer, firing]));
			await shard.report(envelope);
		}
		expect(order).toEqual([
			[2, 1],
			[2, 2],
		]);
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", nextAt: DUE + 60_000 });
		await shard.report(only(await shard.advance(DUE + 60_000)));
		expect(await tables(shard)).toEqual([0, 0]);
	});
});

describe("the home of a key", () => {
	const firing = (row: number) => ({ key: "k", shard: 1, row, firing: 1 });
	const queue = (row: number) => ({ kind: "queue" as const, ...firing(row) });
	const leave = (row: number, place: number | null) => ({
		kind: "leave" as const,
		...firing(row),
		place,
	});
	it("[CONCUR-11] takes each message of another shard as often as it comes", async () => {
		const shard = newShard();
		const first = { kind: "place", key: "k", row: 5, firing: 1, place: 1, granted: true };
		expect(await tellOne(shard, queue(5))).toEqual(first);
		expect(await tellOne(shard, queue(5))).toEqual(first);
		const second = { ...first, row: 6, place: 2, granted: false };
		expect(await tellOne(shard, queue(6))).toEqual(second);
		await tellOne(shard, leave(7, 1));
		await shard.evict();
		expect(await tellOne(shard, queue(6))).toEqual(second);
		await tellOne(shard, leave(6, 2));
		await tellOne(shard, leave(6, 2));
		expect(await tellOne(shard, queue(7))).toMatchObject({ place: 2, granted: false });
		await tellOne(shard, leave(7, null));
		await tellOne(shard, leave(5, null));
		expect(await tables(shard)).toEqual([0, 0]);
	});

	it("[CONCUR-11] is told when the firing has gone meanwhile, and gives its place to the next", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, KEYED));
		const printer = { key: "printer", shard: 1, row: 5, firing: 1 };
		await tellOne(shard, { kind: "queue", ...printer });
		expect(await shard.advance(DUE + 1_000)).toEqual([]);
		// Its row is not there any more, so shard 1 answers that it leaves.
		await tellOne(shard, { kind: "queue", ...printer, row: 6 });
		await tellOne(shard, { kind: "leave", ...printer, place: 1 });
		expect(await sentSoon(shard)).toEqual([1]);
		const places = await shard.inside(({ sql }) =>
			sql.exec("SELECT row FROM concurrency_place ORDER BY place").toArray(),
		);
		expect(places).toEqual([{ row: 1 }, { row: 6 }]);
		await shard.report(last(shard));
		await vi.waitFor(async () => expect(await tables(shard)).toEqual([0, 0]));
	});
});

async function tellOne(shard: ShardDriver, message: ShardMessage): Promise<ShardMessage | null> {
	const [answer = null] = await shard.stub().receive(shard.call, [message]);
	return answer;
}

async function change(shard: ShardDriver, seq: number, dueAt: number): Promise<void> {
	const horizonAt = Number.MAX_SAFE_INTEGER;
	const patch = { dueAt, extendMs: null, docPatch: null, ifMatch: null, horizonAt };
	accepted(await shard.stub().patch(shard.call, seq, patch));
}
