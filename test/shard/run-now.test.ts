import { describe, expect, it } from "vitest";
import { planOf } from "../../src/core/plan.ts";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { HOUR, MINUTE } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import { DUE, scheduled } from "./firing.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	refusal,
	type ShardDriver,
	timerOf,
	webhooks,
} from "./harness.ts";
import { ALL } from "./list-calls.ts";

standStill();

const HOURLY: TimerDoc = { ...webhooks(1), schedule: { everyMs: HOUR, phaseMs: 0 } };
/** Until then, occurrences lie in the past. */
const LATE = START + 10 * HOUR;

async function hourly(doc: TimerDoc = {}): Promise<ShardDriver> {
	setClock(LATE);
	const shard = newShard();
	await shard.create(timerOf(LATE + HOUR, { ...HOURLY, ...doc }));
	return shard;
}

async function run(shard: ShardDriver, params: TimerDoc["params"] | null = null) {
	return accepted(await shard.stub().run(shard.call, 1, params));
}

async function backfill(shard: ShardDriver, from: number, to: number, isSequential = true) {
	return accepted(await shard.stub().backfill(shard.call, 1, { from, to, isSequential }));
}

/** The instants for which envelopes fire, in hours from the start. */
function hoursOf(envelopes: Awaited<ReturnType<ShardDriver["advance"]>>): number[] {
	return envelopes.flatMap(({ deliveries }) =>
		deliveries.map(({ dueAt, nominalAt = dueAt }) => (nominalAt - START) / HOUR),
	);
}

describe("running a timer now", () => {
	it("[CTRL-30] shows in its timer's events what an open firing has told", async () => {
		const shard = await scheduled(1);
		await run(shard);
		const envelope = only(await shard.advance(START + 1));
		await shard.report(envelope, answered(envelope, 503));
		const { items } = accepted(await shard.stub().events(1, 0, 10));
		const told = items.filter(({ data }) => data["firing"] === 2).map(({ type }) => type);
		expect(told).toEqual(["delivery.retrying", "delivery.attempted", "timer.fired"]);
	});

	it("[CTRL-30] fires beside the schedule, with other params if given", async () => {
		const shard = await scheduled(1, { params: { a: 1, b: 2 } });
		expect(await run(shard, { a: 3 })).toMatchObject({
			firing: 2,
			timer: { fireAt: DUE, version: 2 },
		});
		const envelope = only(await shard.advance(START + 1));
		const delivery = only(envelope.deliveries);
		expect(delivery).toMatchObject({ timer: 1, firing: 2, action: 0, dueAt: START });
		expect(JSON.parse(delivery.doc)).toMatchObject({ params: { a: 3 } });
		await shard.report(envelope);
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", firing: { seq: 2 } });
		const own = only(await shard.advance(DUE));
		expect(own.deliveries).toMatchObject([{ firing: 1, dueAt: DUE }]);
		expect(JSON.parse(only(own.deliveries).doc)).toMatchObject({ params: { a: 1, b: 2 } });
		await shard.report(own);
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firedCount: 2 });
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[CTRL-30] outlives a restart", async () => {
		const shard = await scheduled();
		await run(shard);
		await shard.reboot();
		await shard.report(only(await shard.advance(START + 1)));
		expect(await shard.deliveries(1)).toMatchObject([{ firing: 2, state: "delivered" }]);
	});

	it("[CTRL-31] is refused while it is paused, and after its end", async () => {
		const shard = await scheduled();
		accepted(await shard.stub().pause(shard.call, 1, null));
		expect(refusal(await shard.stub().run(shard.call, 1, null))).toBe("paused");
		expect(refusal(await shard.stub().replay(shard.call, 1, null, null))).toBe("paused");
		await shard.stub().cancel(shard.call, 1, null);
		expect(refusal(await shard.stub().run(shard.call, 1, null))).toBe("already_settled");
		expect(refusal(await shard.stub().run(shard.call, 9, null))).toBe("not_found");
	});

	it("[CTRL-32] waits for its resume when its timer is paused before it has begun", async () => {
		const shard = await scheduled();
		await run(shard);
		accepted(await shard.stub().pause(shard.call, 1, null));
		expect(await shard.advance(START + HOUR)).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		const both = (await shard.advance(Date.now() + 1)).flatMap(({ deliveries }) => deliveries);
		expect(both.map(({ firing }) => firing).sort()).toEqual([1, 2]);
	});

	it("[CTRL-32] keeps its retries waiting while its timer is paused", async () => {
		const shard = await scheduled();
		await run(shard);
		const envelope = only(await shard.advance(START + 1));
		accepted(await shard.stub().pause(shard.call, 1, null));
		await shard.report(envelope, answered(envelope, 503));
		expect(await shard.advance(START + HOUR)).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		const both = (await shard.advance(Date.now() + 1)).flatMap(({ deliveries }) => deliveries);
		expect(both).toContainEqual(expect.objectContaining({ firing: 2, attempt: 2 }));
	});

	it("[CTRL-33] is cancelled with its timer, and may be run in bulk", async () => {
		const shard = await scheduled();
		expect(await shard.stub().bulk(shard.call, "run", ALL, null)).toEqual({
			matched: 1,
			changed: 1,
		});
		await shard.stub().cancel(shard.call, 1, null);
		expect(await shard.advance(START + HOUR)).toEqual([]);
	});
});

