import { describe, expect, it } from "vitest";
import type { TimerChange } from "../../durable-objects/tenant-shard/rpc.ts";
import { START, setClock, standStill } from "./clock.ts";
import { DUE, RETRY_MS, scheduled } from "./firing.ts";
import {
	accepted,
	answered,
	only,
	outcomeOf,
	refusal,
	type ShardDriver,
	timerOf,
	WEBHOOK,
	webhooks,
} from "./harness.ts";
import { timersOf } from "./reading.ts";

standStill();

const NO_CHANGE: TimerChange = {
	dueAt: null,
	extendMs: null,
	docPatch: null,
	ifMatch: null,
	horizonAt: Number.MAX_SAFE_INTEGER,
};

function patch(shard: ShardDriver, change: Partial<TimerChange>, seq = 1) {
	return shard.stub().patch(shard.call, seq, { ...NO_CHANGE, ...change });
}

describe("changing a timer", () => {
	it("[SHARD-10] moves it later or earlier, and it fires once, then", async () => {
		for (const moved of [DUE + 30_000, DUE - 30_000]) {
			setClock(START);
			const shard = await scheduled();
			expect(accepted(await patch(shard, { dueAt: moved }))).toMatchObject({
				fireAt: moved,
				version: 2,
			});
			expect(await shard.advance(moved - 1)).toEqual([]);
			const envelope = only(await shard.advance(moved));
			expect(envelope.deliveries).toMatchObject([{ dueAt: moved }]);
			await shard.report(envelope);
			expect(await shard.advance(DUE + 120_000)).toEqual([]);
		}
	});

	it("[SHARD-10] moves it to an instant that the scan has passed", async () => {
		const shard = await scheduled();
		await shard.create(timerOf(DUE + 60_000));
		await shard.advance(DUE + 1_000);
		for (const moved of [DUE, DUE - 5_000, DUE + 1_000]) {
			accepted(await patch(shard, { dueAt: moved }, 2));
			const seen = await shard.advance(DUE + 1_001);
			expect(timersOf(seen)).toEqual([2]);
			// Given back, it is due again; and moved ahead once more.
			await shard.report(only(seen), []);
			accepted(await patch(shard, { dueAt: DUE + 60_000 }, 2));
			setClock(DUE + 1_000);
		}
	});

	it("[SHARD-11] extends it from when it is due", async () => {
		const shard = await scheduled();
		expect(accepted(await patch(shard, { extendMs: 5_000 }))).toMatchObject({
			fireAt: DUE + 5_000,
		});
		expect(accepted(await patch(shard, { extendMs: 5_000 }))).toMatchObject({
			fireAt: DUE + 10_000,
		});
		expect(timersOf(await shard.advance(DUE + 10_000))).toEqual([1]);
	});

	it("[SHARD-11] extends a retry from when it is due", async () => {
		const shard = await scheduled();
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 503));
		accepted(await patch(shard, { extendMs: 5_000 }));
		expect(await shard.deliveries(1)).toMatchObject([{ nextAttemptAt: DUE + RETRY_MS + 5_000 }]);
		expect(await shard.advance(DUE + RETRY_MS + 4_999)).toEqual([]);
		expect(timersOf(await shard.advance(DUE + RETRY_MS + 5_000))).toEqual([1]);
	});

	it("[SHARD-12] moves the retries of a timer that has fired, and not the firing", async () => {
		const shard = await scheduled(2);
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 503));
		const moved = accepted(await patch(shard, { dueAt: DUE + 90_000 }));
		expect(moved).toMatchObject({ fireAt: DUE, status: "firing" });
		expect(await shard.advance(DUE + 89_999)).toEqual([]);
		const retry = only(await shard.advance(DUE + 90_000));
		expect(retry.deliveries).toMatchObject([
			{ action: 0, attempt: 2, dueAt: DUE },
			{ action: 1, attempt: 2, dueAt: DUE },
		]);
	});

	it("[SHARD-13] refuses what is in flight, ended or not there", async () => {
		const shard = await scheduled(2);
		const envelope = only(await shard.advance(DUE));
		const [a] = envelope.deliveries;
		if (a === undefined) throw new Error("no delivery");
		expect(refusal(await patch(shard, { dueAt: DUE + 90_000 }))).toBe("in_flight");
		await shard.report(envelope, [outcomeOf(a, 404)], false);
		expect(refusal(await patch(shard, { dueAt: DUE + 90_000 }))).toBe("in_flight");
		await shard.report(envelope, answered(envelope, 404));
		expect(refusal(await patch(shard, {}))).toBe("already_settled");
		expect(refusal(await patch(shard, {}, 2))).toBe("not_found");
	});

	it("[SHARD-13] refuses another number of actions once it has fired: deliveries point at them", async () => {
		const shard = await scheduled();
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, []);
		const docPatch = JSON.stringify({ actions: webhooks(2).actions });
		expect(refusal(await patch(shard, { docPatch }))).toBe("in_flight");
		// Where each keeps its place, a wrong URL can be mended while its retries wait.
		const mended = [{ type: "webhook", url: "https://mended.example/" }];
		accepted(await patch(shard, { docPatch: JSON.stringify({ actions: mended }) }));
		const retry = only(await shard.advance(DUE + RETRY_MS));
		expect(only(retry.deliveries).doc).toContain("mended.example");
	});

	it("[SHARD-14] honours If-Match", async () => {
		const shard = await scheduled();
		expect(refusal(await patch(shard, { ifMatch: '"2-scheduled"', dueAt: DUE }))).toBe(
			"precondition_failed",
		);
		accepted(await patch(shard, { ifMatch: '"1-scheduled"', docPatch: '{"name":"a"}' }));
		accepted(
			await patch(shard, { ifMatch: '"7-firing", "2-scheduled"', docPatch: '{"name":"b"}' }),
		);
		expect(await shard.timer(1)).toMatchObject({ version: 3 });
		expect(refusal(await shard.stub().delete(shard.call, 1, '"1-scheduled"'))).toBe(
			"precondition_failed",
		);
	});

	it("[SHARD-14] of two changes in one group with one If-Match, one is refused", async () => {
		const shard = await scheduled();
		const answers = await Promise.all(
			["a", "b"].map((name) =>
				patch(shard, { ifMatch: '"1-scheduled"', docPatch: JSON.stringify({ name }) }),
			),
		);
		expect(answers.map((answer) => answer.ok)).toEqual([true, false]);
	});

	it("[SHARD-15] a change of priority takes another lane along with it", async () => {
		const shard = await scheduled();
		accepted(await patch(shard, { docPatch: '{"priority":1}' }));
		const envelope = only(await shard.advance(DUE));
		expect(envelope.priority).toBe("high");
		await shard.report(envelope, answered(envelope, 503));
		accepted(await patch(shard, { docPatch: '{"priority":9}' }));
		expect(only(await shard.advance(DUE + RETRY_MS)).priority).toBe("low");
	});

	it("[SHARD-16] refuses what lies beyond the horizon or grows too large, and keeps the timer", async () => {
		const shard = await scheduled();
		const before = await shard.timer(1);
		expect(refusal(await patch(shard, { extendMs: 5_000, horizonAt: DUE + 4_999 }))).toBe(
			"beyond_horizon",
		);
		const metadata = { text: "x".repeat(300_000) };
		expect(refusal(await patch(shard, { docPatch: JSON.stringify({ metadata }) }))).toBe(
			"too_large",
		);
		// 262,144 bytes are the limit, not that many characters.
		const wide = { text: "語".repeat(90_000) };
		expect(refusal(await patch(shard, { docPatch: JSON.stringify({ metadata: wide }) }))).toBe(
			"too_large",
		);
		expect(await shard.timer(1)).toEqual(before);
	});

	it("[SHARD-18] does not let a timer that is pushed back for ever outgrow its row", async () => {
		const shard = await scheduled();
		for (let change = 0; change < 1_500; change++) accepted(await patch(shard, { extendMs: 1 }));
		const trail = await shard.store((store) => store.getTimer.first(1)?.trail);
		expect(trail?.length).toBeLessThan(10_000);
		const events = await shard.events(1);
		expect(events[0]).toBe("timer.created");
		expect(events.length).toBeGreaterThan(256);
		const envelope = only(await shard.advance(DUE + 1_500));
		await shard.report(envelope);
		expect((await shard.events(1)).at(-1)).toBe("timer.settled");
	});

	it("[SHARD-17] a change is an event in `full`, and none in `fast`", async () => {
		const shard = await scheduled();
		await shard.create(timerOf(DUE, { ...WEBHOOK, fidelity: "fast" }));
		for (const seq of [1, 2]) accepted(await patch(shard, { dueAt: DUE + 1 }, seq));
		expect(await shard.events(1)).toEqual(["timer.created", "timer.updated"]);
		expect(await shard.events(2)).toEqual([]);
	});
});
