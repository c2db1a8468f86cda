import { abortAllDurableObjects } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { EDGES_PER_TRANSACTION } from "../../../durable-objects/tenant-shard/constants.ts";
import type { DependencyCondition } from "../../../src/contract/dependency.ts";
import { LIMITS } from "../../../src/contract/limits.ts";
import { NO_INSTANT } from "../../../src/core/dependency.ts";
import type { TimerDoc } from "../../../src/core/timer-doc.ts";
import { START, setClock, standStill } from "../clock.ts";
import { DUE, firing, scheduled } from "../firing.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	outcomeOf,
	refusal,
	type ShardDriver,
	timerOf,
	WEBHOOK,
	webhooks,
} from "../harness.ts";
import { ALL } from "../list-calls.ts";
import { timersOf } from "../reading.ts";
import { publish, sentNow } from "../topics.ts";
import { DELAY_MS, dependent, leftovers, NOTHING_LEFT } from "./dependents.ts";

standStill();

const CONDITIONS: readonly DependencyCondition[] = ["success", "failure", "always"];

/** How timer 1 may end, and what brings that about. */
const ENDS: Record<string, (shard: ShardDriver) => Promise<unknown>> = {
	settled: async (shard) => shard.report(only(await shard.advance(DUE))),
	failed: async (shard) => {
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 404));
	},
	cancelled: (shard) => shard.stub().cancel(shard.call, 1, null),
	deleted: (shard) => shard.stub().delete(shard.call, 1, null),
};

/** What becomes of a dependent by how its dependency ended, for each `on`. */
const TABLE: Record<string, Record<DependencyCondition, string>> = {
	settled: { success: "scheduled", failure: "skipped", always: "scheduled" },
	failed: { success: "skipped", failure: "scheduled", always: "scheduled" },
	cancelled: { success: "cancelled", failure: "cancelled", always: "scheduled" },
	deleted: { success: "cancelled", failure: "cancelled", always: "scheduled" },
};

const first = { shard: 0, seq: 1 };

