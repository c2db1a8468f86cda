import { describe, expect, it } from "vitest";
import { leaseMs } from "../../src/core/lease.ts";
import { START, setClock, standStill } from "./clock.ts";
import {
	answered,
	delivered,
	newShard,
	notStarted,
	only,
	outcomeOf,
	type ShardDriver,
	timerOf,
	webhooks,
} from "./harness.ts";

standStill();

const DUE = START + 60_000;
const RETRY_MS = 20_000;
const RETRY = { delaysMs: [RETRY_MS, RETRY_MS] };
/** How long the claim of one delivery with the default timeout lasts. */
const LEASE_MS = leaseMs(1, 10_000);

/** A shard with one timer of `actions` webhooks, claimed. */
async function firing(actions = 1, doc: Parameters<typeof webhooks>[1] = {}) {
	setClock(START);
	const shard = newShard();
	await shard.create(timerOf(DUE, webhooks(actions, { retry: RETRY, ...doc })));
	const envelope = only(await shard.advance(DUE));
	return { shard, envelope };
}

async function historyOf(shard: ShardDriver, action = 0) {
	const delivery = (await shard.deliveries(1))[action];
	return delivery?.history.map((attempt) => [attempt.attempt, attempt.outcome, attempt.status]);
}

function countOf<T>(items: readonly T[], wanted: T): number {
	return items.filter((item) => item === wanted).length;
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
		expect(await allEvents(shard)).toEqual(await shard.events(1));
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

/** The types of all events that the shard holds, in order. */
async function allEvents(shard: ShardDriver): Promise<string[]> {
	const { EVENT_TYPES } = await import("../../src/contract/event.ts");
	return shard.inside((storage) =>
		storage.sql
			.exec<{ body: string }>("SELECT body FROM event_chunk ORDER BY seq")
			.toArray()
			.flatMap(({ body }) => JSON.parse(body) as ([number] | null)[])
			.map((stored) => (stored === null ? "erased" : String(EVENT_TYPES[stored[0]]))),
	);
}
