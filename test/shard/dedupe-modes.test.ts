import { describe, expect, it } from "vitest";
import type { NewTimer } from "../../durable-objects/tenant-shard/rpc.ts";
import { type DedupeDoc, parseTimerDoc, type TimerDoc } from "../../src/core/timer-doc.ts";
import { START, setClock, standStill } from "./clock.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	refusal,
	type ShardDriver,
	timerOf,
	WEBHOOK,
} from "./harness.ts";

standStill();

const DUE = START + 60_000;
const WINDOW_MS = 600_000;

function keyed(dedupe: DedupeDoc = {}, doc: TimerDoc = WEBHOOK, dueAt = DUE): NewTimer {
	return { ...timerOf(dueAt, { ...doc, dedupe }, "nightly"), dedupe };
}

async function docOf(shard: ShardDriver, seq: number): Promise<TimerDoc> {
	return parseTimerDoc((await shard.timer(seq)).doc);
}

describe("a window", () => {
	it.each([
		["settled", 200],
		["failed", 404],
	])("[DEDUPE-12] holds the key of a timer that has %s", async (status, answer) => {
		const shard = newShard();
		await shard.create(keyed({ windowMs: WINDOW_MS }));
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, answer));
		const held = { kind: "existing", seq: 1, timer: { status } };
		const later = () => shard.create(keyed({}, WEBHOOK, START + 2 * WINDOW_MS));
		expect(await later()).toMatchObject(held);
		await shard.evict();
		setClock(START + WINDOW_MS - 1);
		expect(await later()).toMatchObject(held);
		expect(await shard.stub().findDedupeKeys(["nightly"])).toEqual([1]);
		setClock(START + WINDOW_MS);
		expect(await later()).toMatchObject({ kind: "created", seq: 2 });
	});

	it.each(["cancel", "delete"] as const)("[DEDUPE-12] ends with a %s", async (end) => {
		const shard = newShard();
		await shard.create(keyed({ windowMs: WINDOW_MS }));
		if (end === "cancel") await shard.stub().cancel(shard.call, 1, null);
		else await shard.stub().delete(shard.call, 1, null);
		expect(await shard.create(keyed())).toMatchObject({ kind: "created", seq: 2 });
	});

	it("[DEDUPE-12] that is over frees no timer that still waits", async () => {
		const shard = newShard();
		await shard.create(keyed({ windowMs: 1_000 }));
		setClock(START + 1_000);
		expect(await shard.create(keyed())).toMatchObject({ kind: "existing", seq: 1 });
	});
});

