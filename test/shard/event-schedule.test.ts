import { describe, expect, it } from "vitest";
import { EVENT_LISTENERS_SLICE } from "../../durable-objects/tenant-shard/constants.ts";
import { START, setClock, standStill } from "./clock.ts";
import { accepted, answered, newShard, only, refusal, timerOf, WEBHOOK } from "./harness.ts";
import { listener, publish, sentNow, skipsOf } from "./topics.ts";

standStill();

describe("a timer that waits for events", () => {
	it("[EVENT-1] fires once for each event of its topic, with the event", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid" }));
		expect(await shard.alarmAt()).toBeNull();
		expect(await shard.timer(1)).toMatchObject({
			status: "scheduled",
			nextAt: null,
			firedCount: 0,
		});
		setClock(START + 5_000);
		const { id, publishedAt } = await publish(shard, "paid", { order: 7 });
		await publish(shard, "Paid", 1);
		await publish(shard, "paid ", 2);
		const envelope = only(await shard.advance(START + 5_001));
		const [delivery] = envelope.deliveries;
		expect(delivery).toMatchObject({ timer: 1, firing: 1, dueAt: START + 5_000 });
		const event = { id, topic: "paid", publishedAt, payload: { order: 7 } };
		expect(JSON.parse(delivery?.doc ?? "").event).toEqual(event);
		await shard.report(envelope);
		expect(await shard.timer(1)).toMatchObject({
			status: "scheduled",
			nextAt: null,
			firedCount: 1,
			firing: { seq: 1, status: "settled", dueAt: START + 5_000 },
		});
		await publish(shard, "paid", 8);
		expect(await sentNow(shard)).toMatchObject([{ timer: 1, firing: 2, payload: 8 }]);
	});

	it("[FIRE-14] replays a dead letter with the event it was for", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid" }));
		await publish(shard, "paid", { order: 7 });
		const [envelope] = await shard.advance(START + 1);
		if (envelope === undefined) throw new Error("It has fired.");
		await shard.report(envelope, answered(envelope, 400));
		accepted(await shard.stub().replayDeadLetter(shard.call, 1, 1, 0, null));
		expect(await sentNow(shard)).toMatchObject([
			{ firing: 1, dueAt: START, payload: { order: 7 } },
		]);
	});

	it("[EVENT-1] hears of events also after a restart", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid" }));
		await shard.evict();
		await publish(shard, "paid", 1);
		await shard.evict();
		expect(await sentNow(shard)).toMatchObject([{ timer: 1, firing: 1, payload: 1 }]);
	});

	it("[CTRL-1] [EVENT-1] hears nothing while it is paused, and all that comes after its resume", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid" }));
		accepted(await shard.stub().pause(shard.call, 1, null));
		await publish(shard, "paid", 1);
		expect(await sentNow(shard)).toEqual([]);
		accepted(await shard.stub().resume(shard.call, 1, null));
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", nextAt: null });
		expect(await shard.store((store) => store.getTimer.first(1)?.due)).toBeNull();
		await publish(shard, "paid", 2);
		expect(await sentNow(shard)).toMatchObject([{ firing: 1, payload: 2 }]);
	});

	it("[EVENT-1] fires without actions too", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid" }, { name: "bare" }));
		await publish(shard, "paid", 1);
		expect(await sentNow(shard)).toEqual([]);
		expect(await shard.timer(1)).toMatchObject({
			status: "scheduled",
			firedCount: 1,
			firing: { seq: 1, status: "settled" },
		});
		expect(await shard.events(1)).toEqual(["timer.created", "timer.fired", "firing.settled"]);
	});

	it("[EVENT-2] fires on while an earlier firing is retried", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid" }, { ...WEBHOOK, retry: { delaysMs: [60_000] } }));
		await publish(shard, "paid", 1);
		const first = only(await shard.advance(Date.now() + 1));
		await shard.report(first, answered(first, 503));
		await publish(shard, "paid", 2);
		expect(await sentNow(shard)).toMatchObject([{ firing: 2, payload: 2 }]);
		setClock(START + 60_002);
		expect(await sentNow(shard)).toMatchObject([{ firing: 1, payload: 1 }]);
	});

	it("[EVENT-3] fires once for an event that is published twice under one Idempotency-Key", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid" }));
		await publish(shard, "paid", 1, "POST /v1/events k");
		await shard.evict();
		await publish(shard, "paid", 1, "POST /v1/events k");
		expect(await sentNow(shard)).toHaveLength(1);
	});

	it("[EVENT-3] fires once for an event that another shard tells twice", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid" }));
		const publishedAt = new Date(START).toISOString();
		const event = { id: "evt_1", topic: "paid", publishedAt, payload: 1 };
		const tell = () => shard.stub().receive(shard.call, [{ kind: "event", event, after: 0 }]);
		await tell();
		await shard.evict();
		await tell();
		expect(await sentNow(shard)).toMatchObject([{ firing: 1, payload: 1 }]);
	});

	it("[EVENT-4] tells all of many listeners, a slice at a time", async () => {
		const shard = newShard();
		const count = 2 * EVENT_LISTENERS_SLICE + 1;
		await shard.createMany(count, listener({ event: "paid" }));
		await publish(shard, "paid", 1);
		await shard.advance(START + 1_000);
		await shard.ring();
		const timers = shard.envelopes().flatMap(({ deliveries }) => deliveries.map((d) => d.timer));
		expect(timers.toSorted((a, b) => a - b)).toEqual(
			Array.from({ length: count }, (_, index) => index + 1),
		);
	});

	it("[EVENT-5] does not hear of events from before it was made, while it is paused, or after its end", async () => {
		const shard = newShard();
		await publish(shard, "paid", 1);
		await shard.create(listener({ event: "paid" }));
		accepted(await shard.stub().pause(shard.call, 1, null));
		await publish(shard, "paid", 2);
		accepted(await shard.stub().resume(shard.call, 1, null));
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", nextAt: null });
		expect(await sentNow(shard)).toEqual([]);
		await publish(shard, "paid", 3);
		expect(await sentNow(shard)).toMatchObject([{ payload: 3 }]);
		await shard.stub().cancel(shard.call, 1, null);
		await publish(shard, "paid", 4);
		expect(await sentNow(shard)).toEqual([]);
		expect(await shard.store((store) => store.listenersAfter.all("paid", 0, 10))).toEqual([]);
	});

	it("[EVENT-5] is deleted with all that it has remembered", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid", debounce: { periodMs: 60_000 } }));
		await publish(shard, "paid", 1);
		await shard.stub().delete(shard.call, 1, null);
		expect(await shard.advance(START + 60_000)).toEqual([]);
		const left = await shard.inside(({ sql }) =>
			["topic_listener", "topic_window", "timer"].map((table) =>
				sql.exec(`SELECT * FROM ${table}`).toArray(),
			),
		);
		expect(left).toEqual([[], [], []]);
	});

	it("[EVENT-6] ends when its limit is reached and the last firing has ended", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid", limit: 2 }));
		await publish(shard, "paid", 1);
		await shard.report(only(await shard.advance(Date.now() + 1)));
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", remaining: 1 });
		await publish(shard, "paid", 2);
		await publish(shard, "paid", 3);
		const last = only(await shard.advance(Date.now() + 1));
		expect(last.deliveries).toHaveLength(1);
		expect(await shard.stateOf(1)).toBe("firing");
		await shard.report(last);
		expect(await shard.stateOf(1)).toBe("settled");
		expect(await shard.timer(1)).toMatchObject({ firedCount: 2 });
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[EVENT-7] hears only from start to end, and is over at its end", async () => {
		const shard = newShard();
		const [startAt, endAt] = [START + 10_000, START + 20_000];
		await shard.create(listener({ event: "paid", startAt, endAt }));
		for (const at of [START, startAt, endAt]) {
			setClock(at);
			await publish(shard, "paid", at);
		}
		const payloads = (await sentNow(shard)).map(({ payload }) => payload);
		expect(payloads).toEqual([startAt, endAt]);
		expect(await shard.stateOf(1)).toBe("firing");
		for (const envelope of shard.envelopes()) await shard.report(envelope);
		expect(await shard.stateOf(1)).toBe("settled");
		await shard.create(listener({ event: "paid", endAt: endAt + 1_000 }));
		await shard.advance(endAt + 1_000);
		expect(await shard.stateOf(4)).toBe("skipped");
	});

	it("[EVENT-8] takes the place of a timer with an instant, and the other way round", async () => {
		const shard = newShard();
		const key = "k";
		const replace = { dedupe: { mode: "replace" as const }, dedupeKey: key };
		await shard.create(timerOf(START + 60_000, WEBHOOK, key));
		await shard.create({ ...listener({ event: "paid" }), ...replace });
		expect(await shard.advance(START + 60_000)).toEqual([]);
		await publish(shard, "paid", 1);
		expect(await sentNow(shard)).toMatchObject([{ timer: 1, firing: 1, payload: 1 }]);
		const again = { ...timerOf(START + 120_000), ...replace };
		expect(refusal(await shard.stub().create(shard.call, again, null))).toBe("in_flight");
		await shard.report(only(shard.envelopes()));
		accepted(await shard.stub().create(shard.call, again, null));
		await publish(shard, "paid", 2);
		expect(await sentNow(shard)).toEqual([]);
		setClock(START + 120_000);
		expect(await sentNow(shard)).toMatchObject([{ timer: 1, firing: 2 }]);
	});
});

