import { describe, expect, it } from "vitest";
import type { NewTimer } from "../../durable-objects/tenant-shard/rpc.ts";
import type { JsonObject } from "../../src/contract/json.ts";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
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
import { publish } from "./topics.ts";

standStill();

const EVERY_MS = 10_000;

/** A timer that is asked every ten seconds, as the edge makes it. */
function asking(
	condition: string,
	doc: TimerDoc = WEBHOOK,
	more: { readonly limit?: number; readonly endAt?: number } = {},
): NewTimer {
	const schedule = { condition, everyMs: EVERY_MS, phaseMs: START % EVERY_MS, ...more };
	const timer = timerOf(START + EVERY_MS, { ...doc, schedule });
	return more.limit === undefined ? timer : { ...timer, firing: { limit: more.limit } };
}

/** Goes on to the nth look; answers how many firings began there. */
async function look(shard: ShardDriver, n: number): Promise<number> {
	const envelopes = await shard.advance(START + n * EVERY_MS + 1);
	return envelopes.flatMap(({ deliveries }) => deliveries).length;
}

async function tell(shard: ShardDriver, context: JsonObject): Promise<void> {
	const docPatch = JSON.stringify({ context });
	const change = { dueAt: null, extendMs: null, docPatch, ifMatch: null };
	accepted(await shard.stub().patch(shard.call, 1, { ...change, horizonAt: Infinity }));
}

