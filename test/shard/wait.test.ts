import { describe, expect, it } from "vitest";
import { START, setClock, standStill } from "./clock.ts";
import { DUE, scheduled } from "./firing.ts";
import { accepted, answered, newShard, only, refusal, type ShardDriver } from "./harness.ts";

standStill();

describe("waiting for a timer", () => {
	const wait = (shard: ShardDriver, timeoutMs = 20_000) => shard.stub().wait(1, timeoutMs);

	it("[SHARD-30] answers when it settles, fails, is cancelled or deleted", async () => {
		for (const [status, end] of [
			[200, "settled"],
			[404, "failed"],
		] as const) {
			setClock(START);
			const shard = await scheduled();
			const waiting = [wait(shard), wait(shard)];
			const envelope = only(await shard.advance(DUE));
			await shard.report(envelope, answered(envelope, status));
			for (const one of waiting) {
				expect(accepted(await one)).toMatchObject({ settled: true, timer: { status: end } });
			}
			expect(accepted(await wait(shard))).toMatchObject({ settled: true });
		}
		setClock(START);
		const shard = await scheduled();
		const cancelled = wait(shard);
		await shard.stub().cancel(shard.call, 1, null);
		expect(accepted(await cancelled)).toMatchObject({ timer: { status: "cancelled" } });
		const other = await scheduled();
		const deleted = wait(other);
		await other.stub().delete(other.call, 1, null);
		expect(refusal(await deleted)).toBe("not_found");
	});

	it("[SHARD-31] answers with the timer as it is when time is up", async () => {
		const shard = await scheduled();
		expect(accepted(await wait(shard, 1))).toMatchObject({
			settled: false,
			timer: { status: "scheduled" },
		});
		const { rowsRead } = shard.lab;
		const waiting = wait(shard, 30);
		await waiting;
		expect(shard.lab.rowsRead - rowsRead).toBeLessThanOrEqual(2);
	});

	it("[SHARD-31] answers `not_found` for what is not there", async () => {
		expect(refusal(await wait(newShard()))).toBe("not_found");
	});
});