describe("a dependent", () => {
	it("[CHAIN-10] is pending, without a due time, and does not wake the shard", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		const created = await shard.create(dependent(shard, [first]));
		expect(created).toMatchObject({
			dueAt: NO_INSTANT,
			standing: { status: "pending", version: 1 },
		});
		expect(await shard.timer(2)).toMatchObject({ status: "pending", fireAt: NO_INSTANT });
		expect(await shard.stub().usage()).toMatchObject({ active: 2 });
		expect(await shard.alarmAt()).toBe(DUE);
	});

	it.each(
		Object.entries(TABLE).flatMap(([end, row]) =>
			CONDITIONS.map((on) => [end, on, row[on]] as const),
		),
	)("[CHAIN-11] of one that is %s, on %s, is %s", async (end, on, expected) => {
		const shard = await scheduled();
		await shard.create(dependent(shard, [{ ...first, on }]));
		await ENDS[end]?.(shard);
		expect(await shard.statusOf(2)).toBe(expected);
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
		const ended = await shard.events(2);
		expect(ended.at(-1)).toBe(expected === "scheduled" ? "timer.updated" : `timer.${expected}`);
	});

	it("[CHAIN-12] counts its delay from when the last of what it waits for has ended", async () => {
		const shard = newShard();
		for (const at of [DUE, DUE + 1_000, DUE + 500])
			await shard.create(timerOf(at, { message: "m" }));
		await shard.create(
			dependent(
				shard,
				[1, 2, 3].map((seq) => ({ shard: 0, seq })),
			),
		);
		await shard.pass(DUE + 999);
		expect(await shard.statusOf(4)).toBe("pending");
		await shard.pass(DUE + 1_000);
		expect(await shard.timer(4)).toMatchObject({
			status: "scheduled",
			fireAt: DUE + 1_000 + DELAY_MS,
		});
		expect(timersOf(await shard.advance(DUE + 1_000 + DELAY_MS))).toEqual([4]);
	});

	it("[CHAIN-13] that names an instant fires then, or when it is released if that is later", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { message: "m" }));
		await shard.create(dependent(shard, [first], { at: DUE + 9_000 }));
		await shard.create(dependent(shard, [first], { at: DUE - 9_000 }));
		expect(await shard.timer(2)).toMatchObject({ status: "pending", fireAt: DUE + 9_000 });
		await shard.pass(DUE);
		expect((await shard.timer(2)).fireAt).toBe(DUE + 9_000);
		expect((await shard.timer(3)).fireAt).toBe(DUE);
	});

	it("[CHAIN-14] of timers that have ended already does not wait", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { message: "m" }));
		await shard.pass(DUE + 100);
		const created = await shard.create(dependent(shard, [first]));
		expect(created.standing).toBeUndefined();
		expect(created.dueAt).toBe(DUE + 100 + DELAY_MS);
		const vain = await shard.create(dependent(shard, [{ ...first, on: "failure" }]));
		expect(vain.standing).toMatchObject({ status: "skipped" });
		expect(await shard.events(3)).toEqual(["timer.created", "timer.skipped"]);
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
	});

	it("[CHAIN-15] of a timer that does not exist is refused, naming the field, and not stored", async () => {
		const shard = await scheduled();
		const edges = [first, { shard: 0, seq: 7 }];
		const refused = await shard.stub().create(shard.call, dependent(shard, edges), null);
		expect(refused).toEqual({
			ok: false,
			error: { code: "unknown_dependency", path: "dependsOn.1.timer" },
		});
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
	});

	it("[CHAIN-16] says in its event which dependency decided, and how that ended", async () => {
		const { shard, envelope } = await firing();
		await shard.create(dependent(shard, [first]));
		await shard.report(envelope, answered(envelope, 404));
		const { dependsOn } = JSON.parse((await shard.timer(2)).doc);
		const { items } = accepted(await shard.stub().events(2, 0, 1));
		expect(items[0]?.data).toEqual({
			reason: "dependency",
			dependency: dependsOn[0].timer,
			state: "failed",
			on: "success",
		});
	});

	it("[CHAIN-17] hears of the end of a timer that was in flight when it was created", async () => {
		const { shard, envelope } = await firing();
		await shard.create(dependent(shard, [first]));
		await shard.report(envelope);
		expect(await shard.statusOf(2)).toBe("scheduled");
	});

	it("[CHAIN-18] is told of the first end only: a replay that succeeds releases nobody twice", async () => {
		const { shard, envelope } = await firing();
		await shard.create(dependent(shard, [{ ...first, on: "always" }]));
		await shard.create(dependent(shard, [first]));
		await shard.report(envelope, answered(envelope, 404));
		expect([await shard.statusOf(2), await shard.statusOf(3)]).toEqual(["scheduled", "skipped"]);
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 0, null));
		await shard.create(dependent(shard, [first]));
		await shard.report(only(await shard.advance(Date.now() + 10)));
		expect(await Promise.all([1, 2, 3, 4].map((seq) => shard.statusOf(seq)))).toEqual([
			"settled",
			"scheduled",
			"skipped",
			"scheduled",
		]);
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
	});
});

describe("a schedule", () => {
	const MINUTE = 60_000;
	const everyMinute: TimerDoc = { ...webhooks(1), schedule: { everyMs: MINUTE, phaseMs: 0 } };

	it("[CHAIN-19] has ended, for its dependents, with the next firing that is delivered or fails", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { ...everyMinute, retry: { maxAttempts: 1 } }));
		await shard.report(only(await shard.advance(DUE)));
		for (const on of CONDITIONS) await shard.create(dependent(shard, [{ ...first, on }]));
		expect(await shard.statusOf(2)).toBe("pending");
		const envelope = only(await shard.advance(DUE + MINUTE));
		await shard.report(envelope, answered(envelope, 404));
		const states = await Promise.all([1, 2, 3, 4].map((seq) => shard.statusOf(seq)));
		expect(states).toEqual(["scheduled", "skipped", "scheduled", "scheduled"]);
		await shard.create(dependent(shard, [first]));
		await shard.stub().cancel(shard.call, 1, null);
		expect(await shard.statusOf(5)).toBe("cancelled");
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
	});

	it("[CHAIN-19] goes by firings, a timer that fires once by its end, whoever runs it meanwhile", async () => {
		const shard = await scheduled();
		await shard.create(timerOf(DUE + MINUTE, everyMinute));
		await shard.create(dependent(shard, [first]));
		await shard.create(dependent(shard, [{ shard: 0, seq: 2 }]));
		for (const seq of [1, 2]) accepted(await shard.stub().run(shard.call, seq, null));
		for (const envelope of await shard.advance(START + 10)) await shard.report(envelope);
		expect([await shard.statusOf(3), await shard.statusOf(4)]).toEqual(["pending", "scheduled"]);
	});

	it("[CHAIN-19] of a dependent begins when that is released, at that instant if it names it", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { message: "m" }));
		await shard.create(timerOf(DUE + 1, { message: "m" }));
		const doc = { ...everyMinute, retry: { maxAttempts: 1 } };
		const scheduled = (seq: number) => dependent(shard, [{ shard: 0, seq }], { doc, at: DUE });
		await shard.create(scheduled(1));
		await shard.create(scheduled(2));
		expect(await shard.timer(3)).toMatchObject({ status: "pending", fireAt: NO_INSTANT });
		await shard.pass(DUE + 1);
		expect((await shard.timer(4)).fireAt).toBe(DUE + MINUTE);
		const envelope = only(shard.envelopes());
		expect(timersOf([envelope])).toEqual([3]);
		await shard.report(envelope);
		expect(await shard.timer(3)).toMatchObject({ status: "scheduled", fireAt: DUE + MINUTE });
	});
});

