import { describe, expect, it } from "vitest";
import { leaseMs } from "../../src/core/lease.ts";
import { setClock, standStill } from "./clock.ts";
import { DUE, firing, RETRY_MS } from "./firing.ts";
import { answered, notStarted, only, outcomeOf, type ShardDriver } from "./harness.ts";
import { countOf, heldEvents } from "./reading.ts";

standStill();

/** How long the claim of one delivery with the default timeout lasts. */
const LEASE_MS = leaseMs(1, 10_000);

async function historyOf(shard: ShardDriver, action = 0) {
	const delivery = (await shard.deliveries(1))[action];
	return delivery?.history.map((attempt) => [attempt.attempt, attempt.outcome, attempt.status]);
}

describe("outcomes", () => {
	it.each([
		[410, "gone"],
		[404, "terminal"],
	])("[SETTLE-1] %d is a dead letter at once", async (status) => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, status));
		expect(await shard.deliveries(1)).toMatchObject([{ state: "dead", attempts: 1 }]);
		expect(await shard.events(1)).toEqual([
			"timer.created",
			"timer.fired",
			"delivery.attempted",
			"delivery.dead",
			"timer.failed",
		]);
	});

	it("[SETTLE-2] a receiver's Retry-After delays the retry", async () => {
		const { shard, envelope } = await firing();
		const outcome = outcomeOf(only(envelope.deliveries), 503);
		if (outcome.kind !== "attempted") throw new Error("not an attempt");
		await shard.report(envelope, [{ ...outcome, retryAfterMs: 90_000 }]);
		const { nextAttemptAt } = only(await shard.deliveries(1));
		expect(nextAttemptAt).toBeGreaterThanOrEqual(DUE + 90_000);
		expect(await shard.advance(DUE + 89_999)).toEqual([]);
		const retry = only(await shard.advance(nextAttemptAt ?? 0));
		expect(retry.deliveries).toMatchObject([{ attempt: 2 }]);
	});

	it("[SETTLE-3] a success counts however late, and ends what had been given up", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 404));
		expect(await shard.statusOf(1)).toBe("failed");
		setClock(DUE + 5_000);
		await shard.report(envelope);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.deliveries(1)).toMatchObject([{ state: "delivered" }]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		expect((await shard.events(1)).slice(-3)).toEqual([
			"delivery.attempted",
			"delivery.delivered",
			"timer.settled",
		]);
	});

	it("[SETTLE-3] a late success of an earlier attempt settles a delivery that waits for its retry", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		await shard.report(envelope);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.advance(DUE + RETRY_MS)).toEqual([]);
	});

	it("[SETTLE-3] a late success settles a delivery whose retry is under way, whatever comes of that", async () => {
		for (const status of [200, 500, 404]) {
			const { shard, envelope } = await firing();
			await shard.report(envelope, answered(envelope, 503));
			const retry = only(await shard.advance(DUE + RETRY_MS));
			await shard.report(envelope);
			expect(await shard.stateOf(1)).toBe("settled");
			await shard.report(retry, answered(retry, status));
			expect(await shard.stateOf(1)).toBe("settled");
			expect(await shard.deliveries(1)).toMatchObject([{ state: "delivered", attempts: 1 }]);
			expect(await shard.stub().usage()).toMatchObject({ active: 0 });
			expect(countOf(await shard.events(1), "timer.settled")).toBe(1);
			expect(await shard.claims()).toEqual([]);
		}
	});

	it("[SETTLE-4] a repeated report changes nothing", async () => {
		for (const status of [200, 503, 404]) {
			const { shard, envelope } = await firing();
			const outcomes = answered(envelope, status);
			await shard.report(envelope, outcomes);
			const once = [await shard.timer(1), await shard.events(1), await shard.deliveries(1)];
			await shard.report(envelope, outcomes);
			await shard.report(envelope, outcomes, false);
			expect([await shard.timer(1), await shard.events(1), await shard.deliveries(1)]).toEqual(
				once,
			);
		}
	});

	it("[SETTLE-4] a report repeated in one group changes nothing either", async () => {
		for (const status of [200, 503, 404]) {
			const { shard, envelope } = await firing();
			const outcomes = answered(envelope, status);
			await Promise.all([
				shard.report(envelope, outcomes, false),
				shard.report(envelope, outcomes, false),
				shard.report(envelope, outcomes),
				shard.report(envelope, outcomes),
			]);
			expect(await historyOf(shard)).toHaveLength(1);
			expect(countOf(await shard.events(1), "delivery.attempted")).toBe(1);
			expect(await shard.stub().usage()).toMatchObject({ active: status === 503 ? 1 : 0 });
			expect(await shard.claims()).toEqual([]);
		}
	});

	it("[SETTLE-5] a failure of an earlier attempt, or of no claim, changes nothing", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		const retry = only(await shard.advance(DUE + RETRY_MS));
		const before = await shard.timer(1);
		const stale = answered(envelope, 404);
		await shard.report(envelope, stale);
		await shard.report({ ...envelope, claim: 1 }, stale);
		await shard.report(retry, stale, false);
		expect(await shard.timer(1)).toEqual(before);
		expect(await shard.deliveries(1)).toMatchObject([{ state: "sending", attempts: 2 }]);
		await shard.report(retry);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[SETTLE-5] an envelope that ends with a stale outcome gives its delivery back", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		const retry = only(await shard.advance(DUE + RETRY_MS));
		await shard.report(retry, answered(envelope, 404), true);
		const again = only(await shard.advance(DUE + RETRY_MS + 5));
		expect(again.deliveries).toMatchObject([{ timer: 1, attempt: 2 }]);
	});

	it("[SETTLE-6] a lease that runs out burns an attempt", async () => {
		const { shard, envelope } = await firing();
		expect(envelope.leaseUntil).toBe(DUE + LEASE_MS);
		expect(await shard.advance(envelope.leaseUntil - 1)).toEqual([]);
		expect(await shard.statusOf(1)).toBe("firing");
		expect(await shard.advance(envelope.leaseUntil)).toEqual([]);
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "retrying", attempts: 1, nextAttemptAt: envelope.leaseUntil + RETRY_MS },
		]);
		const retry = only(await shard.advance(envelope.leaseUntil + RETRY_MS));
		expect(retry.deliveries).toMatchObject([{ attempt: 2 }]);
	});

	it("[SETTLE-6] a delivery that always takes its sender down ends in the dead letters", async () => {
		const { shard } = await firing();
		await shard.advance(DUE + 3 * LEASE_MS + 2 * RETRY_MS + 10);
		expect(await shard.statusOf(1)).toBe("failed");
		expect(await historyOf(shard)).toEqual([
			[1, "lease_expired", null],
			[2, "lease_expired", null],
			[3, "lease_expired", null],
		]);
	});

	it("[SETTLE-6] what an envelope reported before its lease ran out stays as reported", async () => {
		const { shard, envelope } = await firing(3);
		const [a, b] = envelope.deliveries;
		if (a === undefined || b === undefined) throw new Error("too few deliveries");
		await shard.report(envelope, [outcomeOf(a, 200), outcomeOf(b, 404)], false);
		await shard.evict();
		await shard.advance(envelope.leaseUntil);
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "delivered", attempts: 1 },
			{ state: "dead", attempts: 1 },
			{ state: "retrying", attempts: 1 },
		]);
		expect(await historyOf(shard, 1)).toHaveLength(1);
	});

	it("[SETTLE-7] not_started burns no attempt and is due again at once", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, [notStarted(only(envelope.deliveries))]);
		const again = only(await shard.advance(DUE + 5));
		expect(again.claim).not.toBe(envelope.claim);
		expect(again.deliveries).toMatchObject([{ timer: 1, attempt: 1 }]);
		await shard.report(again);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await historyOf(shard)).toEqual([[1, "delivered", 200]]);
	});

	it("[SETTLE-7] what a last report leaves out was not started", async () => {
		const { shard, envelope } = await firing(2);
		const [a] = envelope.deliveries;
		if (a === undefined) throw new Error("no delivery");
		await shard.report(envelope, [outcomeOf(a, 200)], true);
		const again = only(await shard.advance(DUE + 5));
		expect(again.deliveries).toMatchObject([{ action: 1, attempt: 1 }]);
		await shard.report(again);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[SETTLE-7] a retry that was not started keeps its number", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		const retry = only(await shard.advance(DUE + RETRY_MS));
		await shard.report(retry, [notStarted(only(retry.deliveries))]);
		expect(await shard.deliveries(1)).toMatchObject([{ state: "retrying", attempts: 1 }]);
		const again = only(await shard.advance(DUE + RETRY_MS + 5));
		expect(again.deliveries).toMatchObject([{ attempt: 2 }]);
	});

	it("[SETTLE-8] a firing is recorded once, however often it is claimed", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, [notStarted(only(envelope.deliveries))]);
		const again = only(await shard.advance(DUE + 5));
		await shard.report(again, [notStarted(only(again.deliveries))]);
		const third = only(await shard.advance(DUE + 10));
		await shard.report(third);
		expect(countOf(await shard.events(1), "timer.fired")).toBe(1);
		expect((await heldEvents(shard)).map(({ type }) => type)).toEqual(await shard.events(1));
		expect(await shard.timer(1)).toMatchObject({ firing: { firedAt: DUE } });
	});

	it("[SETTLE-8] a timer that has begun to fire stays `firing` while nothing of it is claimed", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, [notStarted(only(envelope.deliveries))]);
		expect(await shard.timer(1)).toMatchObject({ status: "firing", firing: { firedAt: DUE } });
		expect(await shard.deliveries(1)).toMatchObject([{ state: "queued", attempts: 0 }]);
	});

	it("[SETTLE-9] a success reported under a claim that was given back counts once", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, [], true);
		const again = only(await shard.advance(DUE + 5));
		// The first sender had delivered after all.
		await shard.report(envelope);
		expect(await shard.stateOf(1)).toBe("settled");
		await shard.report(again);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		expect(countOf(await shard.events(1), "timer.settled")).toBe(1);
	});
});
