import { describe, expect, it } from "vitest";
import { START, setClock, standStill } from "./clock.ts";
import { accepted, answered, newShard, only, outcomeOf, timerOf, WEBHOOK } from "./harness.ts";

standStill();

const DUE = START + 60_000;

describe("one timer", () => {
	it("[SHARD-1] is stored, claimed when due, and settled by a success", async () => {
		const shard = newShard();
		const created = await shard.create(timerOf(DUE));
		expect(created).toMatchObject({ kind: "created", seq: 1, createdAt: START, dueAt: DUE });
		expect(await shard.statusOf(1)).toBe("scheduled");
		expect(await shard.advance(DUE - 1)).toEqual([]);
		expect(await shard.statusOf(1)).toBe("scheduled");
		const envelope = only(await shard.advance(DUE));
		expect(envelope.deliveries).toMatchObject([
			{ timer: 1, firing: 1, action: 0, attempt: 1, dueAt: DUE },
		]);
		expect(await shard.statusOf(1)).toBe("firing");
		expect(await shard.deliveries(1)).toMatchObject([{ state: "sending", attempts: 1 }]);
		expect(await shard.events(1)).toEqual(["timer.created", "timer.fired"]);
		setClock(DUE + 40);
		await shard.report(envelope);
		expect(await shard.timer(1)).toMatchObject({
			status: "settled",
			firing: { seq: 1, dueAt: DUE, firedAt: DUE, settledAt: DUE + 40, status: "settled" },
		});
		expect(await shard.events(1)).toEqual([
			"timer.created",
			"timer.fired",
			"delivery.attempted",
			"delivery.delivered",
			"timer.settled",
		]);
		expect(await shard.deliveries(1)).toMatchObject([{ state: "delivered", attempts: 1 }]);
		expect(await shard.claims()).toEqual([]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[SHARD-2] waits for its retry after a failure and goes to the dead letters at the end", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { ...WEBHOOK, retry: { delaysMs: [20_000] } }));
		const first = only(await shard.advance(DUE));
		await shard.report(first, answered(first, 503));
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "retrying", attempts: 1, nextAttemptAt: DUE + 20_000 },
		]);
		expect(await shard.advance(DUE + 19_999)).toEqual([]);
		const second = only(await shard.advance(DUE + 20_000));
		expect(second.deliveries).toMatchObject([{ timer: 1, attempt: 2, dueAt: DUE }]);
		await shard.report(second, answered(second, 503));
		expect(await shard.statusOf(1)).toBe("failed");
		const dead = await shard
			.stub()
			.deadLetters(
				{ name: null, labels: [], deadBefore: null, deadAfter: null, host: null },
				null,
				10,
			);
		expect(dead.items).toMatchObject([{ timer: 1, state: "dead", attempts: 2 }]);
		expect(dead.items[0]?.history.map((attempt) => attempt.status)).toEqual([503, 503]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[SHARD-3] without actions fires and settles in one step", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { message: "tea is ready" }));
		await shard.create(timerOf(DUE, { message: "quietly", fidelity: "fast" }));
		expect(await shard.advance(DUE)).toEqual([]);
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firing: { firedAt: DUE } });
		expect(await shard.timer(2)).toMatchObject({ status: "settled", firing: { firedAt: DUE } });
		expect(await shard.events(1)).toEqual(["timer.created", "timer.fired", "timer.settled"]);
		expect(await shard.events(2)).toEqual(["timer.settled"]);
		const { items } = accepted(await shard.stub().events(1, 0, 10));
		expect(items[1]?.data).toMatchObject({ message: "tea is ready", latenessMs: 0 });
		expect(await shard.deliveries(1)).toEqual([]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[SHARD-4] in fast fidelity records outcomes only", async () => {
		const shard = newShard();
		const doc = { ...WEBHOOK, fidelity: "fast", retry: { delaysMs: [1_000] } } as const;
		await shard.create(timerOf(DUE, { ...doc, retry: { delaysMs: [1_000] } }));
		await shard.create(timerOf(DUE, { ...doc, retry: { delaysMs: [] } }));
		const envelope = only(await shard.advance(DUE));
		await shard.report(envelope, answered(envelope, 500));
		const retry = only(await shard.advance(DUE + 1_000));
		await shard.report(retry);
		expect(await shard.events(1)).toEqual(["timer.settled"]);
		expect(await shard.events(2)).toEqual(["delivery.dead", "timer.failed"]);
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "delivered", attempts: 2, history: [{ status: 500 }, { status: 200 }] },
		]);
	});

	it("[SHARD-5] has all its events wherever a chunk of them ends", async () => {
		const shard = newShard();
		await shard.createMany(300, timerOf(DUE));
		const envelopes = await shard.advance(DUE);
		const [first] = envelopes;
		if (first === undefined) throw new Error("no envelope");
		// Three events of a success make the pairs of the failures after it straddle the chunks.
		const outcomes = answered(first, 503);
		outcomes[0] = outcomeOf(only(first.deliveries.slice(0, 1)), 200);
		const reports = envelopes.map((envelope) =>
			shard.report(envelope, envelope === first ? outcomes : answered(envelope, 503)),
		);
		await Promise.all(reports);
		for (let seq = 2; seq <= 300; seq++) {
			expect(await shard.events(seq)).toEqual([
				"timer.created",
				"timer.fired",
				"delivery.attempted",
				"delivery.retrying",
			]);
		}
	});
});