describe("a filter", () => {
	it("[EVENT-10] lets events through for which its expression is true", async () => {
		const shard = newShard();
		const filter = "event.payload.total > params.least && topic == 'paid'";
		await shard.create(listener({ event: "paid", filter }, { ...WEBHOOK, params: { least: 10 } }));
		for (const total of [5, 15, 10, 20]) await publish(shard, "paid", { total });
		const payloads = (await sentNow(shard)).map(({ payload }) => payload);
		expect(payloads).toEqual([{ total: 15 }, { total: 20 }]);
		expect(await skipsOf(shard, 1)).toEqual([]);
	});

	it("[EVENT-11] that cannot be evaluated skips the event, saying why", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "paid", filter: "abs(payload)" }));
		const { id } = await publish(shard, "paid", "text");
		await publish(shard, "paid", -3);
		expect((await sentNow(shard)).map(({ payload }) => payload)).toEqual([-3]);
		expect(await skipsOf(shard, 1)).toEqual([
			{
				reason: "conditions_not_met",
				topic: "paid",
				event: id,
				error: expect.stringContaining("abs"),
			},
		]);
	});
});

describe("throttle", () => {
	it("[EVENT-12] fires for the first event of a period, by key, and skips the others", async () => {
		const shard = newShard();
		const throttle = { key: "payload.user", periodMs: 10_000 };
		await shard.create(listener({ event: "seen", throttle }));
		const seen = async (user: string, at: number) => {
			setClock(START + at);
			await publish(shard, "seen", { user, at });
		};
		for (const at of [0, 9_999]) for (const user of ["a", "b"]) await seen(user, at);
		await shard.evict();
		await seen("a", 10_000);
		const payloads = (await sentNow(shard)).map(({ payload }) => payload);
		expect(payloads).toEqual([
			{ user: "a", at: 0 },
			{ user: "b", at: 0 },
			{ user: "a", at: 10_000 },
		]);
		const untilAt = new Date(START + 10_000).toISOString();
		expect(await skipsOf(shard, 1)).toMatchObject([
			{ reason: "throttled", topic: "seen", key: '"a"', untilAt },
			{ reason: "throttled", topic: "seen", key: '"b"', untilAt },
		]);
	});

	it("[EVENT-12] forgets periods that have ended", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "seen", throttle: { key: "payload", periodMs: 1_000 } }));
		for (let user = 0; user < 20; user++) {
			setClock(START + user * 500);
			await publish(shard, "seen", user);
		}
		const windows = await shard.inside(({ sql }) =>
			sql.exec("SELECT * FROM topic_window").toArray(),
		);
		expect(windows.length).toBeLessThanOrEqual(2);
	});
});

