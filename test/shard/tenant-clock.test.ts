import { expect, it, vi } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	type ShardDriver,
	timerOf,
	WEBHOOK,
	webhooks,
} from "./harness.ts";
import { timersOf } from "./reading.ts";

standStill();

const TOMORROW = START + DAY;

/** A shard of a runtime in which the tenant's time can be moved. */
function newMovable(): ShardDriver {
	const shard = newShard();
	shard.lab.devClock = "on";
	return shard;
}

/** What a step needs before it ends: reports that arrive while it waits. */
async function stepTo(
	shard: ShardDriver,
	at: number,
	answer: (shard: ShardDriver) => Promise<unknown> = reportAll,
): Promise<number> {
	const step = shard.stub().standAt(at);
	let isDone = false;
	const done = step.finally(() => {
		isDone = true;
	});
	while (!isDone) {
		await answer(shard);
		await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 1))]);
	}
	return done;
}

async function reportAll(shard: ShardDriver): Promise<void> {
	for (const envelope of shard.take()) await shard.report(envelope);
}

it("[CLOCK-3] a timer fires when the tenant's time is moved to its instant, and is told in that time", async () => {
	const shard = newMovable();
	const { seq } = await shard.create(timerOf(TOMORROW));
	expect(await shard.stub().nextDue(START)).toBe(TOMORROW);
	expect(await shard.alarmAt()).toBe(TOMORROW);
	expect(await stepTo(shard, TOMORROW - 1)).toBe(0);
	expect(await shard.statusOf(seq)).toBe("scheduled");
	expect(await stepTo(shard, TOMORROW)).toBe(1);
	expect(await shard.timer(seq)).toMatchObject({
		status: "settled",
		createdAt: START,
		fireAt: TOMORROW,
		firing: { dueAt: TOMORROW, firedAt: TOMORROW, settledAt: TOMORROW },
	});
	const { items } = accepted(await shard.stub().events(seq, 0, 10));
	const fired = items.find(({ type }) => type === "timer.fired");
	const dueAt = new Date(TOMORROW).toISOString();
	expect(fired).toMatchObject({ at: START, data: { dueAt, latenessMs: 0 } });
	expect(await shard.stub().nextDue(START)).toBe(null);
});

it("[CLOCK-3] the tenant's time runs on by itself, and the alarm follows it", async () => {
	const shard = newMovable();
	await shard.create(timerOf(TOMORROW));
	await stepTo(shard, TOMORROW - HOUR);
	await shard.evict();
	await shard.stub().wake(shard.call);
	setClock(START + HOUR - 1);
	await shard.ring();
	expect(shard.take()).toEqual([]);
	expect(await shard.alarmAt()).toBe(START + HOUR);
	expect(timersOf(await shard.advance(START + HOUR))).toEqual([1]);
});

it("[CLOCK-3] what is made after a move is made in the tenant's time, and listed in it", async () => {
	const shard = newMovable();
	await stepTo(shard, START);
	const first = await shard.create(timerOf(TOMORROW + HOUR));
	await stepTo(shard, TOMORROW);
	const { createdAt, seq } = await shard.create(timerOf(TOMORROW + MINUTE));
	expect(createdAt).toBe(TOMORROW);
	const filter = {
		statuses: null,
		name: null,
		labels: [],
		dueBefore: TOMORROW + HOUR,
		dueAfter: TOMORROW,
	};
	const call = { filter, order: "due", after: null, limit: 10 } as const;
	expect((await shard.stub().list(call)).items.map(({ timer }) => timer.seq)).toEqual([seq]);
	const all = { ...call, filter: { ...filter, dueBefore: null, dueAfter: null } };
	const listed = (await shard.stub().list(all)).items.map(({ timer }) => timer.seq);
	expect(listed).toEqual([seq, first.seq]);
});

it("[CLOCK-3] [ESC-9] the steps of an escalation follow the tenant's time, and so does an acknowledgement", async () => {
	const shard = newMovable();
	const steps = [{ actions: webhooks(1).actions ?? [] }, { afterMs: HOUR }];
	const escalation = { after: { unacknowledgedMs: HOUR }, steps };
	const { seq } = await shard.create(timerOf(TOMORROW, { ...WEBHOOK, escalation }));
	await stepTo(shard, TOMORROW);
	expect(await shard.stub().nextDue(START)).toBe(TOMORROW + HOUR);
	expect(await stepTo(shard, TOMORROW + HOUR)).toBe(1);
	const acknowledged = accepted(await shard.stub().acknowledge(shard.call, seq, null, null));
	expect(JSON.parse(acknowledged.doc).acknowledged.at).toBe(TOMORROW + HOUR);
	expect(await shard.stub().nextDue(START)).toBe(null);
});

it("[CLOCK-3] [CTRL-1] what is paused, run or filled in follows the tenant's time", async () => {
	const shard = newMovable();
	const schedule = { everyMs: HOUR, phaseMs: 0 };
	const { seq } = await shard.create(timerOf(START + HOUR, { ...WEBHOOK, schedule }));
	accepted(await shard.stub().pause(shard.call, seq, null));
	expect(await stepTo(shard, TOMORROW + 1)).toBe(0);
	const resumed = accepted(await shard.stub().resume(shard.call, seq, null));
	expect(resumed).toMatchObject({ fireAt: TOMORROW + HOUR });
	accepted(await shard.stub().run(shard.call, seq, null));
	const past = { from: START, to: START + 2 * HOUR, isSequential: true };
	accepted(await shard.stub().backfill(shard.call, seq, past));
	for (let n = 0; n < 5; n++) await stepTo(shard, TOMORROW + 1 + n);
	expect(await shard.timer(seq)).toMatchObject({ status: "scheduled", firedCount: 4 });
	expect(await stepTo(shard, TOMORROW + HOUR)).toBe(1);
});

