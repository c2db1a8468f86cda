import { describe, expect, it } from "vitest";
import { setClock, standStill } from "./clock.ts";
import { DUE, firing, RETRY, RETRY_MS } from "./firing.ts";
import { answered, delivered, newShard, only, outcomeOf, timerOf, webhooks } from "./harness.ts";
import { countOf } from "./reading.ts";

standStill();

describe("several actions", () => {
	it("[SETTLE-10] settle the timer when all are delivered", async () => {
		const { shard, envelope } = await firing(3);
		expect(envelope.deliveries.map((delivery) => delivery.action)).toEqual([0, 1, 2]);
		await shard.report(envelope, delivered(envelope).slice(0, 2), false);
		expect(await shard.statusOf(1)).toBe("firing");
		await shard.report(envelope, delivered(envelope).slice(2), true);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.events(1)).toEqual([
			"timer.created",
			"timer.fired",
			...Array(3).fill(["delivery.attempted", "delivery.delivered"]).flat(),
			"timer.settled",
		]);
	});

	it("[SETTLE-11] fail the timer when one is dead and the others are done", async () => {
		const { shard, envelope } = await firing(3);
		const [a, b, c] = envelope.deliveries;
		if (a === undefined || b === undefined || c === undefined) throw new Error("too few");
		await shard.report(envelope, [outcomeOf(a, 200), outcomeOf(b, 404), outcomeOf(c, 500)]);
		expect(await shard.statusOf(1)).toBe("firing");
		const retry = only(await shard.advance(DUE + RETRY_MS));
		expect(retry.deliveries).toMatchObject([{ action: 2, attempt: 2 }]);
		await shard.report(retry);
		expect(await shard.statusOf(1)).toBe("failed");
		expect(countOf(await shard.events(1), "timer.failed")).toBe(1);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[SETTLE-12] a late success of one changes nothing about a timer that another has failed", async () => {
		const { shard, envelope } = await firing(2);
		await shard.report(envelope, answered(envelope, 404));
		expect(await shard.statusOf(1)).toBe("failed");
		await shard.report(envelope, delivered(envelope).slice(0, 1));
		expect(await shard.statusOf(1)).toBe("failed");
		expect(countOf(await shard.events(1), "timer.failed")).toBe(1);
		await shard.report(envelope, delivered(envelope).slice(1));
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[SETTLE-13] a retry comes when it is due though another action has no outcome yet", async () => {
		const { shard, envelope } = await firing(2);
		const [a] = envelope.deliveries;
		if (a === undefined) throw new Error("no delivery");
		await shard.report(envelope, [outcomeOf(a, 503)], false);
		const retry = only(await shard.advance(DUE + RETRY_MS));
		expect(retry.deliveries).toMatchObject([{ action: 0, attempt: 2 }]);
	});

	it("[SETTLE-13] a retry comes when it is due though another action's retry is under way", async () => {
		const { shard, envelope } = await firing(2);
		const [a, b] = envelope.deliveries;
		if (a === undefined || b === undefined) throw new Error("too few deliveries");
		await shard.report(envelope, [outcomeOf(a, 503)], false);
		setClock(DUE + 5_000);
		await shard.report(envelope, [outcomeOf(b, 503)], true);
		const first = only(await shard.advance(DUE + RETRY_MS));
		expect(first.deliveries).toMatchObject([{ action: 0, attempt: 2 }]);
		const second = only(await shard.advance(DUE + RETRY_MS + 5_000));
		expect(second.deliveries).toMatchObject([{ action: 1, attempt: 2 }]);
		// Given back, the first is due again at once.
		await shard.report(first, []);
		const again = only(await shard.advance(DUE + RETRY_MS + 5_010));
		expect(again.deliveries).toMatchObject([{ action: 0, attempt: 2 }]);
		await shard.report(again);
		await shard.report(second);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[SETTLE-14] deliveries of one timer may lie in different envelopes", async () => {
		const shard = newShard();
		// Twenty actions fill an envelope's last places: five timers of them make a hundred.
		await shard.createMany(7, timerOf(DUE, webhooks(20, { retry: RETRY })));
		await shard.create(timerOf(DUE, webhooks(3, { retry: RETRY })));
		await shard.createMany(3, timerOf(DUE, webhooks(20, { retry: RETRY })));
		const envelopes = await shard.advance(DUE);
		const holding = envelopes.filter((one) => one.deliveries.some(({ timer }) => timer === 11));
		expect(holding.length).toBeGreaterThan(1);
		for (const envelope of envelopes) await shard.report(envelope);
		for (let seq = 1; seq <= 11; seq++) {
			expect(await shard.stateOf(seq)).toBe("settled");
			expect(countOf(await shard.events(seq), "timer.fired")).toBe(1);
		}
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});
});