describe("a create whose key is taken", () => {
	it.each(["keep", "replace", "merge"] as const)(
		"[DEDUPE-13] in mode %s answers a timer that has ended as it is",
		async (mode) => {
			const shard = newShard();
			await shard.create(keyed({ windowMs: WINDOW_MS }));
			await shard.report(only(await shard.advance(DUE)));
			const before = await shard.timer(1);
			const again = await shard.create(keyed({ mode }, { name: "other" }, DUE + 60_000));
			expect(again).toMatchObject({ kind: "existing", seq: 1, timer: before });
			expect(await shard.timer(1)).toEqual(before);
			expect(await shard.advance(DUE + WINDOW_MS)).toEqual([]);
		},
	);

	it("[DEDUPE-14] replaces the timer under its id, and fires when the new one is due", async () => {
		const shard = newShard();
		await shard.create(keyed({}, { ...WEBHOOK, params: { a: 1 }, labels: { old: "1" } }));
		const doc: TimerDoc = { ...WEBHOOK, name: "again", priority: 1, params: { b: 2 } };
		const replaced = await shard.create(keyed({ mode: "replace" }, doc, DUE + 5_000));
		expect(replaced).toMatchObject({
			kind: "existing",
			seq: 1,
			createdAt: START,
			dueAt: DUE + 5_000,
			timer: { seq: 1, version: 2, status: "scheduled", fireAt: DUE + 5_000 },
		});
		expect(await docOf(shard, 1)).toEqual({
			...doc,
			dedupeKey: "nightly",
			dedupe: { mode: "replace" },
		});
		expect(await shard.stub().usage()).toEqual({ active: 1, createsThisMinute: 1 });
		await shard.evict();
		expect(await shard.advance(DUE)).toEqual([]);
		const envelope = only(await shard.advance(DUE + 5_000));
		expect(envelope.deliveries).toMatchObject([{ timer: 1, firing: 1, dueAt: DUE + 5_000 }]);
		await shard.report(envelope);
		expect(await shard.events(1)).toEqual([
			"timer.created",
			"timer.updated",
			"timer.fired",
			"delivery.attempted",
			"delivery.delivered",
			"timer.settled",
		]);
	});

	it("[DEDUPE-14] may bring the timer forward", async () => {
		const shard = newShard();
		await shard.create(keyed());
		await shard.create(keyed({ mode: "replace" }, WEBHOOK, START + 1_000));
		expect(only(await shard.advance(START + 1_000)).deliveries).toMatchObject([{ timer: 1 }]);
	});

	it("[DEDUPE-14] leaves a paused timer paused", async () => {
		const shard = newShard();
		await shard.create(keyed());
		accepted(await shard.stub().pause(shard.call, 1, "a break"));
		const replaced = await shard.create(keyed({ mode: "replace" }, { name: "new" }, DUE + 5_000));
		expect(replaced.timer).toMatchObject({ status: "paused", fireAt: DUE + 5_000 });
		expect(await docOf(shard, 1)).toMatchObject({ name: "new", pause: { note: "a break" } });
		expect(await shard.advance(DUE + 4_999)).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		await shard.advance(DUE + 5_000);
		expect(await shard.stateOf(1)).toBe("settled");
	});

	it("[DEDUPE-14] keeps a timer from waiting for others", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		const dependsOn = [{ shard: 0, seq: 1, on: "always" as const, path: "dependsOn.0" }];
		await shard.create({ ...keyed(), dependsOn });
		expect(await shard.stateOf(2)).toBe("pending");
		const replaced = await shard.create(keyed({ mode: "replace" }, WEBHOOK, START + 1_000));
		expect(replaced.timer).toMatchObject({ seq: 2, status: "scheduled" });
		expect(only(await shard.advance(START + 1_000)).deliveries).toMatchObject([{ timer: 2 }]);
		await shard.stub().cancel(shard.call, 1, null);
		expect(await shard.stateOf(2)).toBe("scheduled");
	});

	it("[DEDUPE-14] counts the window anew, or ends it", async () => {
		const shard = newShard();
		await shard.create(keyed({ windowMs: WINDOW_MS }));
		setClock(START + 30_000);
		await shard.create(keyed({ windowMs: WINDOW_MS, mode: "replace" }));
		await shard.report(only(await shard.advance(DUE)));
		setClock(START + 30_000 + WINDOW_MS - 1);
		const due = START + 2 * WINDOW_MS;
		expect(await shard.create(keyed({}, WEBHOOK, due))).toMatchObject({ kind: "existing" });
		setClock(START + 30_000 + WINDOW_MS);
		expect(await shard.create(keyed({ windowMs: due }, WEBHOOK, due))).toMatchObject({ seq: 2 });
		await shard.create(keyed({ mode: "replace" }, WEBHOOK, due));
		await shard.report(only(await shard.advance(due)));
		expect(await shard.create(keyed({}, WEBHOOK, due + 1))).toMatchObject({ seq: 3 });
	});

	it("[DEDUPE-15] merges into the timer, which stays due when it was", async () => {
		const shard = newShard();
		await shard.create(keyed({}, { ...WEBHOOK, params: { items: [1] }, labels: { a: "1" } }));
		for (const item of [2, 3]) {
			const doc = { params: { items: [item] }, labels: { b: "2" }, priority: 1 };
			const merged = await shard.create(keyed({ mode: "merge" }, doc, START + 1_000 * item));
			expect(merged).toMatchObject({ kind: "existing", seq: 1, dueAt: DUE });
		}
		expect(await docOf(shard, 1)).toEqual({
			...WEBHOOK,
			params: { items: [1, 2, 3] },
			labels: { a: "1", b: "2" },
			priority: 1,
			dedupeKey: "nightly",
			dedupe: { mode: "merge" },
		});
		expect(await shard.advance(DUE - 1)).toEqual([]);
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope);
		expect(await shard.stateOf(1)).toBe("settled");
	});

	it.each(["replace", "merge"] as const)(
		"[DEDUPE-16] is refused in mode %s while the timer fires",
		async (mode) => {
			const shard = newShard();
			await shard.create(keyed({}, { ...WEBHOOK, retry: { delaysMs: [30_000] } }));
			const envelope = only(await shard.advance(DUE));
			const again = () =>
				shard.stub().create(shard.call, keyed({ mode }, { name: "other" }, DUE + 90_000), null);
			expect(refusal(await again())).toBe("in_flight");
			await shard.report(envelope, answered(envelope, 503));
			expect(refusal(await again())).toBe("in_flight");
			expect((await docOf(shard, 1)).name).toBe("nightly-report");
			await shard.report(only(await shard.advance(DUE + 30_000)));
			expect(accepted(await again())).toMatchObject({ kind: "created", seq: 2 });
		},
	);

	it("[DEDUPE-17] is refused in mode reject, naming the timer", async () => {
		const shard = newShard();
		expect(await shard.create(keyed({ mode: "reject" }))).toMatchObject({ kind: "created" });
		const again = await shard.stub().create(shard.call, keyed({ mode: "reject" }), null);
		expect(again).toMatchObject({
			ok: false,
			error: { code: "dedupe_key_in_use", timer: expect.stringMatching(/^tmr_/) },
		});
		expect(await shard.stub().usage()).toEqual({ active: 1, createsThisMinute: 1 });
		await shard.stub().cancel(shard.call, 1, null);
		expect(await shard.create(keyed({ mode: "reject" }))).toMatchObject({ kind: "created" });
	});

	it("[DEDUPE-18] has its own mode in each line of a batch", async () => {
		const shard = newShard();
		const modes: DedupeDoc[] = [{}, { mode: "replace" }, { mode: "merge" }, { mode: "reject" }];
		const timers = modes.map((dedupe, index) => ({
			index,
			timer: keyed(dedupe, { params: { seen: [index] } }, DUE + index * 1_000),
		}));
		const { created, failed } = accepted(await shard.stub().createBatch(shard.call, timers, null));
		expect(created).toEqual([
			{ index: 0, seq: 1 },
			{ index: 1, seq: 1, existing: true },
			{ index: 2, seq: 1, existing: true },
		]);
		expect(failed).toMatchObject([{ index: 3, error: { code: "dedupe_key_in_use" } }]);
		expect((await docOf(shard, 1)).params).toEqual({ seen: [1, 2] });
		expect((await shard.timer(1)).fireAt).toBe(DUE + 1_000);
	});

	it("[DEDUPE-19] is refused where the merge would be too large", async () => {
		const shard = newShard();
		const half = { params: { text: ["x".repeat(140_000)] } };
		await shard.create(keyed({}, half));
		const large = await shard.stub().create(shard.call, keyed({ mode: "merge" }, half), null);
		expect(refusal(large)).toBe("too_large");
		const labels = (from: number) =>
			Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`l${from + index}`, ""]));
		await shard.create(keyed({ mode: "merge" }, { labels: labels(0) }));
		const many = keyed({ mode: "merge" }, { labels: labels(30) });
		expect(await shard.stub().create(shard.call, many, null)).toMatchObject({
			ok: false,
			error: { code: "too_many_labels", labels: 70 },
		});
		expect(Object.keys((await docOf(shard, 1)).labels ?? {})).toHaveLength(40);
	});
});