it("[CLOCK-4] retries wait in real time, however far the tenant's time is moved", async () => {
	const shard = newMovable();
	const { seq } = await shard.create(
		timerOf(TOMORROW, { ...WEBHOOK, retry: { delaysMs: [MINUTE] } }),
	);
	await stepTo(shard, TOMORROW, async () => {
		for (const envelope of shard.take()) await shard.report(envelope, answered(envelope, 503));
	});
	expect(await shard.statusOf(seq)).toBe("firing");
	expect(await stepTo(shard, TOMORROW + 365 * DAY)).toBe(0);
	const delivery = only(await shard.deliveries(seq));
	expect(delivery).toMatchObject({ state: "retrying", attempts: 1 });
	expect(delivery.nextAttemptAt).toBe(START + MINUTE);
	const retry = only(await shard.advance(START + MINUTE));
	expect(only(retry.deliveries)).toMatchObject({ attempt: 2, dueAt: TOMORROW });
	await shard.report(retry);
	expect(await shard.statusOf(seq)).toBe("settled");
});

it("[CLOCK-4] an action that was never tried goes out at once beside a retry", async () => {
	const shard = newMovable();
	const { seq } = await shard.create(timerOf(TOMORROW, webhooks(2)));
	let isFirst = true;
	await stepTo(shard, TOMORROW, async () => {
		for (const envelope of shard.take()) {
			const outcomes = answered(envelope, 200);
			// The sender has no room for the second one.
			await shard.report(envelope, isFirst ? outcomes.slice(0, 1) : outcomes);
			isFirst = false;
		}
	});
	expect(await shard.statusOf(seq)).toBe("settled");
});

it("[CLOCK-5] a step waits until what fires has settled", async () => {
	const shard = newMovable();
	await shard.create(timerOf(TOMORROW));
	let isDone = false;
	const step = shard
		.stub()
		.standAt(TOMORROW)
		.then((fired) => {
			isDone = true;
			return fired;
		});
	await vi.waitFor(() => expect(shard.envelopes()).toHaveLength(1));
	await shard.idle();
	expect(isDone).toBe(false);
	await reportAll(shard);
	expect(await step).toBe(1);
});

it("[CLOCK-5] a step does not wait for what a mailbox holds", async () => {
	const shard = newMovable();
	const agent = { actions: [{ type: "agent", mailbox: "box" }] } as const;
	const { seq } = await shard.create(timerOf(TOMORROW, agent));
	const fired = await stepTo(shard, TOMORROW, async () => {
		for (const envelope of shard.take()) {
			const outcomes = envelope.deliveries.map(({ timer, firing, action, attempt }) => ({
				...{ timer, firing, action, attempt, kind: "accepted" as const },
				expiresAt: START + 14 * DAY,
			}));
			await shard.report(envelope, outcomes);
		}
	});
	expect(fired).toBe(1);
	expect(await shard.statusOf(seq)).toBe("firing");
	expect(await stepTo(shard, TOMORROW + 30 * DAY)).toBe(0);
	expect(only(await shard.deliveries(seq)).state).toBe("accepted");
});

it("[CLOCK-5] a step goes on without what has not settled in 30 s", async () => {
	const shard = newMovable();
	const [first, second] = [timerOf(TOMORROW), timerOf(TOMORROW + HOUR)];
	await shard.create(first);
	await shard.create(second);
	const wait = globalThis.setTimeout;
	vi.stubGlobal("setTimeout", (done: () => void, ms?: number) =>
		wait(done, ms === 30_000 ? 0 : ms),
	);
	try {
		expect(await shard.stub().standAt(TOMORROW)).toBe(1);
		expect(await shard.statusOf(1)).toBe("firing");
		expect(await shard.stub().standAt(TOMORROW + HOUR)).toBe(1);
	} finally {
		vi.unstubAllGlobals();
	}
	await reportAll(shard);
	const { firing } = await shard.timer(1);
	expect(firing).toMatchObject({ firedAt: TOMORROW, settledAt: TOMORROW + HOUR });
});

it("[CLOCK-6] the tenant's time outlives the object and the process", async () => {
	const shard = newMovable();
	await shard.create(timerOf(TOMORROW + HOUR));
	await stepTo(shard, TOMORROW);
	await shard.reboot();
	const { createdAt } = await shard.create(timerOf(TOMORROW + 2 * HOUR));
	expect(createdAt).toBe(TOMORROW);
	expect(await shard.stub().nextDue(TOMORROW)).toBe(TOMORROW + HOUR);
});

it("[CLOCK-6] a shard that missed a move catches up when it is woken, and never turns back", async () => {
	const shard = newMovable();
	await shard.create(timerOf(TOMORROW));
	await shard.stub().wake({ ...shard.call, aheadMs: HOUR });
	await shard.stub().wake({ ...shard.call, aheadMs: MINUTE });
	expect((await shard.create(timerOf(TOMORROW))).createdAt).toBe(START + HOUR);
	expect(await shard.alarmAt()).toBe(TOMORROW - HOUR);
});

it("[CLOCK-7] timers follow a runtime that moves time after one that cannot, and back", async () => {
	const shard = newShard();
	const { seq } = await shard.create(timerOf(TOMORROW));
	shard.lab.devClock = "on";
	await shard.evict();
	await stepTo(shard, TOMORROW - HOUR);
	shard.lab.devClock = "off";
	await shard.evict();
	expect(timersOf(await shard.advance(TOMORROW - 1))).toEqual([]);
	expect(timersOf(await shard.advance(TOMORROW))).toEqual([seq]);
	const [claim] = await shard.claims();
	expect(claim).toMatchObject({ lane: 1, ahead_ms: 0 });
});
