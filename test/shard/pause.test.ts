import { describe, expect, it } from "vitest";
import { HOUR } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import { DUE, firing, RETRY_MS, scheduled } from "./firing.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	refusal,
	type ShardDriver,
	timerOf,
} from "./harness.ts";
import { ALL } from "./list-calls.ts";

standStill();

const LATER = DUE + HOUR;

async function pause(shard: ShardDriver, note: string | null = null) {
	return accepted(await shard.stub().pause(shard.call, 1, note));
}

async function resume(shard: ShardDriver, note: string | null = null) {
	return accepted(await shard.stub().resume(shard.call, 1, note));
}

function change(shard: ShardDriver, by: { extendMs?: number; dueAt?: number }) {
	const none = { dueAt: null, extendMs: null, docPatch: null, ifMatch: null };
	const horizonAt = Number.MAX_SAFE_INTEGER;
	return shard.stub().patch(shard.call, 1, { ...none, horizonAt, ...by });
}

describe("pausing", () => {
	it("[CTRL-1] keeps a timer from firing until it is resumed, and then it fires when it was to", async () => {
		const shard = await scheduled();
		expect(await pause(shard)).toMatchObject({ status: "paused", fireAt: DUE, version: 2 });
		setClock(START + 1_000);
		expect(await resume(shard)).toMatchObject({ status: "scheduled", fireAt: DUE });
		expect(await shard.advance(DUE - 1)).toEqual([]);
		await shard.report(only(await shard.advance(DUE)));
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[CTRL-1] a timer whose time passes meanwhile fires once when it is resumed", async () => {
		const shard = await scheduled();
		await shard.create(timerOf(LATER + HOUR));
		await pause(shard);
		expect(await shard.advance(LATER)).toEqual([]);
		expect(await shard.statusOf(1)).toBe("paused");
		await resume(shard);
		const envelope = only(await shard.advance(Date.now() + 1));
		expect(envelope.deliveries).toMatchObject([{ timer: 1, dueAt: DUE, attempt: 1 }]);
		await shard.report(envelope);
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firing: { seq: 1 } });
	});

	it("[CTRL-1] a timer whose `misfire` is `skip` is skipped when it is resumed too late", async () => {
		for (const [late, end] of [
			[30_001, "skipped"],
			[1_000, "settled"],
		] as const) {
			const shard = await scheduled(1, { misfire: { policy: "skip" } });
			await pause(shard);
			await shard.advance(DUE + late);
			await resume(shard);
			for (const envelope of await shard.advance(Date.now() + 1)) await shard.report(envelope);
			expect(await shard.statusOf(1)).toBe(end);
			expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		}
	});

	it("[CTRL-2] while a retry waits keeps it waiting, also past its time", async () => {
		const { shard, envelope } = await firing(2);
		await shard.report(envelope, answered(envelope, 503));
		await pause(shard);
		expect(await shard.advance(LATER)).toEqual([]);
		expect(await resume(shard)).toMatchObject({ status: "firing" });
		const retry = only(await shard.advance(Date.now() + 1));
		expect(retry.deliveries).toMatchObject([
			{ action: 0, attempt: 2 },
			{ action: 1, attempt: 2 },
		]);
		await shard.report(retry);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[CTRL-2] resumed before the retry is due leaves it at its time", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		await pause(shard);
		await resume(shard);
		expect(await shard.advance(DUE + RETRY_MS - 1)).toEqual([]);
		only(await shard.advance(DUE + RETRY_MS));
	});

	it.each([
		["is delivered", 200, "settled"],
		["is rejected", 404, "failed"],
	] as const)("[CTRL-2] what is in flight finishes: it %s (%d)", async (_, status, end) => {
		const { shard, envelope } = await firing();
		expect(await pause(shard)).toMatchObject({ status: "paused" });
		await shard.report(envelope, answered(envelope, status));
		expect(await shard.statusOf(1)).toBe(end);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		expect(refusal(await shard.stub().resume(shard.call, 1, null))).toBe("already_settled");
	});

	it.each([
		["fails", 503],
		["is given back", null],
		["is lost with its lease", undefined],
	] as const)("[CTRL-2] what is in flight and %s waits for the resume", async (_, status) => {
		const { shard, envelope } = await firing();
		await pause(shard);
		if (status === undefined) await shard.advance(envelope.leaseUntil);
		else await shard.report(envelope, status === null ? [] : answered(envelope, status));
		expect(await shard.advance(LATER)).toEqual([]);
		expect(await shard.timer(1)).toMatchObject({ status: "paused", firing: { status: "firing" } });
		await resume(shard);
		await shard.report(only(await shard.advance(Date.now() + 1)));
		expect(await shard.statusOf(1)).toBe("settled");
		const fired = (await shard.events(1)).filter((type) => type === "timer.fired");
		expect(fired).toHaveLength(1);
	});

	it("[CTRL-2] resumed while it is in flight sends nothing twice", async () => {
		const { shard, envelope } = await firing();
		await pause(shard);
		await resume(shard);
		expect(await shard.advance(Date.now() + 1)).toEqual([]);
		await shard.report(envelope);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[CTRL-3] again, or resuming what is not paused, changes nothing", async () => {
		const shard = await scheduled();
		const fresh = await shard.timer(1);
		expect(await resume(shard, "why")).toEqual(fresh);
		const first = await pause(shard, "one");
		setClock(START + 5);
		expect(await pause(shard, "two")).toEqual(first);
		expect(await shard.events(1)).toEqual(["timer.created", "timer.paused"]);
	});

	it("[CTRL-3] is refused after the end, and while a cancel lets a claim finish", async () => {
		const { shard, envelope } = await firing();
		await shard.stub().cancel(shard.call, 1, null);
		expect(refusal(await shard.stub().pause(shard.call, 1, null))).toBe("in_flight");
		await shard.report(envelope);
		expect(refusal(await shard.stub().pause(shard.call, 1, null))).toBe("already_settled");
		expect(refusal(await shard.stub().pause(shard.call, 9, null))).toBe("not_found");
	});

	it("[CTRL-4] and resuming are events with their notes in `full`, none in `fast`", async () => {
		const full = await scheduled();
		await pause(full, "moving");
		await resume(full, "moved");
		const { items } = accepted(await full.stub().events(1, 0, 10));
		expect(items.slice(0, 2)).toMatchObject([
			{ type: "timer.resumed", data: { note: "moved" } },
			{ type: "timer.paused", data: { note: "moving" } },
		]);
		const fast = await scheduled(1, { fidelity: "fast" });
		await pause(fast);
		await resume(fast);
		expect(await fast.events(1)).toEqual([]);
	});

	it("[CTRL-5] leaves a timer that can be cancelled and deleted", async () => {
		const shard = await scheduled();
		await pause(shard);
		expect(accepted(await shard.stub().cancel(shard.call, 1, null)).outcome).toBe("cancelled");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		expect(await shard.deliveries(1)).toEqual([]);
		const other = await scheduled();
		await pause(other);
		expect(await other.stub().delete(other.call, 1, null)).toMatchObject({ ok: true });
	});

	it("[CTRL-5] cancelled with retries waiting keeps the attempts", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		await pause(shard);
		await shard.stub().cancel(shard.call, 1, null);
		expect(await shard.deliveries(1)).toMatchObject([{ state: "cancelled", attempts: 1 }]);
	});

	it("[CTRL-5] is kept by a change of when, which holds once it is resumed", async () => {
		const shard = await scheduled();
		await pause(shard);
		expect(accepted(await change(shard, { dueAt: LATER }))).toMatchObject({ status: "paused" });
		expect(await shard.advance(LATER - 1)).toEqual([]);
		await resume(shard);
		only(await shard.advance(LATER));
	});

	it("[CTRL-5] is kept by a change that moves a waiting retry", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		await pause(shard);
		accepted(await change(shard, { extendMs: 5_000 }));
		await resume(shard);
		expect(await shard.advance(DUE + RETRY_MS + 4_999)).toEqual([]);
		only(await shard.advance(DUE + RETRY_MS + 5_000));
	});

	it("[CTRL-6] outlives a restart at every step", async () => {
		const { shard, envelope } = await firing();
		await pause(shard);
		await shard.evict();
		await shard.report(envelope, answered(envelope, 503));
		await shard.reboot();
		expect(await shard.advance(LATER)).toEqual([]);
		await shard.evict();
		await resume(shard);
		await shard.evict();
		await shard.report(only(await shard.advance(Date.now() + 1)));
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[CTRL-7] holds a dead letter of it that is replayed", async () => {
		const { shard, envelope } = await firing(2);
		const [first, second] = envelope.deliveries.map((delivery) => ({
			...envelope,
			deliveries: [delivery],
		}));
		if (first === undefined || second === undefined) throw new Error("too few");
		await shard.report(envelope, [...answered(first, 404), ...answered(second, 503)]);
		await pause(shard);
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 0, null));
		expect(await shard.advance(LATER)).toEqual([]);
		await resume(shard);
		const both = only(await shard.advance(Date.now() + 1));
		expect(both.deliveries).toMatchObject([{ action: 0 }, { action: 1 }]);
	});
});

