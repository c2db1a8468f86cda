import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/contract/json.ts";
import { standStill } from "./clock.ts";
import { DUE } from "./firing.ts";
import { accepted, newShard, only, type ShardDriver, timerOf, WEBHOOK } from "./harness.ts";
import { at, recurring } from "./recurring/every-minute.ts";
import { listener, publish, sentNow, skipsOf } from "./topics.ts";

standStill();

/** Replaces the context of timer 1, as PATCH does. */
async function tell(shard: ShardDriver, context: JsonObject): Promise<void> {
	await patch(shard, { context });
}

async function patch(shard: ShardDriver, members: JsonObject): Promise<void> {
	const change = { dueAt: null, extendMs: null, ifMatch: null, horizonAt: Number.MAX_SAFE_INTEGER };
	const docPatch = JSON.stringify(members);
	accepted(await shard.stub().patch(shard.call, 1, { ...change, docPatch }));
}

const UNMET = { environment: "production" };

describe("a timer with conditions", () => {
	it("[COND-30] fires when they are met", async () => {
		const shard = newShard();
		const context = { environment: "production" };
		await shard.create(timerOf(DUE, { ...WEBHOOK, conditions: UNMET, context }));
		await shard.report(only(await shard.advance(DUE)));
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firedCount: 1 });
	});

	it("[COND-30] is skipped when they are not, and says what they were asked of", async () => {
		const shard = newShard();
		const context = { environment: "staging" };
		await shard.create(timerOf(DUE, { ...WEBHOOK, conditions: UNMET, context }));
		expect(await shard.advance(DUE)).toEqual([]);
		expect(await shard.timer(1)).toMatchObject({ status: "skipped", firedCount: 0 });
		expect(await skipsOf(shard, 1)).toEqual([
			{
				reason: "conditions_not_met",
				conditions: [{ condition: UNMET, value: "staging", met: false }],
			},
		]);
	});

	it("[COND-31] is asked when it fires: what it was told until then counts, after a restart too", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { ...WEBHOOK, conditions: UNMET }));
		await tell(shard, { environment: "production" });
		await shard.evict();
		expect(await shard.advance(DUE)).toHaveLength(1);
	});

	it("[COND-31] may be given its conditions, and freed of them, while it waits", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, WEBHOOK));
		await patch(shard, { conditions: UNMET });
		expect(await shard.advance(DUE)).toEqual([]);
		expect(await shard.timer(1)).toMatchObject({ status: "skipped" });
		const freed = newShard();
		await freed.create(timerOf(DUE + 1, { ...WEBHOOK, conditions: UNMET }));
		await patch(freed, { conditions: null });
		expect(await freed.advance(DUE + 1)).toHaveLength(1);
	});

	it("[COND-32] that recurs leaves out the occurrences at which they are not met", async () => {
		const shard = await recurring({ ...WEBHOOK, conditions: "context.go" });
		expect(await shard.advance(at(1))).toEqual([]);
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", firedCount: 0 });
		await tell(shard, { go: true });
		await shard.report(only(await shard.advance(at(2))));
		await tell(shard, { go: false });
		expect(await shard.advance(at(3))).toEqual([]);
		expect(await shard.timer(1)).toMatchObject({ status: "scheduled", firedCount: 1 });
		expect(await skipsOf(shard, 1)).toMatchObject([
			{ reason: "conditions_not_met", conditions: [{ condition: "context.go", value: null }] },
			{ reason: "conditions_not_met", conditions: [{ condition: "context.go", value: false }] },
		]);
	});

	it("[COND-33] knows the last event of a topic", async () => {
		const shard = newShard();
		const conditions = [
			{ lhs: "events.weather.today.rain", operator: "lt", rhs: 0.5 },
			'events."weather.today".place == `Berlin`',
		] as const;
		await shard.create(timerOf(DUE, { ...WEBHOOK, conditions }));
		await shard.create(timerOf(DUE + 10, { ...WEBHOOK, conditions }));
		await publish(shard, "weather.today", { rain: 0.7, place: "Berlin" });
		expect(await shard.advance(DUE)).toEqual([]);
		expect(await skipsOf(shard, 1)).toMatchObject([
			{ conditions: [{ value: 0.7, met: false }, { met: true }] },
		]);
		await publish(shard, "weather.today", { rain: 0.2, place: "Berlin" });
		expect(await shard.advance(DUE + 10)).toHaveLength(1);
	});

	it("[COND-34] is asked for each firing of an event too", async () => {
		const shard = newShard();
		await shard.create(
			listener({ event: "paid" }, { ...WEBHOOK, conditions: "events.paid.total > 5" }),
		);
		await publish(shard, "paid", { total: 3 });
		expect(await sentNow(shard)).toEqual([]);
		await publish(shard, "paid", { total: 7 });
		expect(await sentNow(shard)).toMatchObject([{ payload: { total: 7 } }]);
		expect(await skipsOf(shard, 1)).toMatchObject([{ reason: "conditions_not_met" }]);
	});

	it("[COND-35] gives its turn to the next that waits for its concurrency key", async () => {
		const shard = newShard();
		const concurrencyKey = "one";
		await shard.create(timerOf(DUE, { ...WEBHOOK, concurrencyKey, conditions: "params.go" }));
		await shard.create(timerOf(DUE, { ...WEBHOOK, concurrencyKey }));
		const sent = await shard.advance(DUE);
		const later = await shard.advance(DUE + 1);
		const timers = [...sent, ...later].flatMap(({ deliveries }) =>
			deliveries.map(({ timer }) => timer),
		);
		expect(timers).toEqual([2]);
		expect(await shard.timer(1)).toMatchObject({ status: "skipped" });
	});

	it("[COND-36] that cannot be asked is skipped with the reason", async () => {
		const shard = newShard();
		const doc = { ...WEBHOOK, conditions: "sum(params.text)", params: { text: "a" } };
		await shard.create(timerOf(DUE, doc));
		expect(await shard.advance(DUE)).toEqual([]);
		expect(await skipsOf(shard, 1)).toMatchObject([
			{ conditions: [{ met: false, error: expect.stringContaining("sum(params.text)") }] },
		]);
	});
});