describe("a timer with a condition for its schedule", () => {
	it("[CTRL-54] cannot be filled in: whether it was met then, nobody knows", async () => {
		const shard = newShard();
		await shard.create(asking("context.go"));
		const interval = { from: START - EVERY_MS, to: START, isSequential: true };
		expect(refusal(await shard.stub().backfill(shard.call, 1, interval))).toBe("not_recurring");
	});

	it("[CONDITION-1] fires when its condition turns true, once per rising edge", async () => {
		const shard = newShard();
		await shard.create(asking("context.ready"));
		const begun: number[] = [];
		for (const [index, ready] of [false, true, true, false, true, true].entries()) {
			await tell(shard, { ready });
			begun.push(await look(shard, index + 1));
		}
		expect(begun).toEqual([0, 1, 0, 0, 1, 0]);
		expect(await shard.timer(1)).toMatchObject({ status: "firing", firing: { seq: 2 } });
		for (const envelope of shard.envelopes()) await shard.report(envelope);
		expect(await shard.timer(1)).toMatchObject({
			status: "scheduled",
			firedCount: 2,
			nextAt: START + 7 * EVERY_MS,
		});
	});

	it("[CONDITION-1] that is true from the beginning fires at the first look", async () => {
		const shard = newShard();
		await shard.create(asking("params.go", { ...WEBHOOK, params: { go: true } }));
		expect(await shard.advance(START + EVERY_MS - 1)).toEqual([]);
		const [delivery] = only(await shard.advance(START + EVERY_MS + 1)).deliveries;
		expect(delivery).toMatchObject({ timer: 1, firing: 1, dueAt: START + EVERY_MS });
		expect(await look(shard, 2)).toBe(0);
	});

	it("[CONDITION-2] remembers over a restart what the answer was", async () => {
		const shard = newShard();
		await shard.create(asking("context.ready"));
		await tell(shard, { ready: true });
		expect(await look(shard, 1)).toBe(1);
		await shard.report(only(shard.envelopes()));
		await shard.reboot();
		expect(await look(shard, 2)).toBe(0);
		await tell(shard, { ready: false });
		await look(shard, 3);
		await shard.evict();
		await tell(shard, { ready: true });
		await shard.evict();
		const begun = only(await shard.advance(START + 4 * EVERY_MS + 1));
		expect(begun.deliveries).toMatchObject([{ firing: 2 }]);
	});

	it("[CONDITION-3] sees params, labels, metadata, context and the last event of each topic", async () => {
		const data = { params: { a: 1 }, labels: { b: "2" }, metadata: { c: [3] }, context: { d: 4 } };
		for (const condition of [
			"params.a == 1 && labels.b == '2' && metadata.c[0] == 3 && context.d == 4",
			"events.weather.rain > 0.5",
			"weather.rain > `0.5`",
			"events.\"weather.now\" == 'wet'",
			"timer.name == 'nightly-report' && events.none == null",
		]) {
			setClock(START);
			const shard = newShard();
			await shard.create(asking(condition, { ...WEBHOOK, ...data }));
			await publish(shard, "weather", { rain: 0.2 });
			await publish(shard, "weather", { rain: 0.7 });
			await publish(shard, "weather.now", "wet");
			expect([condition, await look(shard, 1)]).toEqual([condition, 1]);
		}
	});

	it("[CONDITION-4] that cannot be evaluated is not met", async () => {
		const shard = newShard();
		await shard.create(asking("abs(context.n) > 1"));
		await tell(shard, { n: "text" });
		expect(await look(shard, 1)).toBe(0);
		await tell(shard, { n: -2 });
		expect(await look(shard, 2)).toBe(1);
	});

	it("[CONDITION-5] makes no event and writes one row a look where nothing changes", async () => {
		const shard = newShard();
		await shard.create(asking("context.ready"));
		const etag = async () => (await shard.timer(1)).version;
		const before = await etag();
		await look(shard, 1);
		shard.lab.rowsWritten = 0;
		const looks = 10;
		await look(shard, 1 + looks);
		// The row, its place in the index of what is due, and the alarm that is armed for it.
		expect(shard.lab.rowsWritten).toBeLessThanOrEqual(3 * looks);
		expect(await shard.events(1)).toEqual(["timer.created"]);
		expect(await etag()).toBe(before);
	});

	it("[CONDITION-6] looks once after an outage, and skips nothing", async () => {
		const shard = newShard();
		await shard.create(asking("context.ready"));
		await look(shard, 1);
		setClock(START + 100 * EVERY_MS + 5_000);
		await shard.ring();
		expect((await shard.timer(1)).fireAt).toBe(START + 101 * EVERY_MS);
		expect(await shard.events(1)).toEqual(["timer.created"]);
	});

	it("[CONDITION-7] is asked on while a firing is retried", async () => {
		const shard = newShard();
		await shard.create(asking("context.ready", { ...WEBHOOK, retry: { delaysMs: [3_600_000] } }));
		await tell(shard, { ready: true });
		expect(await look(shard, 1)).toBe(1);
		const first = only(shard.envelopes());
		await shard.report(first, answered(first, 503));
		await tell(shard, { ready: false });
		await look(shard, 2);
		await tell(shard, { ready: true });
		expect(await look(shard, 3)).toBe(1);
	});

	it("[CONDITION-8] ends with its limit, and with its end", async () => {
		const shard = newShard();
		const doc = { ...WEBHOOK, params: { go: true } };
		await shard.create(asking("params.go", doc, { limit: 1 }));
		expect(await look(shard, 1)).toBe(1);
		await shard.report(only(shard.envelopes()));
		expect(await shard.stateOf(1)).toBe("settled");
		const late = newShard();
		setClock(START);
		await late.create(asking("params.gone", doc, { endAt: START + 2 * EVERY_MS }));
		expect(await look(late, 2)).toBe(0);
		expect(await late.stateOf(1)).toBe("skipped");
	});

	it("[CONDITION-9] is not asked while it is paused, and from now on when it is resumed", async () => {
		const shard = newShard();
		await shard.create(asking("params.go", { ...WEBHOOK, params: { go: true } }));
		accepted(await shard.stub().pause(shard.call, 1, null));
		expect(await look(shard, 3)).toBe(0);
		accepted(await shard.stub().resume(shard.call, 1, null));
		expect(await shard.advance(START + 4 * EVERY_MS - 1)).toEqual([]);
		expect(await look(shard, 4)).toBe(1);
		await shard.report(only(shard.envelopes()));
		await shard.stub().delete(shard.call, 1, null);
		const left = await shard.inside(({ sql }) => sql.exec("SELECT * FROM condition_met").toArray());
		expect(left).toEqual([]);
	});
});
