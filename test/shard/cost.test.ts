import { describe, expect, it, vi } from "vitest";
import rows from "../../bench/rows.json" with { type: "json" };
import { delivered, newShard, type ShardDriver, timerOf, WEBHOOK } from "./harness.ts";

const TIMERS = 100;
/** Rows that a ring more or less reads, as the clock has it; a scan would read thousands. */
const RING_ROWS = 100;
/** Far enough ahead that nothing fires before the test rings the alarm itself. */
const AHEAD_MS = 400;

type Fidelity = "full" | "fast";
type Cost = {
	created: number;
	settledWritten: number;
	settledRead: number;
	/** `setAlarm` calls from claim to settlement, and a timer's share of all of them. */
	alarms: number;
	alarmsPerTimer: number;
};

/** Rows per timer over a batch due together, created one by one or in one call. */
async function lifecycle(
	shard: ShardDriver,
	fidelity: Fidelity,
	oneByOne: boolean,
	count = TIMERS,
): Promise<Cost> {
	const dueAt = Date.now() + AHEAD_MS;
	const timer = timerOf(dueAt, { ...WEBHOOK, fidelity });
	await shard.stub().usage();
	const before = { ...shard.lab };
	if (oneByOne) {
		for (let i = 0; i < count; i++) await shard.stub().create(shard.call, timer, null);
	} else {
		const timers = Array.from({ length: count }, (_, index) => ({ index, timer }));
		await shard.stub().createBatch(shard.call, timers, null);
	}
	const created = { ...shard.lab };
	const sent = () =>
		shard.envelopes().reduce((sum, envelope) => sum + envelope.deliveries.length, 0);
	await vi.waitUntil(() => sent() === count, { timeout: 5_000 });
	for (const envelope of shard.envelopes()) {
		await shard.stub().report({ claim: envelope.claim, outcomes: delivered(envelope), last: true });
	}
	const settled = { ...shard.lab };
	return {
		created: (created.rowsWritten - before.rowsWritten) / count,
		settledWritten: (settled.rowsWritten - before.rowsWritten) / count,
		settledRead: (settled.rowsRead - created.rowsRead) / count,
		alarms: settled.alarms - created.alarms,
		alarmsPerTimer: (settled.alarms - before.alarms) / count,
	};
}

async function warm(pending: number): Promise<ShardDriver> {
	const shard = newShard();
	await shard.stub().create(shard.call, timerOf(Date.now() + 9e9), null);
	const far = timerOf(Date.now() + 9e9);
	for (let left = pending; left > 0; left -= 10_000) {
		const size = Math.min(left, 10_000);
		const timers = Array.from({ length: size }, (_, index) => ({ index, timer: far }));
		await shard.stub().createBatch(shard.call, timers, null);
	}
	return shard;
}

describe("rows of a lifecycle", () => {
	it.each([
		["fast", false, 4.1],
		["full", false, 5.2],
		["full", true, 6.2],
	] as const)(
		"[COST-1] %s, one by one %s: at most %d written, 3.1 read",
		async (fidelity, oneByOne, written) => {
			const shard = await warm(100);
			const cost = await lifecycle(shard, fidelity, oneByOne);
			expect(cost.settledWritten).toBeLessThanOrEqual(written);
			expect(cost.settledRead).toBeLessThanOrEqual(3.1);
			expect(cost.alarms).toBeLessThanOrEqual(3);
		},
	);

	it.each([
		["full", "1", 1],
		["full", "100", 100],
		["fast", "1", 1],
		["fast", "100", 100],
	] as const)(
		"[COST-4] %s, %s due together: what the benchmark prices is what is counted",
		async (fidelity, density, count) => {
			const cost = await lifecycle(await warm(100), fidelity, true, count);
			const { written, read, alarms } = rows[fidelity][density];
			expect(cost.settledWritten).toBeCloseTo(written, 1);
			expect(Math.abs(cost.settledRead - read)).toBeLessThanOrEqual(RING_ROWS / count);
			expect(Math.abs(cost.alarmsPerTimer - alarms)).toBeLessThanOrEqual(1 / count);
		},
	);

	it("[COST-2] is the same with a million pending", { timeout: 120_000 }, async () => {
		const few = await lifecycle(await warm(100), "full", false);
		const many = await lifecycle(await warm(1_000_000), "full", false);
		expect(many.settledWritten).toBeCloseTo(few.settledWritten, 1);
		expect(Math.abs(many.settledRead - few.settledRead)).toBeLessThanOrEqual(RING_ROWS / TIMERS);
		expect(many.settledRead).toBeLessThanOrEqual(3.1);
	});
});