describe("extra firings", () => {
	it("[CTRL-34] count against the plan's creates a minute, and start nothing beyond them", async () => {
		setClock(LATE);
		const shard = newShard({ plan: "free" });
		await shard.create(timerOf(LATE + HOUR, HOURLY));
		const { createsPerMinute } = planOf("free");
		if (createsPerMinute === null) throw new Error("The plan has no limit.");
		for (let n = 1; n < createsPerMinute; n++) await run(shard);
		expect(refusal(await shard.stub().run(shard.call, 1, null))).toBe("rate_limited");
		const interval = { from: START, to: START + 2 * HOUR, isSequential: false };
		expect(refusal(await shard.stub().backfill(shard.call, 1, interval))).toBe("rate_limited");
		setClock(LATE + MINUTE);
		const longer = { ...interval, to: START + (createsPerMinute + 5) * HOUR };
		expect(accepted(await shard.stub().backfill(shard.call, 1, longer))).toEqual({
			firings: createsPerMinute,
			nextAt: START + createsPerMinute * HOUR,
		});
		setClock(LATE + 2 * MINUTE);
		expect(accepted(await shard.stub().backfill(shard.call, 1, interval))).toMatchObject({
			firings: 3,
		});
	});
});

describe("replaying a firing", () => {
	it("[CTRL-40] fires again for its instant, under a new number, also of a timer that has ended", async () => {
		const shard = await scheduled();
		await shard.report(only(await shard.advance(DUE)));
		setClock(DUE + HOUR);
		const replayed = accepted(await shard.stub().replay(shard.call, 1, null, { again: true }));
		expect(replayed).toMatchObject({ firing: 2, replayOf: 1, timer: { status: "settled" } });
		const envelope = only(await shard.advance(DUE + HOUR + 1));
		expect(envelope.deliveries).toMatchObject([{ firing: 2, attempt: 1, nominalAt: DUE }]);
		expect(JSON.parse(only(envelope.deliveries).doc)).toMatchObject({
			replayOf: 1,
			params: { again: true },
		});
		await shard.report(envelope);
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firing: { seq: 2 } });
		expect(await shard.deliveries(1)).toMatchObject([
			{ firing: 2, state: "delivered" },
			{ firing: 1, state: "delivered" },
		]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[CTRL-33] stops with a cancel of its timer, which had ended", async () => {
		const shard = await scheduled();
		await shard.report(only(await shard.advance(DUE)));
		await shard.stub().replay(shard.call, 1, null, null);
		const envelope = only(await shard.advance(DUE + 1));
		await shard.report(envelope, answered(envelope, 503));
		expect(accepted(await shard.stub().cancel(shard.call, 1, null)).outcome).toBe("already_fired");
		expect(await shard.advance(DUE + HOUR)).toEqual([]);
		expect(await shard.deliveries(1)).toMatchObject([{ firing: 2, state: "cancelled" }, {}]);
	});

	it("[CTRL-41] is refused before anything has ended, for a firing in flight and for one unknown", async () => {
		const shard = await scheduled();
		const replay = (firing: number | null) => shard.stub().replay(shard.call, 1, firing, null);
		expect(refusal(await replay(null))).toBe("not_fired");
		expect(refusal(await replay(1))).toBe("firing_unknown");
		const envelope = only(await shard.advance(DUE));
		expect(refusal(await replay(1))).toBe("in_flight");
		await shard.report(envelope);
		expect(refusal(await replay(7))).toBe("firing_unknown");
		expect(accepted(await replay(1))).toMatchObject({ replayOf: 1 });
	});
});

