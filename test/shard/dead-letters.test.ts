import { describe, expect, it } from "vitest";
import type {
	DeadLetterFilter,
	DeadLetterPosition,
} from "../../durable-objects/tenant-shard/rpc.ts";
import type { DeadLetterPatch } from "../../src/contract/delivery.ts";
import { leaseMs } from "../../src/core/lease.ts";
import { START, setClock, standStill } from "./clock.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	outcomeOf,
	refusal,
	type ShardDriver,
	timerOf,
	webhooks,
} from "./harness.ts";

standStill();

const DUE = START + 60_000;
const RETRY_MS = 20_000;
const ANY: DeadLetterFilter = {
	name: null,
	labels: [],
	deadBefore: null,
	deadAfter: null,
	host: null,
};

async function firing(actions = 1, doc: Parameters<typeof webhooks>[1] = {}) {
	setClock(START);
	const shard = newShard();
	await shard.create(timerOf(DUE, webhooks(actions, { retry: { delaysMs: [RETRY_MS] }, ...doc })));
	return { shard, envelope: only(await shard.advance(DUE)) };
}

/** A shard with one timer, failed at once. */
async function failed(actions = 1, doc: Parameters<typeof webhooks>[1] = {}) {
	const { shard, envelope } = await firing(actions, doc);
	await shard.report(envelope, answered(envelope, 404));
	return shard;
}

function letters(shard: ShardDriver, filter: Partial<DeadLetterFilter> = {}, limit = 1_000) {
	return shard.stub().deadLetters({ ...ANY, ...filter }, null, limit);
}

function replay(shard: ShardDriver, action = 0, patch: DeadLetterPatch | null = null) {
	return shard.stub().replayDeadLetter(shard.call, 1, 1, action, patch);
}

function drop(shard: ShardDriver, action = 0) {
	return shard.stub().deleteDeadLetter(shard.call, 1, 1, action);
}

describe("dead letters", () => {
	it("[DEADSH-1] are listed by age with every attempt and the reason", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		const retry = only(await shard.advance(DUE + RETRY_MS));
		await shard.report(retry, answered(retry, 503));
		const letter = only((await letters(shard)).items);
		expect(letter).toMatchObject({
			timer: 1,
			state: "dead",
			attempts: 2,
			deadAt: DUE + RETRY_MS,
			history: [{ attempt: 1 }, { attempt: 2 }],
		});
		expect(letter.reason).toContain("HTTP 503");
		expect(accepted(await shard.stub().deadLetter(1, 1, 0))).toEqual(letter);
		expect(refusal(await shard.stub().deadLetter(1, 1, 1))).toBe("not_found");
		expect(refusal(await shard.stub().deadLetter(2, 1, 0))).toBe("not_found");
	});

	it("[DEADSH-2] are found by name, label, time and host, also the host of an edit", async () => {
		const shard = await failed(1, { name: "a", labels: { team: "ops" } });
		for (const filter of [
			{ name: "a" },
			{ labels: [["team", "ops"]] as const },
			{ host: "example.com" },
			{ deadAfter: DUE - 1, deadBefore: DUE + 1 },
		]) {
			expect((await letters(shard, filter)).items).toHaveLength(1);
		}
		for (const filter of [
			{ name: "b" },
			{ labels: [["team", "dev"]] as const },
			{ host: "other.example" },
			{ deadAfter: DUE },
			{ deadBefore: DUE },
		]) {
			expect((await letters(shard, filter)).items).toHaveLength(0);
		}
		accepted(await replay(shard, 0, { url: "https://other.example/" }));
		const again = only(await shard.advance(DUE + 5));
		await shard.report(again, answered(again, 404));
		expect((await letters(shard, { host: "other.example" })).items).toHaveLength(1);
	});

	it("[DEADSH-3] are paged without gap or repeat, many of one instant too", async () => {
		const shard = newShard();
		await shard.createMany(250, timerOf(DUE, webhooks(2)));
		for (const envelope of await shard.advance(DUE)) {
			await shard.report(envelope, answered(envelope, 404));
		}
		const seen: string[] = [];
		let after: DeadLetterPosition | null = null;
		do {
			const page: Awaited<ReturnType<typeof letters>> = await shard
				.stub()
				.deadLetters(ANY, after, 33);
			seen.push(...page.items.map(({ timer, action }) => `${timer}:${action}`));
			after = page.scannedTo;
		} while (after !== null);
		expect(seen).toHaveLength(500);
		expect(new Set(seen).size).toBe(500);
	});
});

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
		const { shard, envelope } = await firing(3);
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
		const { shard, envelope } = await firing(2);
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
		const { shard, envelope } = await firing(2);
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
		const { shard, envelope } = await firing();
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
		const { shard, envelope } = await firing(2);
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
		const { shard, envelope } = await firing();
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
		).toEqual({ replayed: 40, lastAt: startAt + 3_900 });
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

describe("dropping a dead letter", () => {
	it("[DEADSH-10] takes it off the list and leaves the failed timer failed", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 404));
		accepted(await drop(shard));
		expect(refusal(await drop(shard))).toBe("not_found");
		expect((await letters(shard)).items).toEqual([]);
		expect(refusal(await replay(shard))).toBe("not_found");
		expect(await shard.statusOf(1)).toBe("failed");
		expect(await shard.deliveries(1)).toMatchObject([{ state: "cancelled", attempts: 1 }]);
	});

	it("[DEADSH-10] sends nothing again while the timer still fires", async () => {
		const { shard, envelope } = await firing(2);
		const [a, b] = envelope.deliveries;
		if (a === undefined || b === undefined) throw new Error("too few deliveries");
		await shard.report(envelope, [outcomeOf(a, 404), outcomeOf(b, 503)]);
		accepted(await drop(shard));
		const retry = only(await shard.advance(DUE + RETRY_MS));
		expect(retry.deliveries).toMatchObject([{ action: 1, attempt: 2 }]);
		await shard.report(retry);
		expect(await shard.statusOf(1)).toBe("failed");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});
});
