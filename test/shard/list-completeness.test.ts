import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TimerFilter, TimerOrder } from "../../durable-objects/tenant-shard/rpc.ts";
import { START, setClock, standStill } from "./clock.ts";
import { answered, newShard, type ShardDriver, timerOf, webhooks } from "./harness.ts";
import { listAll } from "./list-calls.ts";

standStill();

const DUE = START + 60_000;
/** What may happen to a timer between two pages. */
const mutation = fc.record({
	seq: fc.integer({ min: 1, max: 30 }),
	kind: fc.constantFrom("cancel", "delete", "reschedule", "fire"),
	at: fc.integer({ min: 0, max: 20 }),
});

describe("completeness", () => {
	it("[LISTSH-6] no timer that stays is missed or shown twice, whatever changes between pages", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 5, maxLength: 30 }),
				fc.array(mutation, { maxLength: 12 }),
				fc.integer({ min: 1, max: 7 }),
				fc.constantFrom<TimerOrder>("created", "due"),
				fc.constantFrom<Partial<TimerFilter>>(
					{},
					{ dueAfter: DUE + 8_000 },
					{ dueBefore: DUE + 8_000 },
					{ statuses: ["scheduled", "armed"] },
					{ statuses: ["settled", "failed", "cancelled"] },
				),
				async (dues, mutations, limit, order, filter) => {
					setClock(START);
					const shard = newShard();
					const timers = dues.map((offset, index) => ({
						index,
						timer: timerOf(DUE + offset * 1_000, { ...webhooks(1), priority: (index % 9) + 1 }),
					}));
					await shard.stub().createBatch(shard.call, timers, null);
					const touched = new Set<number>();
					const left = [...mutations];
					const seqs = await listAll(shard, { order, limit, filter }, async () => {
						const next = left.shift();
						if (next === undefined) return;
						for (const seq of await mutate(shard, next)) touched.add(seq);
					});
					for (const { index, timer } of timers) {
						const seq = index + 1;
						if (touched.has(seq)) continue;
						const { dueAfter = null, dueBefore = null, statuses = null } = filter;
						const isListed =
							(dueAfter === null || timer.dueAt > dueAfter) &&
							(dueBefore === null || timer.dueAt < dueBefore) &&
							(statuses === null || statuses.includes("scheduled"));
						expect(seqs.filter((one) => one === seq)).toEqual(isListed ? [seq] : []);
					}
					// By creation even a changed one keeps its place; only a deleted one may be absent.
					if (order === "created") {
						expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
					}
				},
			),
			{ numRuns: 60 },
		);
	});
});

/** Answers the timers that it may have changed. */
async function mutate(
	shard: ShardDriver,
	{ seq, kind, at }: { readonly seq: number; readonly kind: string; readonly at: number },
): Promise<number[]> {
	switch (kind) {
		case "cancel":
			await shard.stub().cancel(shard.call, seq, null);
			return [seq];
		case "delete":
			await shard.stub().delete(shard.call, seq, null);
			return [seq];
		case "reschedule":
			await shard.stub().patch(shard.call, seq, {
				dueAt: DUE + at * 1_000,
				extendMs: null,
				docPatch: null,
				ifMatch: null,
				horizonAt: Number.MAX_SAFE_INTEGER,
			});
			return [seq];
		default: {
			const to = Math.max(Date.now(), DUE + at * 500);
			const fired: number[] = [];
			for (const envelope of await shard.advance(to)) {
				fired.push(...envelope.deliveries.map(({ timer }) => timer));
				await shard.report(envelope, answered(envelope, 404));
			}
			return fired;
		}
	}
}
