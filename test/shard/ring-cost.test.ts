import { expect, it } from "vitest";
import type { Envelope } from "../../src/contract/envelope.ts";
import { START, standStill } from "./clock.ts";
import { newShard, timerOf, webhooks } from "./harness.ts";

standStill();

const MINUTE_MS = 60_000;

async function firstOf(envelopes: Promise<readonly Envelope[]>): Promise<Envelope> {
	const [first] = await envelopes;
	if (first === undefined) throw new Error("Nothing was sent");
	return first;
}

it.each(["off", "on"] as const)(
	"[COST-7] a ring asks only lanes that hold timers, with a clock that can be moved: %s",
	async (devClock) => {
		const shard = newShard();
		shard.lab.devClock = devClock;
		const asked: unknown[] = [];
		shard.lab.fault = (query, [lane]) => {
			if (/FROM timer\s+WHERE lane = /.test(query)) asked.push(lane);
		};
		// The first ring of an object looks everywhere.
		await shard.create(timerOf(START + MINUTE_MS));
		await shard.report(await firstOf(shard.advance(START + MINUTE_MS)));

		await shard.create(timerOf(START + 2 * MINUTE_MS));
		const before = shard.lab.transactions;
		asked.length = 0;
		const envelope = await firstOf(shard.advance(START + 2 * MINUTE_MS));
		expect(envelope.deliveries).toHaveLength(1);
		expect(new Set(asked).size).toBe(1);
		expect(shard.lab.transactions - before).toBe(1);
	},
);

it("[COST-7] a lane that was empty is looked at once it holds a timer", async () => {
	const shard = newShard();
	await shard.create(timerOf(START + MINUTE_MS));
	await shard.report(await firstOf(shard.advance(START + MINUTE_MS)));
	for (const [index, priority] of [1, 9, 5].entries()) {
		const dueAt = START + (2 + index) * MINUTE_MS;
		await shard.create(timerOf(dueAt, webhooks(1, { priority })));
		const { deliveries } = await firstOf(shard.advance(dueAt));
		expect(deliveries).toHaveLength(1);
	}
});
