import { describe, expect, it } from "vitest";
import { leaseMs } from "../../src/core/lease.ts";
import { standStill } from "./clock.ts";
import { ANY, failed, letters, replay, tried } from "./dead-letter-calls.ts";
import { DUE, RETRY_MS } from "./firing.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	outcomeOf,
	refusal,
	timerOf,
	webhooks,
} from "./harness.ts";

standStill();

describe("replaying a dead letter", () => {
	it("[DEADSH-4] sends it at once under a fresh count of attempts, and settles the timer", async () => {
		const shard = await failed();
		expect(accepted(await replay(shard))).toMatchObject({ state: "retrying", attempts: 1 });
		expect(await shard.statusOf(1)).toBe("firing");
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
		expect((await letters(shard)).items).toEqual([]);
		const again = only(await shard.advance(DUE + 5));
		expect(again.deliveries).toMatchObject([{ timer: 1, firing: 1, action: 0, attempt: 2 }]);
		await shard.report(again, answered(again, 503));
		// The policy allows one retry, counted from the replay.
		const retry = only(await shard.advance(DUE + 5 + RETRY_MS));
		expect(retry.deliveries).toMatchObject([{ attempt: 3 }]);
		await shard.report(retry);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[DEADSH-4] twice, or of what is not dead, answers `not_found`", async () => {
		const shard = await failed();
		expect(refusal(await replay(shard, 1))).toBe("not_found");
		accepted(await replay(shard));
		expect(refusal(await replay(shard))).toBe("not_found");
	});

	it("[DEADSH-5] with an edit sends the edit, at this and every later attempt", async () => {
		const shard = await failed();
		accepted(await replay(shard, 0, { url: "https://a.example/" }));
		const again = only(await shard.advance(DUE + 5));
		expect(again.deliveries).toMatchObject([{ patch: { url: "https://a.example/" } }]);
		await shard.report(again, answered(again, 404));
		accepted(await replay(shard, 0, { method: "PUT" }));
		const third = only(await shard.advance(DUE + 10));
		expect(third.deliveries).toMatchObject([
			{ patch: { url: "https://a.example/", method: "PUT" }, attempt: 3 },
		]);
	});

	it("[DEADSH-5] with a longer timeout is leased for it", async () => {
		const shard = await failed();
		accepted(await replay(shard, 0, { timeoutMs: 60_000 }));
		const again = only(await shard.advance(DUE + 5));
		expect(again.leaseUntil - again.claimedAt).toBe(leaseMs(1, 60_000));
		await shard.reboot();
		const resent = only(await shard.advance(DUE + 10));
		expect(resent.leaseUntil - Date.now()).toBeGreaterThan(leaseMs(1, 60_000) - 10);
	});

	it("[DEADSH-6] of one action leaves the others as they are", async () => {
		const { shard, envelope } = await tried(3);
		const [a, b, c] = envelope.deliveries;
		if (a === undefined || b === undefined || c === undefined) throw new Error("too few");
		await shard.report(envelope, [outcomeOf(a, 404), outcomeOf(b, 404), outcomeOf(c, 200)]);
		accepted(await replay(shard, 1));
		const again = only(await shard.advance(DUE + 5));
		expect(again.deliveries).toMatchObject([{ action: 1 }]);
		await shard.report(again);
		expect(await shard.statusOf(1)).toBe("failed");
		expect((await letters(shard)).items).toMatchObject([{ action: 0 }]);
		accepted(await replay(shard, 0));
		await shard.report(only(await shard.advance(DUE + 10)));
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[DEADSH-6] while another action is in flight sends it at once", async () => {
		const { shard, envelope } = await tried(2);
		const [a] = envelope.deliveries;
		if (a === undefined) throw new Error("no delivery");
		await shard.report(envelope, [outcomeOf(a, 404)], false);
		accepted(await replay(shard));
		const again = only(await shard.advance(DUE + 5));
		expect(again.deliveries).toMatchObject([{ action: 0, attempt: 2 }]);
		await shard.report(envelope, answered(envelope, 200).slice(1));
		await shard.report(again);
		expect(await shard.statusOf(1)).toBe("settled");
	});

	it("[DEADSH-7] of a cancelled timer takes the cancel back", async () => {
		const { shard, envelope } = await tried(2);
		const [a, b] = envelope.deliveries;
		if (a === undefined || b === undefined) throw new Error("too few deliveries");
		await shard.report(envelope, [outcomeOf(a, 404), outcomeOf(b, 404)], false);
		const other = newShard();
		await other.create(timerOf(Date.now() + 5, webhooks(2, { retry: { delaysMs: [RETRY_MS] } })));
		const claimed = only(await other.advance(DUE + 5));
		await other.stub().cancel(other.call, 1, "not wanted");
		await other.report(claimed, answered(claimed, 404));
		expect(await other.statusOf(1)).toBe("cancelled");
		for (const action of [0, 1]) accepted(await replay(other, action));
		const again = only(await other.advance(DUE + 10));
		const [first, second] = again.deliveries;
		if (first === undefined || second === undefined) throw new Error("too few deliveries");
		await other.report(again, [outcomeOf(first, 503)], false);
		await other.report(again, [], true);
		expect(await other.statusOf(1)).toBe("firing");
		const third = only(await other.advance(DUE + 15));
		expect(third.deliveries).toMatchObject([{ action: 1, attempt: 2 }]);
		await other.report(third);
		await other.report(only(await other.advance(DUE + 15 + RETRY_MS)));
		expect(await other.timer(1)).toMatchObject({ status: "settled", cancelReason: null });
		expect(await other.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[DEADSH-7] lets the timer be cancelled again", async () => {
		const { shard, envelope } = await tried();
		await shard.stub().cancel(shard.call, 1, "first");
		await shard.report(envelope, answered(envelope, 404));
		accepted(await replay(shard));
		const again = only(await shard.advance(DUE + 5));
		expect(accepted(await shard.stub().cancel(shard.call, 1, "second")).outcome).toBe("in_flight");
		await shard.report(again, answered(again, 503));
		expect(await shard.timer(1)).toMatchObject({ status: "cancelled", cancelReason: "second" });
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[DEADSH-7] is refused while the cancelled timer has a claim open", async () => {
		const { shard, envelope } = await tried(2);
		const [a, b] = envelope.deliveries;
		if (a === undefined || b === undefined) throw new Error("too few deliveries");
		await shard.report(envelope, [outcomeOf(a, 404)], false);
		await shard.stub().cancel(shard.call, 1, null);
		expect(refusal(await replay(shard))).toBe("in_flight");
		expect((await letters(shard)).items).toHaveLength(1);
		await shard.report(envelope, [outcomeOf(b, 200)]);
		expect(await shard.statusOf(1)).toBe("cancelled");
		accepted(await replay(shard));
	});

	it("[DEADSH-8] a success of the dead attempt that comes after the replay counts", async () => {
		const { shard, envelope } = await tried();
		await shard.report(envelope, answered(envelope, 404));
		accepted(await replay(shard));
		await shard.report(envelope);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.advance(DUE + 5)).toEqual([]);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[DEADSH-9] in bulk spreads them over time at the rate asked for", async () => {
		const shard = newShard();
		await shard.createMany(40, timerOf(DUE, webhooks(1, { name: "a" })));
		await shard.createMany(10, timerOf(DUE, webhooks(1, { name: "b" })));
		for (const envelope of await shard.advance(DUE)) {
			await shard.report(envelope, answered(envelope, 404));
		}
		const startAt = DUE + 1_000;
		expect(
			await shard.stub().replayDeadLetters(shard.call, { ...ANY, name: "a" }, startAt, 10),
		).toEqual({ replayed: 40, refused: 0, lastAt: startAt + 3_900 });
		expect((await letters(shard)).items).toHaveLength(10);
		expect(await shard.advance(startAt - 1)).toEqual([]);
		const inFirst = await shard.advance(startAt + 999);
		expect(inFirst.flatMap((envelope) => envelope.deliveries)).toHaveLength(10);
		const rest = await shard.advance(startAt + 3_900);
		expect(rest.flatMap((envelope) => envelope.deliveries)).toHaveLength(30);
		for (const envelope of [...inFirst, ...rest]) await shard.report(envelope);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[DEADSH-9] in bulk replays more than it holds in memory at once", async () => {
		const shard = newShard();
		await shard.createMany(2_500, timerOf(DUE, webhooks(1, { fidelity: "fast" })));
		for (const envelope of await shard.advance(DUE)) {
			await shard.report(envelope, answered(envelope, 404));
		}
		for (const envelope of shard.take()) await shard.report(envelope, answered(envelope, 404));
		expect((await letters(shard, {}, 5_000)).items).toHaveLength(2_500);
		expect(await shard.stub().replayDeadLetters(shard.call, ANY, DUE + 10, 1_000)).toMatchObject({
			replayed: 2_500,
		});
		expect((await letters(shard)).items).toEqual([]);
		expect(await shard.stub().usage()).toMatchObject({ active: 2_500 });
	});
});
