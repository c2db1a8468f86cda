import { describe, expect, it } from "vitest";
import { START, setClock, standStill } from "../clock.ts";
import {
	accepted,
	answered,
	only,
	outcomeOf,
	refusal,
	timerOf,
	WEBHOOK,
	webhooks,
} from "../harness.ts";
import { at, everyMinute, MINUTE, recurring } from "./every-minute.ts";

standStill();

describe("a recurring timer", () => {
	it("[FIRE-1] fires at each occurrence, each time with the next number", async () => {
		const shard = await recurring();
		for (let n = 1; n <= 5; n++) {
			const envelope = only(await shard.advance(at(n)));
			expect(envelope.deliveries).toMatchObject([
				{ timer: 1, firing: n, attempt: 1, dueAt: at(n) },
			]);
			setClock(at(n) + 40);
			await shard.report(envelope);
			expect(await shard.timer(1)).toMatchObject({
				status: "scheduled",
				nextAt: at(n + 1),
				firedCount: n,
				firing: { seq: n, dueAt: at(n), firedAt: at(n), settledAt: at(n) + 40, status: "settled" },
			});
		}
		expect(accepted(await shard.stub().firings(1)).map(({ seq }) => seq)).toEqual([5, 4, 3, 2, 1]);
		expect((await shard.deliveries(1)).map(({ firing, state }) => [firing, state])).toEqual(
			[5, 4, 3, 2, 1].map((n) => [n, "delivered"]),
		);
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
		expect((await shard.events(1)).slice(0, 6)).toEqual([
			"timer.created",
			"timer.fired",
			"delivery.attempted",
			"delivery.delivered",
			"firing.settled",
			"timer.fired",
		]);
	});

	it("[FIRE-1] without actions goes on by itself", async () => {
		const shard = await recurring({ fidelity: "fast" });
		await shard.advance(at(3));
		expect(await shard.timer(1)).toMatchObject({ firedCount: 3, nextAt: at(4) });
		expect(await shard.events(1)).toEqual(["firing.settled", "firing.settled", "firing.settled"]);
	});

	it("[FIRE-2] whose firing fails goes on, and its dead letter can be replayed beside it", async () => {
		const shard = await recurring({ ...WEBHOOK, retry: { delaysMs: [1_000] } });
		const first = only(await shard.advance(at(1)));
		await shard.report(first, answered(first, 503));
		const second = only(await shard.advance(at(1) + 1_000));
		expect(second.deliveries).toMatchObject([{ firing: 1, attempt: 2, dueAt: at(1) }]);
		await shard.report(second, answered(second, 503));
		expect(await shard.timer(1)).toMatchObject({
			status: "scheduled",
			nextAt: at(2),
			firing: { seq: 1, status: "failed" },
		});
		await shard.report(only(await shard.advance(at(2))));
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 0, null));
		const again = only(await shard.advance(at(2) + 10));
		expect(again.deliveries).toMatchObject([{ timer: 1, firing: 1, attempt: 3 }]);
		await shard.report(again);
		expect(await shard.timer(1)).toMatchObject({
			status: "scheduled",
			nextAt: at(3),
			firedCount: 2,
		});
		expect((await shard.deliveries(1)).map(({ firing, state }) => [firing, state])).toEqual([
			[2, "delivered"],
			[1, "delivered"],
		]);
	});

	it("[FIRE-3] ends with the last of its limit, or of its schedule", async () => {
		const shard = await recurring(WEBHOOK, 2);
		await shard.report(only(await shard.advance(at(1))));
		expect(await shard.timer(1)).toMatchObject({ remaining: 1, status: "scheduled" });
		await shard.report(only(await shard.advance(at(2))));
		expect(await shard.timer(1)).toMatchObject({ status: "settled", remaining: 0, firedCount: 2 });
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		await shard.create(timerOf(at(3), { ...WEBHOOK, schedule: { dates: [at(3), at(4)] } }));
		await shard.report(only(await shard.advance(at(3))));
		await shard.report(only(await shard.advance(at(4))));
		expect(await shard.advance(at(9))).toEqual([]);
		expect(await shard.timer(2)).toMatchObject({ status: "settled", firedCount: 2 });
	});

	it("[FIRE-14] that has ended stays so while a dead letter of its last firing is replayed", async () => {
		const shard = await recurring(WEBHOOK, 2);
		await shard.report(only(await shard.advance(at(1))));
		const last = only(await shard.advance(at(2)));
		await shard.report(last, answered(last, 400));
		expect(await shard.timer(1)).toMatchObject({ status: "failed", firedCount: 2 });
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 2, 0, null));
		const again = only(await shard.advance(at(2) + 10));
		expect(again.deliveries).toMatchObject([{ timer: 1, firing: 2, attempt: 2, dueAt: at(2) }]);
		expect(await shard.timer(1)).toMatchObject({ status: "failed", firedCount: 2 });
		await shard.report(again);
		expect(await shard.timer(1)).toMatchObject({
			status: "failed",
			firedCount: 2,
			firing: { seq: 2, dueAt: at(2), firedAt: at(2), status: "settled" },
		});
		expect(await shard.advance(at(9))).toEqual([]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		accepted(await shard.stub().delete(shard.call, 1, null));
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[FIRE-14] is not taken up again by a late success of its last firing", async () => {
		const shard = await recurring(WEBHOOK, 1);
		const first = only(await shard.advance(at(1)));
		await shard.report(first, answered(first, 400));
		expect(await shard.timer(1)).toMatchObject({ status: "failed" });
		await shard.report(first, answered(first, 200));
		expect(await shard.timer(1)).toMatchObject({ status: "failed", firedCount: 1 });
		expect(await shard.deliveries(1)).toMatchObject([{ state: "delivered" }]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[FIRE-14] replays dead letters for the instants that their firings stood for", async () => {
		const shard = await recurring({ ...WEBHOOK, jitterMs: 20_000 });
		const [first] = await shard.advance(at(2) - 1);
		if (first === undefined) throw new Error("It has fired.");
		const [was] = first.deliveries;
		await shard.report(first, answered(first, 400));
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 0, null));
		const again = only(await shard.advance(at(2)));
		expect(again.deliveries).toMatchObject([
			{ firing: 1, dueAt: was?.dueAt, nominalAt: was?.nominalAt },
		]);
	});

	it("[FIRE-15] shows its next occurrence while another firing of it runs", async () => {
		const shard = await recurring();
		accepted(await shard.stub().run(shard.call, 1, null));
		const envelope = only(await shard.advance(START + 1));
		expect(await shard.timer(1)).toMatchObject({ status: "firing", nextAt: at(1) });
		await shard.report(envelope);
	});

	it("[FIRE-3] leaves out nothing behind the last of its limit", async () => {
		const shard = await recurring(WEBHOOK, 1);
		const slow = only(await shard.advance(at(1)));
		setClock(at(4));
		await shard.report(slow);
		expect(await shard.timer(1)).toMatchObject({ status: "settled" });
		expect(await shard.events(1)).not.toContain("timer.skipped");
	});

	it("[FIRE-4] is cancelled between its firings, and while one is claimed", async () => {
		const shard = await recurring();
		await shard.create(timerOf(at(1), everyMinute()));
		for (const envelope of await shard.advance(at(1))) {
			const [first, second] = envelope.deliveries;
			if (first === undefined || second === undefined) throw new Error("Both are due.");
			await shard.report(envelope, answered({ ...envelope, deliveries: [first] }, 200), false);
			const open = accepted(await shard.stub().cancel(shard.call, 2, "enough"));
			expect(open.outcome).toBe("in_flight");
			await shard.report(envelope, answered({ ...envelope, deliveries: [second] }, 200));
		}
		expect(accepted(await shard.stub().cancel(shard.call, 1, null)).outcome).toBe("cancelled");
		expect(await shard.timer(2)).toMatchObject({ status: "cancelled", cancelReason: "enough" });
		expect(await shard.advance(at(5))).toEqual([]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[FIRE-5] keeps a bounded trail and bounded rows, and its newest twenty firings", async () => {
		const shard = await recurring(webhooks(2, { fidelity: "full" }));
		for (let n = 1; n <= 60; n++) await shard.report(only(await shard.advance(at(n))));
		const firings = accepted(await shard.stub().firings(1));
		expect(firings.length).toBeGreaterThanOrEqual(20);
		expect(firings[0]).toMatchObject({ seq: 60, status: "settled" });
		const row = await shard.store((store) => store.getTimer.first(1));
		expect(row?.trail.length).toBeLessThan(6_000);
		const rows = await shard.store((store) => store.listDeliveries.all(1).length);
		expect(rows).toBeLessThanOrEqual(44);
		expect((await shard.events(1))[0]).toBe("timer.created");
	});

	it("[FIRE-5] remembers what an open firing has delivered, however many have ended since", async () => {
		const shard = await recurring({
			...webhooks(2),
			retry: { delaysMs: [1_000] },
			overlap: "allow",
		});
		const first = only(await shard.advance(at(1)));
		const [slow, quick] = first.deliveries;
		if (slow === undefined || quick === undefined) throw new Error("Two actions were asked for.");
		const { claim } = first;
		await shard.stub().report({ claim, outcomes: [outcomeOf(quick, 200)], last: false });
		for (let n = 1; n <= 25; n++) {
			accepted(await shard.stub().run(shard.call, 1, null));
			await shard.report(only(await shard.advance(at(1) + n * 10)));
		}
		await shard.stub().report({ claim, outcomes: [outcomeOf(slow, 503)], last: true });
		const { deliveries } = only(await shard.advance(at(1) + 5_000));
		expect(deliveries).toMatchObject([{ firing: 1, action: slow.action, attempt: 2 }]);
	});

	it("[FIRE-6] starts a firing later by its jitter and spread, the same whenever it is asked", async () => {
		const shard = await recurring({ ...WEBHOOK, jitterMs: 10_000, spreadMs: 20_000 });
		const offsets: number[] = [];
		for (let n = 1; n <= 4; n++) {
			const { nextAt, nominalAt } = await shard.timer(1);
			if (nextAt === null) throw new Error("It waits.");
			expect(nominalAt).toBe(at(n));
			offsets.push(nextAt - at(n));
			await shard.evict();
			expect((await shard.timer(1)).nextAt).toBe(nextAt);
			expect(await shard.advance(nextAt - 1)).toEqual([]);
			const envelope = only(await shard.advance(nextAt));
			expect(envelope.deliveries).toMatchObject([{ dueAt: nextAt, nominalAt: at(n) }]);
			await shard.report(envelope);
		}
		expect(Math.min(...offsets)).toBeGreaterThanOrEqual(0);
		expect(Math.max(...offsets)).toBeLessThan(30_000);
		expect(new Set(offsets).size).toBeGreaterThan(1);
	});

	it("[FIRE-7] takes a new schedule from the next firing on; an open firing refuses it", async () => {
		const shard = await recurring();
		const change = {
			dueAt: at(3) + 7,
			extendMs: null,
			docPatch: JSON.stringify({
				schedule: { everyMs: 10 * MINUTE, phaseMs: (at(3) + 7) % (10 * MINUTE) },
			}),
			ifMatch: null,
			horizonAt: Number.MAX_SAFE_INTEGER,
		};
		const envelope = only(await shard.advance(at(1)));
		expect(refusal(await shard.stub().patch(shard.call, 1, change))).toBe("in_flight");
		await shard.report(envelope);
		expect(accepted(await shard.stub().patch(shard.call, 1, change))).toMatchObject({
			nextAt: at(3) + 7,
		});
		const later = only(await shard.advance(at(3) + 7));
		expect(later.deliveries).toMatchObject([{ firing: 2 }]);
		await shard.report(later);
		expect((await shard.timer(1)).nextAt).toBe(at(13) + 7);
	});

	it("[FIRE-8] extended, moves one firing and keeps the rhythm of the others", async () => {
		const shard = await recurring();
		const change = {
			dueAt: null,
			extendMs: 5_000,
			docPatch: null,
			ifMatch: null,
			horizonAt: Number.MAX_SAFE_INTEGER,
		};
		accepted(await shard.stub().patch(shard.call, 1, change));
		expect(await shard.timer(1)).toMatchObject({ nextAt: at(1) + 5_000, nominalAt: at(1) });
		await shard.report(only(await shard.advance(at(1) + 5_000)));
		expect(await shard.timer(1)).toMatchObject({ nextAt: at(2), nominalAt: at(2) });
	});

	it("[FIRE-9] paused fires nothing, and goes on from when it is resumed, without a burst", async () => {
		const shard = await recurring();
		accepted(await shard.stub().pause(shard.call, 1, "moving"));
		expect(await shard.advance(at(5) + 1)).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		expect(await shard.advance(at(6) - 1)).toEqual([]);
		const envelope = only(await shard.advance(at(6)));
		expect(envelope.deliveries).toMatchObject([{ firing: 1, dueAt: at(6) }]);
		accepted(await shard.stub().pause(shard.call, 1, null));
		await shard.report(envelope);
		expect(await shard.statusOf(1)).toBe("paused");
		expect(await shard.advance(at(9))).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		expect(only(await shard.advance(at(10))).deliveries).toMatchObject([{ firing: 2 }]);
	});

	it("[FIRE-10] is deleted with all of its firings", async () => {
		const shard = await recurring({ ...WEBHOOK, overlap: "allow", retry: { delaysMs: [MINUTE] } });
		const first = only(await shard.advance(at(1)));
		expect(refusal(await shard.stub().delete(shard.call, 1, null))).toBe("in_flight");
		await shard.report(first, answered(first, 503));
		accepted(await shard.stub().delete(shard.call, 1, null));
		expect(await shard.advance(at(9))).toEqual([]);
		expect(await shard.store((store) => store.timersFrom.all(0, 10).length)).toBe(0);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});
});
