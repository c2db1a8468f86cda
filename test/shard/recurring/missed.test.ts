import { describe, expect, it } from "vitest";
import { setClock, standStill } from "../clock.ts";
import { accepted, only, type ShardDriver, timerOf, WEBHOOK } from "../harness.ts";
import { at, MINUTE, recurring } from "./every-minute.ts";

standStill();

/** The machine is off until `now`: nothing rings on the way. */
async function offUntil(shard: ShardDriver, now: number) {
	setClock(now);
	await shard.reboot();
	return shard.advance(now + 1);
}

async function skipped(shard: ShardDriver, timer = 1) {
	const { items } = accepted(await shard.stub().events(timer, 0, 10_000));
	return items
		.filter(({ type }) => type === "timer.skipped")
		.map(({ data }) => [data["reason"], data["dueAt"] ?? [data["fromAt"], data["beforeAt"]]])
		.reverse();
}

function instants(from: number, to: number): string[] {
	const all: string[] = [];
	for (let n = from; n <= to; n++) all.push(new Date(at(n)).toISOString());
	return all;
}

describe("missed firings", () => {
	it("[MISFIRE-1] by default fire once, for the last; each of the others is an event", async () => {
		const shard = await recurring();
		const envelope = only(await offUntil(shard, at(4) + 10_000));
		expect(envelope.deliveries).toMatchObject([{ firing: 1, dueAt: at(4) }]);
		await shard.report(envelope);
		expect(await skipped(shard)).toEqual(instants(1, 3).map((at) => ["merged", at]));
		expect(await shard.timer(1)).toMatchObject({ nextAt: at(5), firedCount: 1 });
	});

	it("[MISFIRE-2] under `skip` are left out; one within the grace fires", async () => {
		const shard = await recurring({ ...WEBHOOK, misfire: { policy: "skip" } });
		expect(await offUntil(shard, at(3) + 31_000)).toEqual([]);
		expect(await skipped(shard)).toEqual(instants(1, 3).map((at) => ["misfire", at]));
		const envelope = only(await offUntil(shard, at(6) + 29_000));
		expect(envelope.deliveries).toMatchObject([{ firing: 1, dueAt: at(6) }]);
		expect((await skipped(shard)).slice(3)).toEqual(instants(4, 5).map((at) => ["misfire", at]));
	});

	it("[MISFIRE-3] under `catch_up` fire each, the last `max`, one after the other and paced", async () => {
		const misfire = { policy: "catch_up", max: 3, paceMs: 5_000 } as const;
		const shard = await recurring({ ...WEBHOOK, misfire });
		const now = at(6) + 1_000;
		const first = only(await offUntil(shard, now));
		expect(first.deliveries).toMatchObject([{ firing: 1, dueAt: at(4) }]);
		await shard.report(first);
		expect(await skipped(shard)).toEqual(instants(1, 3).map((at) => ["misfire", at]));
		const { claimedAt } = first;
		expect(await shard.advance(claimedAt + 4_999)).toEqual([]);
		const second = only(await shard.advance(claimedAt + 5_000));
		expect(second.deliveries).toMatchObject([{ firing: 2, dueAt: at(5) }]);
		await shard.report(second);
		const third = only(await shard.advance(claimedAt + 10_000));
		expect(third.deliveries).toMatchObject([{ firing: 3, dueAt: at(6) }]);
		await shard.report(third);
		expect((await shard.timer(1)).nextAt).toBe(at(7));
	});

	it("[MISFIRE-4] of a year by the second are told in few events, and quickly", async () => {
		const shard = await recurring();
		const schedule = { everyMs: 1_000, phaseMs: 0 };
		await shard.create(timerOf(at(1), { ...WEBHOOK, schedule }));
		const now = at(0) + 365 * 24 * 60 * MINUTE;
		await offUntil(shard, now);
		const told = await skipped(shard, 2);
		expect(told.length).toBe(21);
		expect(told[0]).toEqual(["merged", [instants(1, 1)[0], new Date(now - 20_000).toISOString()]]);
	});

	it("[MISFIRE-5] of a timer that fires once fire late; under `skip`, past the grace, it is skipped", async () => {
		const shard = await recurring();
		await shard.create(timerOf(at(1)));
		await shard.create(timerOf(at(1), { ...WEBHOOK, misfire: { policy: "skip" } }));
		await shard.create(
			timerOf(at(1), { ...WEBHOOK, misfire: { policy: "skip", graceMs: 10 * MINUTE } }),
		);
		const sent = await offUntil(shard, at(2) + 40_000);
		const timers = sent.flatMap(({ deliveries }) => deliveries.map(({ timer }) => timer));
		expect(timers.sort()).toEqual([1, 2, 4]);
		expect(await shard.statusOf(3)).toBe("skipped");
		expect((await shard.events(3)).at(-1)).toBe("timer.skipped");
		expect(await shard.stub().usage()).toMatchObject({ active: 3 });
	});
});
