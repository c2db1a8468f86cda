import { describe, expect, it } from "vitest";
import { standStill } from "../clock.ts";
import { timerOf, WEBHOOK } from "../harness.ts";
import { at, everyMinute, recurring } from "./every-minute.ts";

standStill();

const TIMERS = 100;
const ROUNDS = 5;

/** Rows written and read a firing, over rounds in which all are due together. */
async function rowsPerFiring(fidelity: "full" | "fast") {
	const shard = await recurring();
	await shard.stub().cancel(shard.call, 1, null);
	await shard.createMany(TIMERS, timerOf(at(1), everyMinute({ ...WEBHOOK, fidelity })));
	const before = { ...shard.lab };
	for (let n = 1; n <= ROUNDS; n++) {
		for (const envelope of await shard.advance(at(n))) await shard.report(envelope);
	}
	const firings = TIMERS * ROUNDS;
	expect((await shard.timer(2)).firedCount).toBe(ROUNDS);
	return {
		written: (shard.lab.rowsWritten - before.rowsWritten) / firings,
		read: (shard.lab.rowsRead - before.rowsRead) / firings,
		alarms: (shard.lab.alarms - before.alarms) / ROUNDS,
	};
}

describe("rows of a firing that recurs", () => {
	it.each(["fast", "full"] as const)(
		"[FIRE-12] %s: at most 2.1 written and 3.3 read, and 3 alarms a round",
		async (fidelity) => {
			const cost = await rowsPerFiring(fidelity);
			expect(cost.written).toBeLessThanOrEqual(2.1);
			expect(cost.read).toBeLessThanOrEqual(3.3);
			expect(cost.alarms).toBeLessThanOrEqual(3);
		},
	);
});
