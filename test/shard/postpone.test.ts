/** Deliveries that were not sent, to spare their host. */
import { expect, it } from "vitest";
import type { DeliveryOutcome, Envelope } from "../../src/contract/envelope.ts";
import { setClock, standStill } from "./clock.ts";
import { DUE, firing } from "./firing.ts";
import { accepted, answered, only, type ShardDriver } from "./harness.ts";

standStill();

const HOST = "example.com";
const DAY = 24 * 60 * 60 * 1_000;

function postponed(envelope: Envelope, until: number): DeliveryOutcome[] {
	return envelope.deliveries.map(({ timer, firing, action, attempt }) => ({
		...{ timer, firing, action, attempt },
		...({ kind: "postponed", until, reason: "circuit_open", host: HOST } as const),
	}));
}

/** The next envelope, at whatever instant of the spread it comes. */
async function sentAgain(shard: ShardDriver): Promise<Envelope> {
	const { nextAttemptAt } = only(await shard.deliveries(1));
	return only(await shard.advance(nextAttemptAt ?? 0));
}

it("[HEALTH-6] waits for its host and no attempt is counted", async () => {
	const { shard, envelope } = await firing();
	const until = DUE + 5_000;
	await shard.report(envelope, postponed(envelope, until));
	const waiting = only(await shard.deliveries(1));
	expect(waiting).toMatchObject({
		state: "retrying",
		attempts: 0,
		history: [],
		postponed: { until, reason: "circuit_open", host: HOST },
	});
	expect(waiting.nextAttemptAt).toBeGreaterThanOrEqual(until);
	expect(waiting.nextAttemptAt).toBeLessThan(until + 5_000);
	expect(await shard.advance(until - 1)).toEqual([]);

	const again = await sentAgain(shard);
	expect(again.deliveries).toMatchObject([{ timer: 1, attempt: 1 }]);
	expect(await shard.deliveries(1)).toMatchObject([{ state: "sending", postponed: null }]);
	await shard.report(again);
	expect(await shard.statusOf(1)).toBe("settled");
	expect(await shard.deliveries(1)).toMatchObject([
		{ state: "delivered", attempts: 1, postponed: null },
	]);
});

it("[HEALTH-6] between two attempts it changes neither their count nor their record", async () => {
	const { shard, envelope } = await firing();
	await shard.report(envelope, answered(envelope, 503));
	const second = await sentAgain(shard);
	await shard.report(second, postponed(second, Date.now() + 60_000));
	expect(only(await shard.deliveries(1))).toMatchObject({
		attempts: 1,
		history: [{ attempt: 1, status: 503 }],
		postponed: { host: HOST },
	});
	const third = await sentAgain(shard);
	expect(third.deliveries).toMatchObject([{ attempt: 2 }]);
	await shard.report(third, answered(third, 503));
	expect(only(await shard.deliveries(1))).toMatchObject({ attempts: 2, postponed: null });
});

it("[HEALTH-6] the events say why, and that the timer fired once", async () => {
	const { shard, envelope } = await firing();
	await shard.report(envelope, postponed(envelope, DUE + 5_000));
	const again = await sentAgain(shard);
	await shard.report(again);
	const { items } = accepted(await shard.stub().events(1, 0, 100));
	expect(items.map(({ type }) => type).reverse()).toEqual([
		"timer.created",
		"timer.fired",
		"delivery.retrying",
		"delivery.attempted",
		"delivery.delivered",
		"timer.settled",
	]);
	expect(items.find(({ type }) => type === "delivery.retrying")?.data).toMatchObject({
		attempt: 1,
		reason: "circuit_open",
		host: HOST,
	});
});

it("[HEALTH-6] told twice, or of an earlier claim, it changes nothing", async () => {
	const { shard, envelope } = await firing();
	const outcomes = postponed(envelope, DUE + 5_000);
	await shard.report(envelope, outcomes);
	const before = [await shard.deliveries(1), await shard.events(1)];
	await shard.report(envelope, outcomes);
	expect([await shard.deliveries(1), await shard.events(1)]).toEqual(before);
	const again = await sentAgain(shard);
	await shard.report(envelope, outcomes);
	expect(await shard.deliveries(1)).toMatchObject([{ state: "sending" }]);
	await shard.report(again);
	await shard.report(envelope, outcomes);
	expect(await shard.statusOf(1)).toBe("settled");
});

it("[HEALTH-6] a restart forgets nothing of it", async () => {
	const { shard, envelope } = await firing();
	await shard.report(envelope, postponed(envelope, DUE + 5_000));
	const before = await shard.deliveries(1);
	await shard.reboot();
	expect(await shard.deliveries(1)).toEqual(before);
	const again = await sentAgain(shard);
	await shard.report(again);
	expect(await shard.statusOf(1)).toBe("settled");
});

it("[HEALTH-6] a timer cancelled meanwhile ends without an attempt", async () => {
	const { shard, envelope } = await firing();
	accepted(await shard.stub().cancel(shard.call, 1, null));
	await shard.report(envelope, postponed(envelope, DUE + 5_000));
	expect(await shard.statusOf(1)).toBe("cancelled");
	expect(await shard.deliveries(1)).toMatchObject([{ state: "cancelled", attempts: 0 }]);
});

it("[HEALTH-8] after a day of waiting an attempt counts as failed", async () => {
	const { shard, envelope } = await firing();
	await shard.report(envelope, postponed(envelope, DUE + DAY));
	const again = await sentAgain(shard);
	setClock(DUE + DAY + 31_000);
	await shard.report(again, postponed(again, DUE + DAY + 60_000));
	expect(only(await shard.deliveries(1))).toMatchObject({
		state: "retrying",
		attempts: 1,
		postponed: null,
		history: [{ attempt: 1, outcome: "connection_failed" }],
	});
});