describe("debounce", () => {
	it("[EVENT-13] fires a period after the last event, with that event, by key", async () => {
		const shard = newShard();
		await shard.create(
			listener({ event: "typed", debounce: { key: "payload.user", periodMs: 5_000 } }),
		);
		const typed = async (user: string, at: number) => {
			expect(await shard.advance(START + at)).toEqual([]);
			await publish(shard, "typed", { user, at });
		};
		await typed("a", 0);
		await typed("a", 4_000);
		await typed("b", 5_000);
		await shard.evict();
		await typed("a", 8_000);
		expect(await shard.advance(START + 9_999)).toEqual([]);
		setClock(START + 10_000);
		expect(await sentNow(shard)).toMatchObject([
			{ firing: 2, dueAt: START + 10_000, payload: { user: "b", at: 5_000 } },
		]);
		setClock(START + 13_000);
		expect(await sentNow(shard)).toMatchObject([
			{ firing: 1, dueAt: START + 13_000, payload: { user: "a", at: 8_000 } },
		]);
		expect((await skipsOf(shard, 1)).map(({ reason }) => reason)).toEqual([
			"debounced",
			"debounced",
		]);
		await publish(shard, "typed", { user: "a", at: 13_000 });
		setClock(START + 18_000);
		expect(await sentNow(shard)).toMatchObject([{ firing: 3, payload: { at: 13_000 } }]);
	});

	it("[EVENT-13] keeps the later of two events that come in the wrong order", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "typed", debounce: { periodMs: 5_000 } }));
		const told = (id: string, at: number) => ({
			kind: "event" as const,
			event: { id, topic: "typed", payload: at, publishedAt: new Date(START + at).toISOString() },
			after: 0,
		});
		await shard.stub().receive(shard.call, [told("evt_2", 2), told("evt_1", 1)]);
		setClock(START + 5_000);
		expect(await sentNow(shard)).toMatchObject([{ firing: 1, payload: 2 }]);
		expect(await skipsOf(shard, 1)).toMatchObject([{ reason: "debounced", event: "evt_1" }]);
	});

	it("[EVENT-13] counts the firings of one quiet period once against a limit", async () => {
		const shard = newShard();
		await shard.create(listener({ event: "typed", limit: 1, debounce: { periodMs: 5_000 } }));
		await publish(shard, "typed", 1);
		await publish(shard, "typed", 2);
		setClock(START + 5_000);
		expect(await sentNow(shard)).toMatchObject([{ firing: 1 }]);
	});
});