describe("a dependent that listens to events", () => {
	it("[CHAIN-35] hears of none before it is released, and ends when its schedule does", async () => {
		const shard = await scheduled();
		const endAt = DUE + 60_000;
		const asked = (schedule: object) => ({
			...dependent(shard, [first], {
				doc: { ...WEBHOOK, schedule: { event: "paid", ...schedule } },
				at: NO_INSTANT,
			}),
		});
		await shard.create(asked({}));
		await shard.create(asked({ endAt }));
		await publish(shard, "paid", 1);
		expect(await sentNow(shard)).toEqual([]);
		await shard.report(only(await shard.advance(DUE)));
		expect(await shard.timer(2)).toMatchObject({
			status: "scheduled",
			nextAt: null,
			fireAt: NO_INSTANT,
		});
		await publish(shard, "paid", 2);
		expect(await sentNow(shard)).toMatchObject([
			{ timer: 2, payload: 2 },
			{ timer: 3, payload: 2 },
		]);
		for (const envelope of shard.envelopes().slice(1)) await shard.report(envelope);
		await shard.pass(endAt + 1);
		expect([await shard.statusOf(2), await shard.statusOf(3)]).toEqual(["scheduled", "settled"]);
	});
});

describe("cancelling", () => {
	it("[CHAIN-20] a pending timer ends it, and what waits for it in turn", async () => {
		const shard = await scheduled();
		await shard.create(dependent(shard, [first]));
		await shard.create(dependent(shard, [{ shard: 0, seq: 2 }]));
		const { outcome } = accepted(await shard.stub().cancel(shard.call, 2, "enough"));
		expect(outcome).toBe("cancelled");
		expect(await shard.timer(2)).toMatchObject({ status: "cancelled", cancelReason: "enough" });
		expect((await shard.timer(3)).cancelReason).toMatch(
			/^tmr_\w+, on which it depends, was cancelled$/,
		);
		expect(await shard.statusOf(1)).toBe("scheduled");
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
		expect(await shard.deliveries(2)).toEqual([]);
	});

	it("[CHAIN-21] a timer in flight cancels its descendants at once; those on always wait for its end", async () => {
		const { shard, envelope } = await firing();
		for (const on of CONDITIONS) await shard.create(dependent(shard, [{ ...first, on }]));
		const { outcome } = accepted(await shard.stub().cancel(shard.call, 1, null));
		expect(outcome).toBe("in_flight");
		const states = () => Promise.all([1, 2, 3, 4].map((seq) => shard.statusOf(seq)));
		expect(await states()).toEqual(["firing", "cancelled", "cancelled", "pending"]);
		await shard.report(envelope);
		expect(await states()).toEqual(["settled", "cancelled", "cancelled", "scheduled"]);
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
	});

	it("[CHAIN-22] a timer that has ended changes nothing", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { message: "m" }));
		await shard.create(dependent(shard, [first]));
		await shard.pass(DUE);
		await shard.stub().cancel(shard.call, 1, null);
		await shard.stub().delete(shard.call, 1, null);
		expect(await shard.statusOf(2)).toBe("scheduled");
	});

	it("[CHAIN-23] or deleting in bulk takes pending timers too", async () => {
		const shard = await scheduled();
		await shard.create(dependent(shard, [first]));
		await shard.create(dependent(shard, [first]));
		const filter = {
			statuses: ["pending"],
			labels: [],
			name: null,
			dueBefore: null,
			dueAfter: null,
		} as const;
		expect(await shard.stub().bulk(shard.call, "cancel", filter, null)).toEqual({
			matched: 2,
			changed: 2,
		});
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
	});

	it("[CHAIN-23] or deleting a chain in bulk counts each of its timers once", async () => {
		for (const action of ["delete", "cancel"] as const) {
			const shard = await scheduled();
			await shard.create(dependent(shard, [first]));
			await shard.create(dependent(shard, [first]));
			const { matched } = await shard.stub().bulk(shard.call, action, ALL, null);
			expect(matched).toBe(3);
			expect(await shard.stub().usage()).toMatchObject({ active: 0 });
			expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
		}
	});
});

