import { describe, expect, it } from "vitest";
import { EMPTY } from "../../src/core/drift/histogram.ts";
import {
	type Lateness,
	type LatenessSince,
	seriesOfLateness,
} from "../../src/core/drift/lateness.ts";
import { HOUR, MINUTE, SECOND } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import {
	answered,
	newShard,
	notStarted,
	only,
	type ShardDriver,
	timerOf,
	WEBHOOK,
} from "./harness.ts";
import { at, recurring } from "./recurring/every-minute.ts";

standStill();

/** Each series with its count and its greatest. */
function summaryOf({ lateness }: LatenessSince): Record<string, [count: number, maxMs: number]> {
	return Object.fromEntries(
		seriesOfLateness(lateness).map(({ hop, priority, histogram }) => [
			`${hop} ${priority}`,
			[histogram.count, histogram.maxMs],
		]),
	);
}

const countOf = (lateness: Lateness, series: string) => lateness[series]?.count ?? 0;

/** Fires a timer due at `dueAt` late by `lateMs`, and answers its webhook after 3 ms. */
async function fireLate(shard: ShardDriver, dueAt: number, lateMs: number): Promise<void> {
	await shard.create(timerOf(dueAt));
	setClock(dueAt + lateMs);
	await shard.ring();
	for (const envelope of shard.take()) await shard.report(envelope);
}

