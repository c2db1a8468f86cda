import { describe, expect, it } from "vitest";
import { planOf } from "../../../src/core/plan.ts";
import { DAY, HOUR, MINUTE } from "../../../src/core/units.ts";
import { START, setClock, standStill } from "../clock.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	refusal,
	timerOf,
	WEBHOOK,
	webhooks,
} from "../harness.ts";
import { hoursOfRings, live, REST_MS, sizeOf } from "./ageing.ts";

standStill();

const DUE = START + MINUTE;
const KEPT_MS = planOf("free").historyDays * DAY;

/** A free tenant's shard whose timer 1 has settled at DUE. */
async function settled() {
	const shard = newShard({ plan: "free" });
	await shard.create(timerOf(DUE, webhooks(1)));
	await live(shard, DUE);
	return shard;
}

describe("what is old", () => {
	it("[KEEP-1] an ended timer is kept for the plan's period, and then removed with its history", async () => {
		const shard = await settled();
		await shard.pass(DUE + KEPT_MS);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.events(1)).toContain("timer.settled");
		await shard.pass(DUE + KEPT_MS + REST_MS + 1_000);
		expect(refusal(await shard.stub().get(1))).toBe("not_found");
		expect(refusal(await shard.stub().events(1, 0, 10))).toBe("not_found");
		expect(await sizeOf(shard)).toMatchObject({ timer: 0, delivery: 0, event_chunk: 1 });
		expect(await shard.alarmAt()).toBeNull();
	});

	it.each(["failed", "cancelled"] as const)("[KEEP-1] so is one that %s", async (state) => {
		const shard = newShard({ plan: "free" });
		await shard.create(timerOf(DUE, webhooks(3)));
		if (state === "cancelled") await shard.stub().cancel(shard.call, 1, null);
		for (const envelope of await shard.advance(DUE)) {
			await shard.report(envelope, answered(envelope, 404));
		}
		expect(await shard.stateOf(1)).toBe(state);
		await shard.pass(DUE + KEPT_MS + REST_MS + 1_000);
		expect(await sizeOf(shard)).toMatchObject({ timer: 0, delivery: 0 });
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[KEEP-2] a timer that has not ended stays, and answers the events that are left of it", async () => {
		const shard = newShard({ plan: "free" });
		const far = START + KEPT_MS + 90 * DAY;
		await shard.create(timerOf(far, webhooks(1)));
		await shard.create(timerOf(DUE, webhooks(1)));
		await live(shard, DUE);
		await shard.pass(START + KEPT_MS + 2 * DAY);
		expect(await shard.statusOf(1)).toBe("scheduled");
		expect(await shard.events(1)).toEqual([]);
		await live(shard, far);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.events(1)).not.toContain("timer.created");
	});

	it("[KEEP-15] the dead letters of a timer that goes on recurring go by age, one firing after another", async () => {
		const shard = newShard({ plan: "free" });
		const schedule = { everyMs: DAY, phaseMs: DUE % DAY };
		await shard.create(timerOf(DUE, { ...webhooks(2), schedule }));
		const days = KEPT_MS / DAY + 5;
		for (let day = 0; day < days; day++) {
			for (const envelope of await shard.advance(DUE + day * DAY)) {
				await shard.report(envelope, answered(envelope, 404));
			}
		}
		expect(await shard.statusOf(1)).toBe("scheduled");
		const { delivery } = await sizeOf(shard);
		expect(delivery).toBeGreaterThanOrEqual((2 * KEPT_MS) / DAY);
		expect(delivery).toBeLessThanOrEqual(2 * (KEPT_MS / DAY + 2));
	});

	it("[KEEP-3] a timer that was replayed goes with its later end", async () => {
		const shard = newShard({ plan: "free" });
		await shard.create(timerOf(DUE, webhooks(1)));
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 404));
		const later = DUE + 20 * DAY;
		await shard.pass(later);
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 0, null));
		await shard.pass(later + 1);
		await live(shard, later + 1);
		await shard.pass(DUE + KEPT_MS + DAY);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.deliveries(1)).toMatchObject([{ state: "delivered" }]);
		await shard.pass(later + KEPT_MS + DAY);
		expect(refusal(await shard.stub().get(1))).toBe("not_found");
	});

	it("[KEEP-3] a timer that fires still is not removed", async () => {
		const shard = newShard({ plan: "free" });
		await shard.create(timerOf(DUE, webhooks(1)));
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 404));
		// Due again in two months.
		const rate = 1 / 1_000;
		const startAt = DUE + 60 * DAY;
		const any = { name: null, labels: [], deadBefore: null, deadAfter: null, host: null };
		await shard.stub().replayDeadLetters(shard.call, any, startAt, rate);
		await shard.pass(DUE + KEPT_MS + DAY);
		expect(await shard.statusOf(1)).toBe("firing");
		await live(shard, startAt);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[KEEP-4] sequences of events go on after all of them were removed, also after a restart", async () => {
		const shard = await settled();
		const before = accepted(await shard.stub().events(1, 0, 10)).items[0]?.sequence ?? 0;
		const late = DUE + KEPT_MS + DAY;
		await shard.pass(late);
		await shard.reboot();
		await shard.create(timerOf(late + MINUTE, webhooks(1)));
		const after = accepted(await shard.stub().events(2, 0, 10)).items;
		expect(before).toBeGreaterThan(0);
		expect(after.every(({ sequence }) => sequence > before)).toBe(true);
	});

	it("[KEEP-12] a reader of removed events is told the gap, also of the newest", async () => {
		const shard = await settled();
		await shard.pass(DUE + KEPT_MS + DAY);
		const stale = await shard.stub().eventsAfter({ chunk: 1, index: 0 }, 10);
		expect(stale.events).toEqual([]);
		expect(stale.gap).not.toBeNull();
		expect(stale.more).toBe(false);
		const { chunk } = stale.position;
		expect(stale.gap?.to).toBe(chunk * 512 - 1);
		await shard.create(timerOf(Date.now() + MINUTE, webhooks(1)));
		const next = await shard.stub().eventsAfter(stale.position, 10);
		expect(next).toMatchObject({ gap: null, events: [{ type: "timer.created" }] });
	});

	it("[KEEP-5] a dedupe key goes with its timer, and an idempotency key within hours after its day", async () => {
		const shard = newShard({ plan: "free" });
		await shard.create(timerOf(DUE, WEBHOOK, "d"), { key: "k", bodyHash: "a" });
		await live(shard, DUE);
		await shard.pass(START + 20 * HOUR);
		expect(await sizeOf(shard)).toMatchObject({ unique_key: 2 });
		await shard.pass(START + 31 * HOUR);
		expect(await sizeOf(shard)).toMatchObject({ unique_key: 1 });
		await shard.pass(DUE + KEPT_MS + DAY);
		expect(await sizeOf(shard)).toMatchObject({ timer: 0, unique_key: 0 });
	});

	it("[KEEP-5] a dedupe key that a later timer holds is not freed by the removal of the first", async () => {
		const shard = newShard({ plan: "free" });
		await shard.create(timerOf(DUE, WEBHOOK, "d"));
		await live(shard, DUE);
		const later = DUE + KEPT_MS + 90 * DAY;
		expect(await shard.create(timerOf(later, WEBHOOK, "d"))).toMatchObject({ seq: 2 });
		await shard.pass(DUE + KEPT_MS + DAY);
		expect(refusal(await shard.stub().get(1))).toBe("not_found");
		expect(await shard.create(timerOf(later, WEBHOOK, "d"))).toMatchObject({
			kind: "existing",
			seq: 2,
		});
	});

	it("[KEEP-6] a finished job can be asked for seven days", async () => {
		const shard = newShard({ plan: "free" });
		await shard.createMany(10, timerOf(DUE));
		const filter = { statuses: null, labels: [], name: null, dueBefore: null, dueAfter: null };
		await shard.stub().startJob(shard.call, 99, "cancel", filter, null, 10);
		await shard.pass(START + 7 * DAY - HOUR);
		expect(await shard.stub().job(99)).toMatchObject({ done: true });
		await shard.pass(START + 9 * DAY);
		expect(await shard.stub().job(99)).toBeNull();
	});
});

