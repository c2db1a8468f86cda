import { describe, expect, it } from "vitest";
import type { TimerDoc } from "../../../src/core/timer-doc.ts";
import { START, setClock, standStill } from "../clock.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	type ShardDriver,
	timerOf,
	WEBHOOK,
} from "../harness.ts";

standStill();

/** Short, so that several occurrences come while one lease holds. */
const PERIOD = 10_000;

function at(n: number): number {
	return START + n * PERIOD;
}

async function often(doc: TimerDoc, limit?: number) {
	setClock(START);
	const shard = newShard();
	const schedule = { everyMs: PERIOD, phaseMs: 0, ...(limit !== undefined && { limit }) };
	await shard.create(timerOf(at(1), { ...doc, schedule }));
	return shard;
}

/** The occurrences that were left out because a firing was open. */
async function leftOut(shard: ShardDriver): Promise<readonly unknown[]> {
	const { items } = accepted(await shard.stub().events(1, 0, 10_000));
	const events = items.filter(({ type }) => type === "timer.skipped").reverse();
	expect(events.every(({ data }) => data["reason"] === "overlap")).toBe(true);
	return events.map(({ data }) => Date.parse(String(data["dueAt"])));
}

describe("a firing that is still open at the next occurrence", () => {
	async function open(overlap: "skip" | "buffer_one" | "buffer_all" | "cancel_other" | "allow") {
		const shard = await often({ ...WEBHOOK, overlap });
		return { shard, first: only(await shard.advance(at(1))) };
	}

	it("[FIRE-3] has failed if the last of the firings that were open to end has", async () => {
		const shard = await often({ ...WEBHOOK, overlap: "allow" }, 2);
		const first = only(await shard.advance(at(1)));
		await shard.report(only(await shard.advance(at(2))));
		await shard.report(first, answered(first, 410));
		expect(await shard.timer(1)).toMatchObject({ status: "failed", firedCount: 2 });
	});

	it("[OVERLAP-5] cancel_other cancels also what is due with it, and counts it once", async () => {
		for (const doc of [{}, WEBHOOK]) {
			const shard = await often({ ...doc, overlap: "cancel_other" });
			accepted(await shard.stub().run(shard.call, 1, null));
			setClock(at(1));
			await shard.ring();
			const envelopes = await shard.advance(at(1) + 1);
			const sent = envelopes.flatMap(({ deliveries }) => deliveries);
			expect(sent.map(({ firing }) => firing)).not.toContain(2);
			expect(await shard.stub().usage()).toMatchObject({ active: 1 });
			for (const envelope of envelopes) await shard.report(envelope);
			expect(await shard.timer(1)).toMatchObject({ status: "scheduled", nextAt: at(2) });
			accepted(await shard.stub().delete(shard.call, 1, null));
			expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		}
	});

	it("[OVERLAP-1] by default leaves out what is due meanwhile", async () => {
		const { shard, first } = await open("skip");
		expect(await shard.advance(at(3) + 100)).toEqual([]);
		await shard.report(first);
		expect(await leftOut(shard)).toEqual([at(2), at(3)]);
		expect(only(await shard.advance(at(4))).deliveries).toMatchObject([
			{ firing: 2, dueAt: at(4) },
		]);
	});

	it("[OVERLAP-2] under `buffer_one` is followed by the last of them, at once", async () => {
		const { shard, first } = await open("buffer_one");
		expect(await shard.advance(at(3) + 500)).toEqual([]);
		await shard.report(first);
		const next = only(await shard.advance(at(3) + 501));
		expect(next.deliveries).toMatchObject([{ firing: 2, dueAt: at(3) }]);
		expect(await leftOut(shard)).toEqual([at(2)]);
		await shard.report(next);
		expect((await shard.timer(1)).nextAt).toBe(at(4));
	});

	it("[OVERLAP-3] under `buffer_all` is followed by each of them in turn", async () => {
		const { shard, first } = await open("buffer_all");
		expect(await shard.advance(at(3) + 500)).toEqual([]);
		await shard.report(first);
		const second = only(await shard.advance(at(3) + 501));
		expect(second.deliveries).toMatchObject([{ firing: 2, dueAt: at(2) }]);
		await shard.report(second);
		const third = only(await shard.advance(at(3) + 503));
		expect(third.deliveries).toMatchObject([{ firing: 3, dueAt: at(3) }]);
		await shard.report(third);
		expect((await shard.timer(1)).nextAt).toBe(at(4));
		expect(await leftOut(shard)).toEqual([]);
	});

	it("[OVERLAP-4] under `allow` goes on beside the next, each with its own retries", async () => {
		const { shard, first } = await open("allow");
		const second = only(await shard.advance(at(2)));
		const third = only(await shard.advance(at(3)));
		expect(first.deliveries).toMatchObject([{ timer: 1, firing: 1, dueAt: at(1) }]);
		expect(second.deliveries).toMatchObject([{ timer: 1, firing: 2, dueAt: at(2) }]);
		expect(third.deliveries).toMatchObject([{ timer: 1, firing: 3, dueAt: at(3) }]);
		expect(accepted(await shard.stub().firings(1)).map(({ seq, status }) => [seq, status])).toEqual(
			[3, 2, 1].map((seq) => [seq, "firing"]),
		);
		await shard.report(second);
		await shard.report(first, answered(first, 410));
		await shard.evict();
		await shard.report(third);
		expect(accepted(await shard.stub().firings(1)).map(({ seq, status }) => [seq, status])).toEqual(
			[
				[3, "settled"],
				[2, "settled"],
				[1, "failed"],
			],
		);
		expect(await shard.timer(1)).toMatchObject({
			firedCount: 3,
			status: "scheduled",
			nextAt: at(4),
		});
		expect(await shard.store((store) => store.listFirings.all(1))).toEqual([]);
	});

	it("[OVERLAP-4] under `allow` with a limit, the timer ends with its last open firing", async () => {
		const shard = await often({ ...WEBHOOK, overlap: "allow" }, 2);
		const first = only(await shard.advance(at(1)));
		const second = only(await shard.advance(at(2)));
		await shard.report(second);
		expect(await shard.statusOf(1)).toBe("firing");
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
		await shard.report(first);
		expect(await shard.timer(1)).toMatchObject({ status: "settled", firedCount: 2, remaining: 0 });
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[OVERLAP-5] under `cancel_other` is cancelled by the next: it finishes, and is not retried", async () => {
		const shard = await often({
			...WEBHOOK,
			overlap: "cancel_other",
			retry: { delaysMs: [15_000] },
		});
		const first = only(await shard.advance(at(1)));
		await shard.report(first, answered(first, 503));
		const second = only(await shard.advance(at(2)));
		expect(second.deliveries).toMatchObject([{ firing: 2 }]);
		const third = only(await shard.advance(at(3)));
		await shard.report(second, answered(second, 503));
		await shard.report(third);
		expect(await shard.advance(at(4) - 1)).toEqual([]);
		expect(accepted(await shard.stub().firings(1)).map(({ seq, status }) => [seq, status])).toEqual(
			[
				[3, "settled"],
				[2, "cancelled"],
				[1, "cancelled"],
			],
		);
	});

	it("[OVERLAP-6] cancelled with its timer, takes every open firing along", async () => {
		const shard = await often({
			...WEBHOOK,
			overlap: "allow",
			retry: { delaysMs: [5 * PERIOD] },
		});
		const first = only(await shard.advance(at(1)));
		await shard.report(first, answered(first, 503));
		const second = only(await shard.advance(at(2)));
		expect(accepted(await shard.stub().cancel(shard.call, 1, null)).outcome).toBe("in_flight");
		await shard.report(second, answered(second, 503));
		expect(await shard.advance(at(20))).toEqual([]);
		expect(await shard.statusOf(1)).toBe("cancelled");
		expect(accepted(await shard.stub().firings(1)).map(({ status }) => status)).toEqual([
			"cancelled",
			"cancelled",
		]);
	});
});