describe("a backfill", () => {
	it("[CTRL-50] fires the occurrences of a past interval, one after the other", async () => {
		const shard = await hourly();
		expect(await backfill(shard, START + HOUR, START + 3 * HOUR)).toEqual({
			firings: 3,
			nextAt: null,
		});
		for (const hour of [1, 2, 3]) {
			expect(await shard.advance(Date.now())).toEqual([]);
			const envelope = only(await shard.advance(Date.now() + 1));
			expect(hoursOf([envelope])).toEqual([hour]);
			if (hour === 2) await shard.evict();
			await shard.report(envelope, answered(envelope, hour === 1 ? 404 : 200));
		}
		expect(await shard.advance(LATE + MINUTE)).toEqual([]);
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", fireAt: LATE + HOUR });
	});

	it("[CTRL-51] fires them all at once where they may overlap", async () => {
		const shard = await hourly();
		expect(await backfill(shard, START + 1, START + 4 * HOUR, false)).toMatchObject({ firings: 4 });
		const envelopes = await shard.advance(LATE + 1_000);
		expect(hoursOf(envelopes)).toEqual([1, 2, 3, 4]);
		for (const envelope of envelopes) await shard.report(envelope);
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", firedCount: 4 });
	});

	it("[CTRL-52] makes at most 1,000 firings, and says where the next call goes on", async () => {
		setClock(START + 2_000 * HOUR);
		const shard = newShard();
		await shard.create(timerOf(START + 2_001 * HOUR, HOURLY));
		for (const isSequential of [true, false]) {
			expect(await backfill(shard, START, START + 2_000 * HOUR, isSequential)).toEqual({
				firings: 1_000,
				nextAt: START + 1_000 * HOUR,
			});
		}
	});

	it("[CTRL-53] stops with a cancel, and waits while the timer is paused", async () => {
		const shard = await hourly();
		await backfill(shard, START + HOUR, START + 3 * HOUR);
		const envelope = only(await shard.advance(LATE + 1));
		accepted(await shard.stub().pause(shard.call, 1, null));
		await shard.report(envelope);
		expect(await shard.advance(LATE + 10)).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		const second = only(await shard.advance(LATE + 20));
		expect(hoursOf([second])).toEqual([2]);
		await shard.stub().cancel(shard.call, 1, null);
		await shard.report(second);
		expect(await shard.advance(LATE + 3 * HOUR)).toEqual([]);
	});

	it("[CTRL-54] is refused for a timer without a schedule, and while it is paused", async () => {
		const once = await scheduled();
		const interval = { from: START, to: START, isSequential: true };
		expect(refusal(await once.stub().backfill(once.call, 1, interval))).toBe("not_recurring");
		const shard = await hourly();
		accepted(await shard.stub().pause(shard.call, 1, null));
		expect(refusal(await shard.stub().backfill(shard.call, 1, interval))).toBe("paused");
		accepted(await shard.stub().resume(shard.call, 1, null));
		expect(await backfill(shard, START + 1, START + 2)).toEqual({ firings: 0, nextAt: null });
	});
});