describe("removal", () => {
	it("[KEEP-7] wakes an idle shard at most once an hour, and not at all when nothing is left", async () => {
		const shard = newShard({ plan: "free" });
		for (let minute = 1; minute <= 180; minute++) {
			await shard.create(timerOf(START + minute * MINUTE, webhooks(1)));
			await live(shard, START + minute * MINUTE);
		}
		await shard.pass(START + DAY);
		expect(await hoursOfRings(shard, START + KEPT_MS - HOUR)).toBe(0);
		expect(await hoursOfRings(shard, START + KEPT_MS + DAY)).toBeLessThanOrEqual(4);
		expect(await sizeOf(shard)).toMatchObject({ timer: 0, event_chunk: 1 });
		expect(await shard.alarmAt()).toBeNull();
	});

	it("[KEEP-8] goes in slices, and lets what is due go first", async () => {
		const shard = newShard();
		await shard.createMany(6_000, timerOf(DUE, { ...webhooks(1), fidelity: "fast" }));
		await live(shard, DUE);
		const late = DUE + planOf("enterprise").historyDays * DAY + REST_MS;
		await shard.create(timerOf(late + 1_000, webhooks(1)));
		setClock(late + 1_000);
		const before = shard.lab.transactions;
		await shard.ring();
		expect(shard.take().flatMap(({ deliveries }) => deliveries)).toHaveLength(1);
		const { timer } = await sizeOf(shard);
		expect(timer).toBeGreaterThan(3_000);
		expect(timer).toBeLessThan(6_000);
		expect(shard.lab.transactions - before).toBeGreaterThan(10);
		expect(await shard.alarmAt()).toBe(late + 1_001);
		await shard.pass(late + 2_000);
		expect(await sizeOf(shard)).toMatchObject({ timer: 1 });
	});

	it("[KEEP-8] goes on after an eviction between any two slices", async () => {
		const shard = newShard({ plan: "pro" });
		await shard.createMany(3_000, timerOf(DUE, webhooks(1)));
		await live(shard, DUE);
		setClock(DUE + planOf("pro").historyDays * DAY + 2 * REST_MS);
		for (let ring = 0; ring < 20; ring++) {
			await shard.ring();
			await shard.evict();
		}
		expect(await sizeOf(shard)).toMatchObject({ timer: 0, event_chunk: 1 });
	});

	it("[KEEP-9] that fails is tried again an hour later, and holds up no timer", async () => {
		const shard = await settled();
		shard.lab.fault = (query) => {
			if (query.startsWith("DELETE FROM timer")) throw new Error("asked for");
		};
		const late = DUE + KEPT_MS + REST_MS;
		await shard.create(timerOf(late + 10, webhooks(1)));
		await live(shard, late + 5_000);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.statusOf(2)).toBe("settled");
		expect(await hoursOfRings(shard, late + 10 * MINUTE)).toBeLessThanOrEqual(2);
		shard.lab.fault = () => {};
		await shard.pass(late + 3 * HOUR);
		expect(refusal(await shard.stub().get(1))).toBe("not_found");
	});

	it.each([
		["fast", 1.05],
		["full", 2],
	] as const)("[KEEP-10] of a %s timer writes at most %d rows", async (fidelity, most) => {
		const shard = newShard({ plan: "pro" });
		await shard.createMany(1_000, timerOf(DUE, { ...webhooks(1), fidelity }));
		await live(shard, DUE);
		await shard.pass(DUE + DAY);
		const before = { ...shard.lab };
		await shard.pass(DUE + planOf("pro").historyDays * DAY + 2 * REST_MS);
		expect(await sizeOf(shard)).toMatchObject({ timer: 0 });
		const { rowsWritten, alarms } = shard.lab;
		const written = rowsWritten - before.rowsWritten + alarms - before.alarms;
		expect(written / 1_000).toBeLessThanOrEqual(most);
	});

	it("[KEEP-11] keeps a shard that is used day after day from growing", {
		timeout: 60_000,
	}, async () => {
		const shard = newShard({ plan: "free" });
		const sizes: number[] = [];
		const bytes: number[] = [];
		for (let day = 0; day < 10 * 7; day++) {
			const at = START + day * DAY;
			await shard.pass(at);
			for (let n = 0; n < 10; n++) {
				const key = { key: `day ${day} ${n}`, bodyHash: "a" };
				await shard.create(timerOf(at + HOUR, WEBHOOK, `d${day}-${n}`), key);
			}
			await live(shard, at + HOUR);
			const size = await sizeOf(shard);
			sizes.push(Object.values(size).reduce((sum, rows) => sum + rows, 0));
			bytes.push(await shard.inside((storage) => storage.sql.databaseSize));
		}
		const [grown = 0, grownBytes = 0] = [
			Math.max(...sizes.slice(0, 35)),
			Math.max(...bytes.slice(0, 35)),
		];
		expect(grown).toBeGreaterThan(600);
		expect(Math.max(...sizes.slice(35))).toBeLessThanOrEqual(grown);
		expect(Math.max(...bytes.slice(35))).toBeLessThanOrEqual(grownBytes * 1.1);
	});
});
