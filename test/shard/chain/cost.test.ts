import { expect, it } from "vitest";
import type { NewTimer } from "../../../durable-objects/tenant-shard/rpc.ts";
import { START, setClock, standStill } from "../clock.ts";
import { DUE } from "../firing.ts";
import { accepted, newShard, type ShardDriver, timerOf } from "../harness.ts";
import { dependent } from "./dependents.ts";

standStill();

const COUNT = 100;
/** Chunk, counter and the like: a row or two a transaction. */
const SHARED = 0.1;

/** Rows written by `work`, for each of the timers that it is about. */
async function written({ lab }: ShardDriver, work: () => Promise<unknown>): Promise<number> {
	const before = lab.rowsWritten;
	await work();
	return (lab.rowsWritten - before) / COUNT;
}

function createAll(shard: ShardDriver, timerAt: (seq: number) => NewTimer) {
	return written(shard, async () => {
		const timers = Array.from({ length: COUNT }, (_, index) => ({
			index,
			timer: timerAt(index + 1),
		}));
		accepted(await shard.stub().createBatch(shard.call, timers, null));
	});
}

it("[CHAIN-42] costs three rows written with the dependent, two with its release, and plain timers none", async () => {
	const doc = { message: "m" };
	const [plain, chained] = [newShard(), newShard()];
	for (const shard of [plain, chained]) {
		// The timer and its place among what is due.
		expect(await createAll(shard, () => timerOf(DUE, doc))).toBeLessThan(2.4);
	}
	// The timer, without a place; both sides of the edge; the flag of the dependency.
	const edges = await createAll(chained, (seq) => dependent(chained, [{ shard: 0, seq }], { doc }));
	expect(edges).toBeLessThan(4 + SHARED);
	const own = await written(plain, () => plain.pass(DUE));
	setClock(START);
	// Both sides again; the dependent, now with a place.
	const ends = await written(chained, () => chained.advance(DUE));
	expect(own).toBeLessThan(1 + SHARED);
	expect(ends - own).toBeLessThan(4 + SHARED);
});
