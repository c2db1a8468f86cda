import { describe, expect, it } from "vitest";
import { START, setClock, standStill } from "./clock.ts";
import {
	accepted,
	newShard,
	only,
	refusal,
	type ShardDriver,
	timerOf,
	WEBHOOK,
} from "./harness.ts";
import { registries } from "./worker.ts";

standStill();

const DUE = START + 600_000;
/** Active timers, and creates a minute, of the free plan. */
const ACTIVE_MAX = 100;
const CREATES_MAX = 500;

function create(shard: ShardDriver, dueAt = DUE) {
	return shard.stub().create(shard.call, timerOf(dueAt), null);
}

function batch(shard: ShardDriver, count: number, dueAt = DUE) {
	const timers = Array.from({ length: count }, (_, index) => ({ index, timer: timerOf(dueAt) }));
	return shard.stub().createBatch(shard.call, timers, null);
}

describe("active timers", () => {
	it("[QUOTA-1] never pass the plan's number, however many are created at once", async () => {
		const shard = newShard({ plan: "free" });
		const answers = await Promise.all(Array.from({ length: 150 }, () => create(shard)));
		expect(answers.filter((answer) => answer.ok)).toHaveLength(ACTIVE_MAX);
		for (const answer of answers) {
			if (!answer.ok) {
				expect(answer.error).toEqual({
					code: "quota_exceeded",
					quota: { limit: ACTIVE_MAX, used: ACTIVE_MAX },
				});
			}
		}
		expect(await shard.stub().usage()).toMatchObject({ active: ACTIVE_MAX });
	});

	it("[QUOTA-2] of a batch are created as far as there is room, the rest is refused line by line", async () => {
		const shard = newShard({ plan: "free" });
		accepted(await create(shard));
		const { created, failed } = accepted(await batch(shard, 150));
		expect(created.map(({ index }) => index)).toEqual(Array.from({ length: 99 }, (_, i) => i));
		expect(failed.map(({ index }) => index)).toEqual(Array.from({ length: 51 }, (_, i) => i + 99));
		expect(failed[0]?.error.code).toBe("quota_exceeded");
	});

	it("[QUOTA-3] make room when they settle, are cancelled or deleted", async () => {
		const shard = newShard({ plan: "free" });
		accepted(await batch(shard, ACTIVE_MAX - 1));
		accepted(await create(shard, START + 10));
		expect(refusal(await create(shard))).toBe("quota_exceeded");
		await shard.stub().cancel(shard.call, 1, null);
		accepted(await create(shard));
		expect(refusal(await create(shard))).toBe("quota_exceeded");
		await shard.stub().delete(shard.call, 2, null);
		accepted(await create(shard));
		expect(refusal(await create(shard))).toBe("quota_exceeded");
		await shard.report(only(await shard.advance(START + 10)));
		accepted(await create(shard));
		expect(refusal(await create(shard))).toBe("quota_exceeded");
		// What has ended makes no room twice.
		await shard.stub().delete(shard.call, 1, null);
		expect(refusal(await create(shard))).toBe("quota_exceeded");
	});

	it("[QUOTA-4] are counted across restarts", async () => {
		const shard = newShard({ plan: "free" });
		accepted(await batch(shard, ACTIVE_MAX));
		await shard.evict();
		expect(refusal(await create(shard))).toBe("quota_exceeded");
		expect(await shard.stub().usage()).toEqual({ active: 100, createsThisMinute: 100 });
	});

	it("[QUOTA-5] cost one question to the registry for many, and none where there is no limit", async () => {
		const shard = newShard({ plan: "pro" });
		await Promise.all(Array.from({ length: 200 }, () => create(shard)));
		expect(shard.lab.asks).toBeLessThan(10);
		const free = newShard();
		accepted(await batch(free, 500));
		expect(free.lab.asks).toBe(0);
	});

	it("[QUOTA-6] that are not used are given back, and asked for again", async () => {
		const shard = newShard({ plan: "pro" });
		accepted(await batch(shard, 20));
		expect(await shard.stub().releaseQuota()).toBe(20);
		const { asks } = shard.lab;
		accepted(await create(shard));
		expect(shard.lab.asks).toBe(asks + 1);
		expect(await newShard().stub().releaseQuota()).toBe(0);
	});

	it("[QUOTA-6] that are given back while a grant is on its way do not count twice", async () => {
		const shard = newShard({ plan: "free" });
		accepted(await create(shard));
		await shard.stub().releaseQuota();
		let isFirst = true;
		shard.lab.beforeGrant = async () => {
			if (isFirst) {
				isFirst = false;
				expect(await shard.stub().releaseQuota()).toBe(1);
			}
		};
		const { asks } = shard.lab;
		accepted(await create(shard));
		expect(shard.lab.asks - asks).toBe(2);
	});

	it("[QUOTA-7] are not counted for a duplicate or a replayed create", async () => {
		const shard = newShard({ plan: "free" });
		const key = { key: "k", bodyHash: "a" };
		await shard.create(timerOf(DUE, WEBHOOK, "d"), key);
		accepted(await batch(shard, ACTIVE_MAX - 1));
		expect(await shard.create(timerOf(DUE, WEBHOOK, "d"))).toMatchObject({ kind: "existing" });
		expect(await shard.create(timerOf(DUE, WEBHOOK, "d"), key)).toMatchObject({ kind: "replayed" });
		expect(await shard.stub().usage()).toEqual({ active: 100, createsThisMinute: 100 });
	});

	it("[QUOTA-8] follow a change of plan with the next call that knows of it", async () => {
		const shard = newShard({ plan: "free" });
		accepted(await batch(shard, ACTIVE_MAX));
		expect(refusal(await create(shard))).toBe("quota_exceeded");
		registries.set(shard.tenant, { plan: "enterprise", version: 2 });
		const call = { ...shard.call, configVersion: 2 };
		const { asks } = shard.lab;
		accepted(await shard.stub().create(call, timerOf(DUE), null));
		await shard.evict();
		accepted(await create(shard));
		expect(shard.lab.asks).toBe(asks);
		expect(await shard.stub().usage()).toMatchObject({ active: 102 });
	});
});

describe("creates a minute", () => {
	it("[QUOTA-9] are refused past the plan's rate until the minute is over", async () => {
		const shard = newShard({ plan: "free" });
		for (let created = 0; created < CREATES_MAX; created += ACTIVE_MAX) {
			accepted(await batch(shard, ACTIVE_MAX));
			await shard
				.stub()
				.bulk(
					shard.call,
					"cancel",
					{ statuses: ["scheduled"], labels: [], name: null, dueBefore: null, dueAfter: null },
					null,
				);
		}
		setClock(START + 20_000);
		const refused = await create(shard);
		expect(refused).toMatchObject({
			error: { code: "rate_limited", quota: { limit: CREATES_MAX }, retryAfterMs: 40_000 },
		});
		setClock(START + 59_999);
		expect(refusal(await create(shard))).toBe("rate_limited");
		setClock(START + 60_000);
		accepted(await create(shard));
	});
});