describe("a shard's lateness", () => {
	it("[DRIFT-4] is counted hop by hop, of what was tried, and once", async () => {
		const shard = newShard();
		const retry = { delaysMs: [SECOND] };
		await shard.create(timerOf(START + SECOND, { ...WEBHOOK, retry }));
		setClock(START + SECOND + 40);
		await shard.ring();
		const [envelope] = shard.take();
		if (envelope === undefined) throw new Error("nothing was sent");
		setClock(START + SECOND + 45);
		await shard.report(envelope, answered(envelope, 503), false);
		await shard.report(envelope, answered(envelope, 503));
		const first = {
			"due_to_claimed medium": [1, 40],
			"claimed_to_sent medium": [1, 5],
			"sent_to_answered medium": [1, 3],
			"due_to_answered medium": [1, 48],
		};
		expect(summaryOf((await shard.stub().lateness()).total)).toEqual(first);
		for (const again of await shard.advance(START + 10 * SECOND)) await shard.report(again);
		// A retry has no lateness of its own from its due time on.
		expect(summaryOf((await shard.stub().lateness()).total)).toMatchObject({
			"due_to_claimed medium": [1, 40],
			"claimed_to_sent medium": [2, expect.any(Number)],
			"sent_to_answered medium": [2, 3],
			"due_to_answered medium": [1, 48],
		});
	});

	it("[DRIFT-4] of a timer without actions is that of its claim, by class", async () => {
		const shard = newShard();
		await shard.create(timerOf(START + SECOND, { priority: 1 }));
		setClock(START + SECOND + 7);
		await shard.ring();
		const { total } = await shard.stub().lateness();
		expect(summaryOf(total)).toEqual({ "due_to_claimed high": [1, 7] });
	});

	it("[DRIFT-4] holds nothing of a lease that ran out but what its claim had", async () => {
		const shard = newShard();
		await shard.create(timerOf(START + SECOND));
		await shard.advance(START + SECOND);
		await shard.pass(START + 5 * MINUTE);
		expect(Object.keys(summaryOf((await shard.stub().lateness()).total))).toEqual([
			"due_to_claimed medium",
		]);
	});

	it("[DRIFT-4] does not count the pace of firings that are caught up with", async () => {
		const misfire = { policy: "catch_up", max: 3, paceMs: 20 * SECOND } as const;
		const shard = await recurring({ ...WEBHOOK, misfire });
		setClock(at(3) + 100);
		await shard.ring();
		for (let firing = 1; firing <= 3; firing++) {
			for (const envelope of await shard.advance(at(3) + 100 + (firing - 1) * 20 * SECOND)) {
				await shard.report(envelope);
			}
		}
		const { lateness } = (await shard.stub().lateness()).total;
		const { count, sumMs, maxMs } = lateness["due_to_claimed medium"] ?? EMPTY;
		expect([count, maxMs, sumMs]).toEqual([3, 2 * MINUTE + 100, 2 * MINUTE + 100]);
	});

	it("[DRIFT-4] does not count again what was not sent, and waits for its host or for room", async () => {
		const shard = newShard();
		await shard.create(timerOf(START + SECOND));
		const first = only(await shard.advance(START + SECOND));
		const [delivery] = first.deliveries;
		if (delivery === undefined) throw new Error("nothing was claimed");
		await shard.report(first, [notStarted(delivery)]);
		const second = only(await shard.advance(START + 2 * SECOND));
		const until = START + MINUTE;
		const spared = {
			kind: "postponed",
			until,
			reason: "circuit_open",
			host: "example.com",
		} as const;
		await shard.report(second, [{ ...notStarted(delivery), ...spared }]);
		const third = only(await shard.advance(START + 2 * MINUTE));
		await shard.report(third);
		expect(summaryOf((await shard.stub().lateness()).total)).toMatchObject({
			"due_to_claimed medium": [1, 0],
		});
	});

	it("[DRIFT-5] costs no row by firing: a storm of 1,000 timers is written as one", async () => {
		const shard = newShard();
		await shard.createMany(1_000, timerOf(START + SECOND));
		for (const envelope of await shard.advance(START + SECOND)) await shard.report(envelope);
		for (const envelope of await shard.advance(START + 2 * SECOND)) await shard.report(envelope);
		const { rowsWritten, alarms } = shard.lab;
		await shard.writeLateness();
		expect(shard.lab.rowsWritten - rowsWritten).toBe(1);
		await shard.writeLateness();
		expect(shard.lab.rowsWritten - rowsWritten).toBe(1);
		expect(shard.lab.alarms).toBe(alarms);
		const { total } = await shard.stub().lateness();
		expect(countOf(total.lateness, "due_to_answered medium")).toBe(1_000);
	});

	it("[DRIFT-6] survives an eviction once it was written, and is not counted twice", async () => {
		const shard = newShard();
		await fireLate(shard, START + SECOND, 30);
		const before = await shard.stub().lateness();
		await shard.writeLateness();
		expect(await shard.stub().lateness()).toEqual(before);
		await shard.evict();
		expect(await shard.stub().lateness()).toEqual(before);
		await fireLate(shard, START + MINUTE, 10);
		await shard.evict();
		// What was not yet written is lost, and nothing else.
		expect(await shard.stub().lateness()).toEqual(before);
	});

	it("[DRIFT-6] is kept when it could not be written, and holds up nothing", async () => {
		const shard = newShard();
		await fireLate(shard, START + SECOND, 30);
		shard.lab.fault = (query) => {
			if (query.includes("INTO lateness")) throw new Error("A fault, as the test asked.");
		};
		await shard.writeLateness();
		shard.lab.fault = () => {};
		await fireLate(shard, START + MINUTE, 10);
		await shard.writeLateness();
		await shard.evict();
		const { total } = await shard.stub().lateness();
		expect(summaryOf(total)).toMatchObject({ "due_to_claimed medium": [2, 30] });
	});

	it("[DRIFT-7] is told since it is counted, and of the last hour, in at most 14 rows", async () => {
		const shard = newShard();
		for (let minute = 0; minute < 150; minute += 5) {
			await fireLate(shard, START + minute * MINUTE + SECOND, minute);
			await shard.writeLateness();
		}
		const { total, lastHour } = await shard.stub().lateness();
		expect(total.since).toBe(START);
		expect(countOf(total.lateness, "due_to_claimed medium")).toBe(30);
		// 02:25: from 01:25 on.
		expect(lastHour.since).toBe(START + 85 * MINUTE);
		expect(countOf(lastHour.lateness, "due_to_claimed medium")).toBe(13);
		expect(await shard.store((store) => store.latenessFrom.all(0).length)).toBeLessThanOrEqual(14);
		setClock(START + 10 * HOUR);
		const later = await shard.stub().lateness();
		expect(later.lastHour).toEqual({ since: START + 9 * HOUR, lateness: {} });
		expect(later.total).toEqual(total);
	});

	it("[DRIFT-7] is nothing of a shard that was never used", async () => {
		const nothing = { since: null, lateness: {} };
		expect(await newShard().stub().lateness()).toEqual({ total: nothing, lastHour: nothing });
	});
});
