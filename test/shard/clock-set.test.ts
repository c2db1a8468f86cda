import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EDGES_PER_TRANSACTION } from "../../durable-objects/tenant-shard/constants.ts";
import type { Envelope } from "../../src/contract/envelope.ts";
import { LEASE_MAX_MS } from "../../src/core/lease.ts";
import { DAY, HOUR, MINUTE, SECOND } from "../../src/core/units.ts";
import { dependent } from "./chain/dependents.ts";
import { START, setClock, standStill } from "./clock.ts";
import {
	accepted,
	answered,
	newShard,
	notStarted,
	only,
	timerOf,
	WEBHOOK,
	webhooks,
} from "./harness.ts";
import { timersOf } from "./reading.ts";
import { at, recurring } from "./recurring/every-minute.ts";

standStill();

const DUE = START + DAY;

const ONCE = [
	"timer.created",
	"timer.fired",
	"delivery.attempted",
	"delivery.delivered",
	"timer.settled",
];

describe("a clock that is set back", () => {
	it("[DRIFT-21] in the middle of a firing claims nothing again, and its outcome settles once", async () => {
		const shard = newShard();
		await shard.createMany(3, timerOf(DUE));
		const envelope = only(await shard.advance(DUE));
		setClock(DUE - HOUR);
		await shard.ring();
		await shard.report(envelope);
		await shard.report(envelope);
		expect(timersOf(await shard.advance(DUE + HOUR))).toEqual([]);
		for (const seq of [1, 2, 3]) expect(await shard.events(seq)).toEqual(ONCE);
		expect((await shard.timer(1)).firing).toMatchObject({ dueAt: DUE, firedAt: DUE });
	});

	it("[DRIFT-21] after a claim fires what comes in for between, and nothing a second time", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		await shard.create(timerOf(DUE + 10));
		const first = only(await shard.advance(DUE));
		setClock(DUE - HOUR);
		await shard.create(timerOf(DUE - 30 * MINUTE));
		const between = await shard.advance(DUE - 30 * MINUTE);
		expect(timersOf(between)).toEqual([3]);
		await shard.report(first);
		await shard.report(only(between));
		expect(timersOf(await shard.advance(DUE + 10))).toEqual([2]);
	});

	it("[DRIFT-21] while nothing is in memory any more fires nothing a second time", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		await shard.create(timerOf(DUE, webhooks(2)));
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 200).slice(0, 1), false);
		setClock(DUE - HOUR);
		await shard.evict();
		expect(timersOf(await shard.advance(DUE + 30 * SECOND))).toEqual([]);
		await shard.report(envelope);
		expect(await shard.events(1)).toEqual(ONCE);
		expect(await shard.statusOf(2)).toBe("settled");
	});

	it("[DRIFT-21] waits for the due time anew, where what was claimed comes back unsent", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		const envelope = only(await shard.advance(DUE));
		setClock(DUE - HOUR);
		await shard.report(envelope, envelope.deliveries.map(notStarted));
		expect(await shard.advance(DUE - 1)).toEqual([]);
		const again = only(await shard.advance(DUE));
		expect(again.deliveries).toMatchObject([{ timer: 1, attempt: 1 }]);
		await shard.report(again);
		expect(await shard.events(1)).toEqual(ONCE);
	});

	it("[DRIFT-22] does not hold up what is left to be told to dependents", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		const timers = Array.from({ length: EDGES_PER_TRANSACTION + 10 }, (_, index) => ({
			index,
			timer: dependent(shard, [{ shard: 0, seq: 1 }]),
		}));
		accepted(await shard.stub().createBatch(shard.call, timers, null));
		await shard.stub().cancel(shard.call, 1, null);
		expect((await shard.stub().usage()).active).toBeGreaterThan(0);
		setClock(START - DAY);
		await shard.ring();
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[DRIFT-22] by a day leaves no lost envelope unnoticed for longer than the longest lease", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { ...WEBHOOK, retry: { delaysMs: [SECOND] } }));
		await shard.advance(DUE);
		setClock(START);
		await shard.stub().wake({ ...shard.call, clockWasSet: true });
		const again = only(await shard.advance(START + LEASE_MAX_MS + 2 * SECOND));
		expect(again.deliveries).toMatchObject([{ timer: 1, firing: 1, action: 0, attempt: 2 }]);
	});
});

describe("a clock that is set ahead", () => {
	it("[DRIFT-23] past the leases repeats what was in flight under the same ids, and settles once", async () => {
		const shard = newShard();
		const retry = { delaysMs: [SECOND, SECOND] };
		await shard.createMany(2, timerOf(DUE, { ...WEBHOOK, retry }));
		const first = only(await shard.advance(DUE));
		setClock(DUE + HOUR);
		await shard.ring();
		const second = only(await shard.advance(DUE + HOUR + 2 * SECOND));
		const idOf = ({ deliveries }: Envelope) =>
			deliveries.map(({ timer, firing, action }) => `${timer}.${firing}.${action}`);
		expect(idOf(second)).toEqual(idOf(first));
		expect(second.deliveries).toMatchObject([{ attempt: 2 }, { attempt: 2 }]);
		await shard.report(first);
		await shard.report(second);
		for (const seq of [1, 2]) {
			const events = await shard.events(seq);
			expect(events.filter((type) => type === "timer.fired")).toHaveLength(1);
			expect(events.filter((type) => type === "timer.settled")).toHaveLength(1);
		}
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[DRIFT-24] past an alarm that does not ring has it set again by the next that comes in", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		setClock(DUE + HOUR);
		await shard.create(timerOf(DUE + 2 * HOUR));
		expect(await shard.alarmAt()).toBe(DUE + HOUR + 1);
		expect(timersOf(await shard.advance(DUE + HOUR + 1))).toEqual([1]);
		expect(await shard.alarmAt()).toBeLessThanOrEqual(DUE + 2 * HOUR);
	});

	it("[DRIFT-24] towards an alarm has it set anew by a wake that says so", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		setClock(DUE - MINUTE);
		await shard.stub().wake(shard.call);
		expect(await shard.alarmAt()).toBe(DUE);
		await shard.stub().wake({ ...shard.call, clockWasSet: true });
		expect(await shard.alarmAt()).toBe(DUE - MINUTE + 1);
		expect(timersOf(await shard.advance(DUE - 1))).toEqual([]);
		expect(await shard.alarmAt()).toBe(DUE);
	});
});