describe("a snooze", () => {
	const NONE = {
		dueAt: null,
		extendMs: null,
		docPatch: null,
		ifMatch: null,
		horizonAt: Number.MAX_SAFE_INTEGER,
	};

	it("[CTRL-10] moves the next firing, by a while or to an instant", async () => {
		const shard = await scheduled();
		accepted(await shard.stub().patch(shard.call, 1, { ...NONE, snoozeUntil: DUE - 10_000 }));
		accepted(await shard.stub().patch(shard.call, 1, { ...NONE, extendMs: 5_000 }));
		expect(await shard.advance(DUE - 5_001)).toEqual([]);
		only(await shard.advance(DUE - 5_000));
		expect(refusal(await shard.stub().patch(shard.call, 1, { ...NONE, snoozeUntil: LATER }))).toBe(
			"in_flight",
		);
	});

	it("[CTRL-10] moves a retry that waits", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		accepted(await shard.stub().patch(shard.call, 1, { ...NONE, snoozeUntil: LATER }));
		expect(await shard.advance(LATER - 1)).toEqual([]);
		only(await shard.advance(LATER));
	});
});

describe("bulk control", () => {
	it("[CTRL-20] pauses and resumes what a filter selects, and counts what it changed", async () => {
		const shard = newShard();
		await shard.createMany(3, timerOf(DUE));
		await shard.stub().cancel(shard.call, 3, null);
		await pause(shard);
		const bulk = (action: "pause" | "resume") => shard.stub().bulk(shard.call, action, ALL, "all");
		expect(await bulk("pause")).toEqual({ matched: 3, changed: 1 });
		expect(await shard.advance(LATER)).toEqual([]);
		expect(await bulk("resume")).toEqual({ matched: 3, changed: 2 });
		expect(only(await shard.advance(Date.now() + 1)).deliveries).toHaveLength(2);
	});

	it("[CTRL-21] a cleanup selects by when and how timers have ended", async () => {
		const shard = newShard();
		await shard.createMany(4, timerOf(DUE));
		await shard.stub().cancel(shard.call, 1, null);
		setClock(START + HOUR);
		await shard.stub().cancel(shard.call, 2, null);
		const count = (endedBefore: number, statuses: "settled" | "cancelled" | null = null) =>
			shard.stub().count({ ...ALL, endedBefore, statuses: statuses === null ? null : [statuses] });
		expect(await count(START)).toBe(0);
		expect(await count(START + 1)).toBe(1);
		expect(await count(START + HOUR + 1, "cancelled")).toBe(2);
		expect(await count(START + HOUR + 1, "settled")).toBe(0);
	});
});