describe("a recurring timer", () => {
	it("[CTRL-1] resumed goes on with its next occurrence, and bursts nothing", async () => {
		const shard = await hourly();
		accepted(await shard.stub().pause(shard.call, 1, null));
		expect(await shard.advance(LATE + 5 * HOUR + 1)).toEqual([]);
		const resumed = accepted(await shard.stub().resume(shard.call, 1, null));
		expect(resumed).toMatchObject({ status: "scheduled", fireAt: LATE + 6 * HOUR });
		expect(await shard.advance(LATE + 6 * HOUR - 1)).toEqual([]);
		expect(hoursOf(await shard.advance(LATE + 6 * HOUR))).toEqual([16]);
	});

	it("[CTRL-10] snoozed or extended fires later once, and goes on as it would have", async () => {
		const NONE = { dueAt: null, extendMs: null, docPatch: null, ifMatch: null };
		const horizonAt = Number.MAX_SAFE_INTEGER;
		const at = LATE + HOUR + 10 * MINUTE;
		for (const moved of [{ snoozeUntil: at }, { extendMs: 10 * MINUTE }]) {
			const shard = await hourly();
			accepted(await shard.stub().patch(shard.call, 1, { ...NONE, horizonAt, ...moved }));
			expect(await shard.advance(at - 1)).toEqual([]);
			const envelope = only(await shard.advance(at));
			expect(hoursOf([envelope])).toEqual([11]);
			await shard.report(envelope);
			expect(hoursOf(await shard.advance(LATE + 2 * HOUR))).toEqual([12]);
		}
	});

	it("[CTRL-60] whose actions are changed shows and repeats what earlier firings sent", async () => {
		const page = (name: string) =>
			({ type: "webhook", url: `https://example.com/${name}` }) as const;
		const shard = await hourly({ actions: [page("a"), page("b")] });
		const envelope = only(await shard.advance(LATE + HOUR));
		const [first, second] = answered(envelope, 404);
		if (first === undefined || second === undefined) throw new Error("too few");
		await shard.report(envelope, [first, second]);
		const docPatch = JSON.stringify({ actions: [page("c")] });
		const none = { dueAt: null, extendMs: null, ifMatch: null, horizonAt: Number.MAX_SAFE_INTEGER };
		accepted(await shard.stub().patch(shard.call, 1, { ...none, docPatch }));
		expect(await shard.deliveries(1)).toMatchObject([
			{ firing: 1, action: 0, request: page("a") },
			{ firing: 1, action: 1, request: page("b") },
		]);
		const letter = accepted(await shard.stub().deadLetter(1, 1, 1));
		expect(JSON.parse(letter.doc).actions[1]).toEqual(page("b"));
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 1, null));
		const again = only(only(await shard.advance(Date.now() + 1)).deliveries);
		expect(again).toMatchObject({ firing: 1, action: 1, attempt: 2 });
		expect(JSON.parse(again.doc).actions).toEqual([page("a"), page("b")]);
	});

	it("[CTRL-60] whose actions are changed while a firing runs keeps what that one sent", async () => {
		const page = (name: string) =>
			({ type: "webhook", url: `https://example.com/${name}` }) as const;
		const shard = await hourly({ actions: [page("a"), page("b")] });
		await run(shard);
		const envelope = only(await shard.advance(LATE + 1));
		const none = { dueAt: null, extendMs: null, ifMatch: null, horizonAt: Number.MAX_SAFE_INTEGER };
		for (const name of ["c", "d"]) {
			const docPatch = JSON.stringify({ actions: [page(name)] });
			accepted(await shard.stub().patch(shard.call, 1, { ...none, docPatch }));
		}
		await shard.report(envelope, answered(envelope, 404));
		expect(await shard.deliveries(1)).toMatchObject([
			{ firing: 2, action: 0, request: page("a") },
			{ firing: 2, action: 1, request: page("b") },
		]);
		const letter = accepted(await shard.stub().deadLetter(1, 2, 1));
		expect(JSON.parse(letter.doc).actions[1]).toEqual(page("b"));
	});

	it("[CTRL-60] that is replaced keeps what earlier firings sent", async () => {
		const page = (name: string) =>
			({ type: "webhook", url: `https://example.com/${name}` }) as const;
		setClock(LATE);
		const shard = newShard();
		const actions = [page("a"), page("b")];
		const first = timerOf(LATE + HOUR, { ...HOURLY, actions, dedupeKey: "k" });
		await shard.create({ ...first, dedupeKey: "k" });
		const envelope = only(await shard.advance(LATE + HOUR));
		await shard.report(envelope, answered(envelope, 404));
		const other = timerOf(LATE + 3 * HOUR, { name: "other", dedupeKey: "k" });
		const dedupe = { mode: "replace" } as const;
		await shard.create({ ...other, dedupeKey: "k", dedupe });
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", fireAt: LATE + 3 * HOUR });
		expect(await shard.deliveries(1)).toMatchObject([
			{ firing: 1, action: 0, request: page("a") },
			{ firing: 1, action: 1, request: page("b") },
		]);
	});

	it("[CTRL-33] cancelled fires no more, and neither do its waiting firings", async () => {
		const shard = await hourly();
		await run(shard);
		expect(accepted(await shard.stub().cancel(shard.call, 1, "over")).outcome).toBe("cancelled");
		expect(await shard.advance(LATE + 5 * HOUR)).toEqual([]);
	});
});
