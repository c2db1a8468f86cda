import { describe, expect, it } from "vitest";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { setClock, standStill } from "./clock.ts";
import { DUE } from "./firing.ts";
import { newShard, notStarted, only, outcomeOf, timerOf, WEBHOOK, webhooks } from "./harness.ts";
import { timersOf, timersWith } from "./reading.ts";

standStill();

function withPriority(priority: number, doc: TimerDoc = WEBHOOK): TimerDoc {
	return { ...doc, priority };
}

describe("another epoch", () => {
	it("[CLAIM-8] sends again what was in flight, under the same attempts, and nothing else", async () => {
		const shard = newShard();
		await shard.createMany(150, timerOf(DUE, { ...WEBHOOK, retry: { delaysMs: [20_000] } }));
		const envelopes = await shard.advance(DUE);
		const [first, second] = envelopes;
		if (first === undefined || second === undefined) throw new Error("too few envelopes");
		// Half of the first is reported; of the second nothing.
		const outcomes = first.deliveries.map((delivery, index) => ({ delivery, index }));
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
			const events = await timersWith(shard, type);
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
