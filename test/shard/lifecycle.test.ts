import { describe, it, vi } from "vitest";
import { delivered, newShard, outcomeOf, timerOf } from "./harness.ts";

const SOON = 60;

describe("one timer", () => {
	it("[SHARD-1] is stored, claimed when due, and settled by a success", async ({ expect }) => {
		const shard = newShard();
		const dueAt = Date.now() + SOON;
		const created = await shard.stub().create(shard.call, timerOf(dueAt), null);
		expect(created).toMatchObject({ ok: true, value: { kind: "created", seq: 1, dueAt } });
		await vi.waitUntil(() => shard.envelopes().length === 1, { timeout: 3_000 });
		const [envelope] = shard.envelopes();
		if (envelope === undefined) throw new Error("no envelope");
		expect(envelope.deliveries).toMatchObject([
			{ timer: 1, firing: 1, action: 0, attempt: 1, dueAt },
		]);
		expect(await shard.stub().get(1)).toMatchObject({ value: { status: "firing" } });
		await shard.stub().report({ claim: envelope.claim, outcomes: delivered(envelope), last: true });
		expect(await shard.stub().get(1)).toMatchObject({
			value: { status: "settled", firing: { seq: 1, dueAt, status: "settled" } },
		});
		const events = await shard.stub().events(1, 0, 100);
		expect(events.ok && events.value.items.map((event) => event.type)).toEqual([
			"timer.settled",
			"delivery.delivered",
			"delivery.attempted",
			"timer.fired",
			"timer.created",
		]);
		expect(await shard.stub().deliveries(1, 0, 10)).toMatchObject({
			value: { items: [{ state: "delivered", attempts: 1 }] },
		});
	});

	it("[SHARD-2] waits for its retry after a failure and goes to the dead letters at the end", async ({
		expect,
	}) => {
		const shard = newShard();
		const doc = {
			actions: [{ type: "webhook", url: "https://example.com/" }],
			retry: { delaysMs: [20] },
		} as const;
		await shard.stub().create(shard.call, timerOf(Date.now() + 5, doc), null);
		for (const attempt of [1, 2]) {
			await vi.waitUntil(() => shard.envelopes().length === attempt, { timeout: 3_000 });
			const envelope = shard.envelopes()[attempt - 1];
			const [delivery] = envelope?.deliveries ?? [];
			if (envelope === undefined || delivery === undefined) throw new Error("no delivery");
			expect(delivery.attempt).toBe(attempt);
			await shard
				.stub()
				.report({ claim: envelope.claim, outcomes: [outcomeOf(delivery, 503)], last: true });
		}
		expect(await shard.stub().get(1)).toMatchObject({ value: { status: "failed" } });
		const dead = await shard
			.stub()
			.deadLetters(
				{ name: null, labels: [], deadBefore: null, deadAfter: null, host: null },
				null,
				10,
			);
		expect(dead.items).toMatchObject([{ timer: 1, state: "dead", attempts: 2 }]);
		expect(dead.items[0]?.history.map((attempt) => attempt.status)).toEqual([503, 503]);
	});
});
