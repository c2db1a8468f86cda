import { describe, expect, it, vi } from "vitest";
import { HOUR, MINUTE, SECOND } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import { newShard, only, type ShardDriver, timerOf } from "./harness.ts";
import { registries } from "./worker.ts";

standStill();

const POLICY = { maxCompensationMs: 80, smoothingFactor: 0.5 };
const DUE = START + MINUTE;

/** A shard whose wakes have been late by these milliseconds, and that has nothing to do. */
async function lateBy(samples: readonly number[], policy = POLICY): Promise<ShardDriver> {
	const shard = newShard({ jitterPolicy: policy });
	for (const [index, lateMs] of samples.entries()) {
		const due = START + (index + 1) * SECOND;
		await shard.create(timerOf(due));
		setClock((await alarmOf(shard)) + lateMs);
		const ringing = shard.ring();
		setClock(Math.max(Date.now(), due));
		await ringing;
		await shard.report(only(shard.take()));
	}
	return shard;
}

async function alarmOf(shard: ShardDriver): Promise<number> {
	const at = await shard.alarmAt();
	if (at === null) throw new Error("no alarm is armed");
	return at;
}

/** The alarm rings when it is armed for. Resolves when the shard waits, and answers the ring's end. */
async function wake(shard: ShardDriver): Promise<{ readonly end: Promise<boolean> }> {
	setClock(await alarmOf(shard));
	const end = shard.ring();
	// It rings once it is armed no more.
	await vi.waitUntil(async () => (await shard.alarmAt()) === null, { interval: 1 });
	await shard.stub().usage();
	return { end };
}

describe("a shard whose wakes come late", () => {
	it("[DRIFT-11] is woken as much earlier as they were on average, and fires at the instant", async () => {
		const shard = await lateBy([42]);
		const { seq } = await shard.create(timerOf(DUE));
		expect(await alarmOf(shard)).toBe(DUE - 42);
		const { end } = await wake(shard);
		expect(shard.take()).toEqual([]);
		expect(await shard.statusOf(seq)).toBe("scheduled");
		setClock(DUE);
		await end;
		const envelope = only(shard.take());
		expect(envelope).toMatchObject({ claimedAt: DUE, deliveries: [{ dueAt: DUE }] });
		await shard.report(envelope);
		expect(await shard.timer(seq)).toMatchObject({
			fireAt: DUE,
			status: "settled",
			firing: { dueAt: DUE, firedAt: DUE },
		});
	});

	it("[DRIFT-10] smooths the lateness of wakes, and stops at the policy's bound", async () => {
		const shard = await lateBy([42, 100]);
		await shard.create(timerOf(DUE));
		expect(await alarmOf(shard)).toBe(DUE - 71);
		const other = await lateBy([120]);
		await other.create(timerOf(DUE));
		expect(await alarmOf(other)).toBe(DUE - 80);
	});

	it("[DRIFT-12] is woken at the due time where no policy says otherwise", async () => {
		for (const policy of [undefined, { maxCompensationMs: 0, smoothingFactor: 0.2 }]) {
			setClock(START);
			const shard = newShard(policy && { jitterPolicy: policy });
			await shard.create(timerOf(START + SECOND));
			setClock(START + SECOND + 40);
			await shard.ring();
			await shard.create(timerOf(DUE));
			await shard.pass(START + 10 * SECOND);
			expect(await alarmOf(shard)).toBe(DUE);
		}
	});

	it("[DRIFT-12] learns of a policy from the next call or wake that brings its version", async () => {
		const shard = newShard();
		await shard.create(timerOf(START + SECOND));
		registries.set(shard.tenant, { plan: "enterprise", version: 2, jitterPolicy: POLICY });
		await shard.stub().wake({ ...shard.call, configVersion: 2 });
		setClock(START + SECOND + 30);
		await shard.ring();
		await shard.report(only(shard.take()));
		await shard.create(timerOf(DUE));
		expect(await alarmOf(shard)).toBe(DUE - 30);
	});

	it("[DRIFT-13] fires what comes in while it waits at its own instant", async () => {
		const shard = await lateBy([60]);
		await shard.create(timerOf(DUE));
		const { end } = await wake(shard);
		await shard.create(timerOf(DUE - 20));
		setClock(DUE - 20);
		await end;
		expect(only(shard.take())).toMatchObject({ claimedAt: DUE - 20, deliveries: [{ timer: 3 }] });
		const again = await wake(shard);
		setClock(DUE);
		await again.end;
		expect(only(shard.take())).toMatchObject({ claimedAt: DUE, deliveries: [{ timer: 2 }] });
	});

	it("[DRIFT-13] does not wait for a clock that is set back meanwhile, and comes again", async () => {
		const shard = await lateBy([60]);
		await shard.create(timerOf(DUE));
		const { end } = await wake(shard);
		setClock(DUE - HOUR);
		await end;
		expect(shard.take()).toEqual([]);
		const armedAt = await alarmOf(shard);
		expect(armedAt).toBeGreaterThan(DUE - 80);
		expect(armedAt).toBeLessThan(DUE);
		const again = await wake(shard);
		setClock(DUE);
		await again.end;
		expect(only(shard.take())).toMatchObject({ claimedAt: DUE });
	});

	it("[DRIFT-14] keeps the average across evictions, and takes none from an outage", async () => {
		const shard = await lateBy([42]);
		await shard.writeLateness();
		await shard.evict();
		await shard.create(timerOf(DUE));
		expect(await alarmOf(shard)).toBe(DUE - 42);
		setClock(DUE + HOUR);
		await shard.ring();
		await shard.report(only(shard.take()));
		await shard.create(timerOf(DUE + 2 * HOUR));
		await shard.pass(DUE + HOUR + 10 * MINUTE);
		const armedAt = await alarmOf(shard);
		expect(armedAt).toBeLessThan(DUE + 2 * HOUR);
		expect(armedAt).toBeGreaterThanOrEqual(DUE + 2 * HOUR - 42);
	});

	it("[DRIFT-40] is woken earlier where one of its timers asks for it, by the largest bound asked", async () => {
		const shard = newShard();
		const asking = (maxCompensationMs: number) => ({
			...timerOf(DUE + HOUR),
			jitterPolicy: { maxCompensationMs, smoothingFactor: 1 },
		});
		for (const most of [30, 60, 10]) await shard.create(asking(most));
		await shard.create(timerOf(START + SECOND));
		setClock((await alarmOf(shard)) + 500);
		await shard.ring();
		await shard.report(only(shard.take()));
		await shard.writeLateness();
		await shard.evict();
		await shard.create(timerOf(DUE));
		expect(await alarmOf(shard)).toBe(DUE - 60);
	});
});
