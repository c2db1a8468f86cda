import { describe, expect, it } from "vitest";
import { MINUTE } from "../../src/core/units.ts";
import { START, standStill } from "./clock.ts";
import { ANY, letters, replay } from "./dead-letter-calls.ts";
import { DUE } from "./firing.ts";
import { accepted, answered, newShard, refusal, timerOf, webhooks } from "./harness.ts";

standStill();

/** Active timers of the free plan. */
const ACTIVE_MAX = 100;

/** A free tenant's shard with `dead` failed timers, and as many pending ones as `pending`. */
async function failedAndPending(dead: number, pending: number) {
	const shard = newShard({ plan: "free" });
	await shard.createMany(dead, timerOf(DUE, webhooks(1)));
	for (const envelope of await shard.advance(DUE)) {
		await shard.report(envelope, answered(envelope, 404));
	}
	await shard.createMany(pending, timerOf(DUE + 60 * MINUTE, webhooks(1)));
	return shard;
}

describe("replaying within the quota", () => {
	it("[DEADSH-11] is refused where the timer would be one too many, and leaves it dead", async () => {
		const shard = await failedAndPending(1, ACTIVE_MAX);
		const refused = await replay(shard);
		expect(refusal(refused)).toBe("quota_exceeded");
		expect(refused).toMatchObject({ error: { quota: { limit: ACTIVE_MAX } } });
		expect(await shard.statusOf(1)).toBe("failed");
		expect((await letters(shard)).items).toHaveLength(1);
		await shard.stub().cancel(shard.call, 2, null);
		accepted(await replay(shard));
		expect(await shard.stub().usage()).toMatchObject({ active: ACTIVE_MAX });
	});

	it("[DEADSH-11] asks the registry for room that the shard was not granted yet", async () => {
		const shard = await failedAndPending(1, 0);
		await shard.stub().releaseQuota();
		const { asks } = shard.lab;
		accepted(await replay(shard));
		expect(shard.lab.asks).toBe(asks + 1);
	});

	it("[DEADSH-11] needs none while another action of the timer still fires", async () => {
		const shard = newShard({ plan: "free" });
		await shard.create(timerOf(DUE, webhooks(2, { retry: { delaysMs: [MINUTE] } })));
		await shard.createMany(ACTIVE_MAX - 1, timerOf(DUE + 60 * MINUTE));
		for (const envelope of await shard.advance(DUE)) {
			const [first] = answered(envelope, 404);
			const [, second] = answered(envelope, 503);
			if (first === undefined || second === undefined) throw new Error("too few deliveries");
			await shard.report(envelope, [first, second]);
		}
		accepted(await replay(shard));
		expect(await shard.stub().usage()).toMatchObject({ active: ACTIVE_MAX });
	});

	it("[DEADSH-11] in bulk replays what fits and counts the rest", async () => {
		const shard = await failedAndPending(50, ACTIVE_MAX - 20);
		const done = await shard.stub().replayDeadLetters(shard.call, ANY, DUE + 10, 10);
		expect(done).toEqual({ replayed: 20, refused: 30, lastAt: DUE + 10 + 1_900 });
		expect((await letters(shard)).items).toHaveLength(30);
		expect(await shard.stub().usage()).toMatchObject({ active: ACTIVE_MAX });
	});

	it("[DEADSH-12] in bulk takes a transaction for each slice, and serves others in between", async () => {
		const shard = newShard();
		await shard.createMany(1_500, timerOf(START + 10, webhooks(1, { fidelity: "fast" })));
		for (let sent = await shard.advance(START + 10); sent.length > 0; sent = shard.take()) {
			for (const envelope of sent) await shard.report(envelope, answered(envelope, 404));
		}
		const before = shard.lab.transactions;
		let isDone = false;
		const all = shard
			.stub()
			.replayDeadLetters(shard.call, ANY, START + 60_000, 1_000)
			.finally(() => {
				isDone = true;
			});
		await shard.create(timerOf(START + 60_000));
		expect(isDone).toBe(false);
		expect(await all).toMatchObject({ replayed: 1_500, refused: 0 });
		expect(shard.lab.transactions - before).toBeGreaterThanOrEqual(8);
	});
});