describe("changing", () => {
	const CHANGE = {
		dueAt: null,
		extendMs: null,
		docPatch: null,
		ifMatch: null,
		horizonAt: LIMITS.instantMax,
	};

	it("[CHAIN-30] a pending timer changes what will count from its release", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { message: "m" }));
		await shard.create(dependent(shard, [first]));
		const patch = async (change: object) =>
			accepted(await shard.stub().patch(shard.call, 2, { ...CHANGE, ...change }));
		expect(await patch({ extendMs: 1_000 })).toMatchObject({ status: "pending", version: 2 });
		expect(JSON.parse((await shard.timer(2)).doc).delayMs).toBe(DELAY_MS + 1_000);
		expect((await patch({ dueAt: DUE + 7_000 })).fireAt).toBe(DUE + 7_000);
		expect((await patch({ extendMs: 500 })).fireAt).toBe(DUE + 7_500);
		expect((await patch({ dueAt: START + 300, delayMs: 300 })).fireAt).toBe(NO_INSTANT);
		await shard.pass(DUE);
		expect((await shard.timer(2)).fireAt).toBe(DUE + 300);
		expect(refusal(await shard.stub().patch(shard.call, 1, CHANGE))).toBe("already_settled");
	});

	it("[CHAIN-32] a pending timer to paused lets its dependencies end meanwhile", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { message: "m" }));
		await shard.create(timerOf(DUE + 9_000, { message: "m" }));
		await shard.create(dependent(shard, [first]));
		await shard.create(dependent(shard, [first, { shard: 0, seq: 2 }]));
		await shard.create(dependent(shard, [first]));
		for (const seq of [3, 4, 5]) accepted(await shard.stub().pause(shard.call, seq, null));
		await shard.stub().cancel(shard.call, 5, null);
		await shard.pass(DUE + 1_000);
		for (const seq of [3, 4]) {
			expect(await shard.statusOf(seq)).toBe("paused");
			accepted(await shard.stub().resume(shard.call, seq, null));
		}
		expect(await shard.timer(3)).toMatchObject({ status: "scheduled", fireAt: DUE + DELAY_MS });
		expect(await shard.timer(4)).toMatchObject({ status: "pending", fireAt: NO_INSTANT });
		await shard.pass(DUE + 9_000);
		expect((await shard.timer(4)).fireAt).toBe(DUE + 9_000 + DELAY_MS);
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
	});

	it("[CHAIN-31] a timer that others wait for keeps them", async () => {
		const shard = await scheduled();
		await shard.create(dependent(shard, [first]));
		await shard
			.stub()
			.patch(shard.call, 1, { ...CHANGE, docPatch: JSON.stringify({ priority: 1 }) });
		await shard.report(only(await shard.advance(DUE)));
		expect(await shard.statusOf(2)).toBe("scheduled");
	});
});