describe("a schedule", () => {
	it("[DRIFT-21] repeats no occurrence after the clock was set back", async () => {
		const shard = await recurring();
		await shard.report(only(await shard.advance(at(1))));
		setClock(START);
		await shard.ring();
		expect(await shard.advance(at(2) - 1)).toEqual([]);
		const second = only(await shard.advance(at(2)));
		expect(second.deliveries).toMatchObject([{ firing: 2, dueAt: at(2) }]);
		setClock(START);
		await shard.report(second);
		expect(await shard.timer(1)).toMatchObject({ nextAt: at(3), firedCount: 2 });
		expect(await shard.advance(at(3) - 1)).toEqual([]);
		const third = only(await shard.advance(at(3)));
		expect(third.deliveries).toMatchObject([{ firing: 3, dueAt: at(3) }]);
	});

	it("[DRIFT-27] follows its misfire rule where the clock was set ahead, and repeats nothing after", async () => {
		const shard = await recurring();
		setClock(at(60) + 10_000);
		await shard.ring();
		const last = only(await shard.advance(at(60) + 10_001));
		expect(last.deliveries).toMatchObject([{ firing: 1, dueAt: at(60) }]);
		setClock(at(2));
		await shard.report(last);
		expect(await shard.timer(1)).toMatchObject({ nextAt: at(61), firedCount: 1 });
		expect(await shard.advance(at(61) - 1)).toEqual([]);
		expect(only(await shard.advance(at(61))).deliveries).toMatchObject([
			{ firing: 2, dueAt: at(61) },
		]);
	});

	it("[DRIFT-27] fires each occurrence once at most under a clock that is set at random", async () => {
		const jumps = fc.array(fc.integer({ min: -10 * MINUTE, max: 10 * MINUTE }), { maxLength: 30 });
		await fc.assert(
			fc.asyncProperty(jumps, async (steps) => {
				const shard = await recurring();
				for (const ms of steps) {
					setClock(Date.now() + ms);
					await shard.ring();
					if (ms % 3 !== 0) for (const one of shard.take()) await shard.report(one);
					if (ms % 7 === 0) await shard.evict();
				}
				const fired = shard.envelopes().flatMap(({ deliveries }) => deliveries);
				const occurrences = fired.filter(({ attempt }) => attempt === 1);
				expect(new Set(occurrences.map(({ dueAt }) => dueAt)).size).toBe(occurrences.length);
				expect(new Set(occurrences.map(({ firing }) => firing)).size).toBe(occurrences.length);
			}),
			{ numRuns: 20 },
		);
	}, 60_000);
});

describe("a clock that is set at random", () => {
	const step = fc.oneof(
		fc.record({ kind: fc.constant("set" as const), ms: fc.integer({ min: -HOUR, max: HOUR }) }),
		fc.record({ kind: fc.constant("ring" as const) }),
		fc.record({ kind: fc.constant("evict" as const) }),
		fc.record({
			kind: fc.constant("report" as const),
			at: fc.nat(20),
			status: fc.constantFrom(200, 503),
		}),
		fc.record({ kind: fc.constant("create" as const), inMs: fc.integer({ min: 1, max: HOUR }) }),
	);

	it("[DRIFT-26] fires every timer once and loses none", async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
				setClock(START);
				const shard = newShard();
				const doc = {
					...WEBHOOK,
					retry: { maxAttempts: 100, backoff: "fixed", baseMs: 1_000 },
				} as const;
				await shard.create(timerOf(START + HOUR, doc));
				let timers = 1;
				for (const one of steps) {
					if (one.kind === "set") setClock(Date.now() + one.ms);
					else if (one.kind === "ring") await shard.ring();
					else if (one.kind === "evict") await shard.evict();
					else if (one.kind === "create") {
						await shard.create(timerOf(Date.now() + one.inMs, doc));
						timers += 1;
					} else {
						const envelope = shard.envelopes()[one.at];
						if (envelope) await shard.report(envelope, answered(envelope, one.status));
					}
				}
				for (let rounds = 0; (await shard.stub().usage()).active > 0; rounds++) {
					if (rounds === 50) throw new Error("Some timers do not end.");
					await shard.ring();
					for (const envelope of shard.take()) await shard.report(envelope);
					setClock(Math.max(Date.now(), START) + HOUR);
				}
				for (let seq = 1; seq <= timers; seq++) {
					expect(await shard.statusOf(seq)).toBe("settled");
					const events = await shard.events(seq);
					expect(events.filter((type) => type === "timer.fired")).toHaveLength(1);
					expect(events.filter((type) => type === "timer.settled")).toHaveLength(1);
				}
			}),
			{ numRuns: 20 },
		);
	}, 60_000);
});