describe("a dedupe key", () => {
	const asked = (mode: "replace" | "merge") => ({
		...timerOf(DUE + 9_000, { labels: { a: "b" } }, "k"),
		dedupe: { mode },
	});

	it("[CHAIN-34] that replaces a pending timer ends its waiting; a merge leaves it", async () => {
		const shard = await scheduled();
		for (const mode of ["replace", "merge"] as const) {
			const { seq } = await shard.create({ ...dependent(shard, [first]), dedupeKey: "k" });
			const { timer } = await shard.create(asked(mode));
			expect(timer?.seq).toBe(seq);
			expect(timer).toMatchObject(
				mode === "merge"
					? { status: "pending", fireAt: NO_INSTANT }
					: { status: "scheduled", fireAt: DUE + 9_000 },
			);
			await shard.stub().cancel(shard.call, seq, null);
		}
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
	});

	it("[CHAIN-34] leaves those waiting that wait for the timer, and a paused one paused", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { message: "m" }, "k"));
		await shard.create(dependent(shard, [first]));
		accepted(await shard.stub().pause(shard.call, 1, "note"));
		await shard.create(asked("replace"));
		expect(await shard.statusOf(1)).toBe("paused");
		accepted(await shard.stub().resume(shard.call, 1, null));
		await shard.pass(DUE + 9_000);
		expect(await shard.statusOf(2)).toBe("scheduled");
	});
});

/** What happens between every two steps of a chain. */
const BETWEEN: Record<string, (shard: ShardDriver) => Promise<void>> = {
	eviction: (shard) => shard.evict(),
	"another epoch": (shard) => shard.reboot(),
	abort: async (shard) => {
		await shard.idle();
		await abortAllDurableObjects();
	},
};

/** A chain of webhooks with a join: 1 → 2, 1 → 3, (2, 3) → 4, 4 fails → 5 skipped, 6 runs. */
async function chain(between: (shard: ShardDriver) => Promise<void>) {
	setClock(START);
	const shard = newShard();
	const edge = (seq: number, on: DependencyCondition = "success") => ({ shard: 0, seq, on });
	const timers = [
		timerOf(DUE, { ...WEBHOOK, retry: { maxAttempts: 1 } }),
		...[
			[edge(1)],
			[edge(1)],
			[edge(2), edge(3)],
			[edge(4)],
			[edge(4, "failure"), edge(5, "always")],
		].map((edges) => dependent(shard, edges, { doc: { ...WEBHOOK, retry: { maxAttempts: 1 } } })),
	];
	for (const timer of timers) {
		await shard.create(timer);
		await between(shard);
	}
	const sent: number[] = [];
	for (let to = DUE; to <= DUE + 10 * DELAY_MS; to += DELAY_MS) {
		await shard.pass(to);
		await between(shard);
		const open = new Set((await shard.claims()).map(({ id }) => id));
		for (const envelope of shard.envelopes().filter(({ claim }) => open.has(claim))) {
			for (const delivery of envelope.deliveries) {
				sent.push(delivery.timer);
				const outcome = outcomeOf(delivery, delivery.timer === 4 ? 404 : 200);
				await shard.report(envelope, [outcome], false);
				await between(shard);
			}
			await shard.report(envelope, [], true);
			await between(shard);
		}
	}
	const states = await Promise.all([1, 2, 3, 4, 5, 6].map((seq) => shard.statusOf(seq)));
	return { sent: [...new Set(sent)], states, left: await leftovers(shard) };
}

describe("a chain", () => {
	it.each(Object.entries(BETWEEN))(
		"[CHAIN-40] is the same with %s between every two steps",
		async (_, between) => {
			const undisturbed = await chain(async () => {});
			expect(undisturbed).toEqual({
				sent: [1, 2, 3, 4, 6],
				states: ["settled", "settled", "settled", "failed", "skipped", "settled"],
				left: NOTHING_LEFT,
			});
			expect(await chain(between)).toEqual(undisturbed);
		},
	);

	it("[CHAIN-41] of any length or width is followed to its end, a bounded part in a transaction", async () => {
		const shard = await scheduled();
		const wide = EDGES_PER_TRANSACTION + 100;
		const timers = Array.from({ length: wide }, (_, index) => ({
			index,
			timer: dependent(shard, [first]),
		}));
		accepted(await shard.stub().createBatch(shard.call, timers, null));
		for (let seq = 2; seq < 50; seq++)
			await shard.create(dependent(shard, [{ shard: 0, seq: wide + seq - 1 }]));
		await shard.stub().cancel(shard.call, 1, null);
		await shard.pass(Date.now() + 100);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
	});
});
