import { describe, expect, it } from "vitest";
import { standStill } from "./clock.ts";
import { DUE, firing, RETRY_MS, scheduled } from "./firing.ts";
import {
	accepted,
	answered,
	delivered,
	newShard,
	notStarted,
	only,
	outcomeOf,
	type ShardDriver,
	timerOf,
} from "./harness.ts";

standStill();

async function cancel(shard: ShardDriver, reason: string | null = null) {
	return accepted(await shard.stub().cancel(shard.call, 1, reason));
}

/** Nothing of the timer may happen any more: no send, no claim, no count. */
async function expectOver(shard: ShardDriver): Promise<void> {
	expect(await shard.advance(Date.now() + 3_600_000)).toEqual([]);
	expect(await shard.claims()).toEqual([]);
	expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	const ends = (await shard.events(1)).filter((type) =>
		["timer.settled", "timer.failed", "timer.cancelled"].includes(type),
	);
	expect(ends).toHaveLength(1);
}

describe("cancelling", () => {
	it("[CANCEL-1] a scheduled timer ends it at once, with its reason", async () => {
		const shard = await scheduled();
		expect(await cancel(shard, "no longer needed")).toMatchObject({
			outcome: "cancelled",
			timer: { status: "cancelled", cancelReason: "no longer needed", firing: null },
		});
		expect(await shard.deliveries(1)).toEqual([]);
		expect(await shard.events(1)).toEqual(["timer.created", "timer.cancelled"]);
		await expectOver(shard);
	});

	it("[CANCEL-2] again answers `cancelled` and changes nothing", async () => {
		const shard = await scheduled();
		const first = await cancel(shard, "one");
		expect(await cancel(shard, "two")).toEqual(first);
		await expectOver(shard);
	});

	it.each([200, 404])("[CANCEL-3] after the end (%d) answers `already_fired`", async (status) => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, status));
		const before = await shard.timer(1);
		expect(await cancel(shard)).toEqual({ outcome: "already_fired", timer: before });
	});

	it("[CANCEL-4] a timer that waits for its retry drops the retry and keeps the attempts", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		expect((await cancel(shard)).outcome).toBe("cancelled");
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "cancelled", attempts: 1, nextAttemptAt: null, history: [{ status: 503 }] },
		]);
		await expectOver(shard);
	});

	it("[CANCEL-4] a timer that was claimed and given back is `cancelled`", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, []);
		expect((await cancel(shard)).outcome).toBe("cancelled");
		expect(await shard.deliveries(1)).toMatchObject([{ state: "cancelled", attempts: 0 }]);
		await expectOver(shard);
	});

	it.each([
		["delivered", 200, "settled"],
		["failed", 503, "cancelled"],
		["rejected", 404, "cancelled"],
	] as const)(
		"[CANCEL-5] a claimed timer lets the claim finish: %s (%d) ends it %s",
		async (_, status, end) => {
			const { shard, envelope } = await firing();
			expect(await cancel(shard, "too late")).toMatchObject({
				outcome: "in_flight",
				timer: { status: "firing" },
			});
			expect((await cancel(shard, "again")).outcome).toBe("in_flight");
			await shard.evict();
			expect((await cancel(shard, "again")).outcome).toBe("in_flight");
			await shard.report(envelope, answered(envelope, status));
			expect(await shard.timer(1)).toMatchObject({
				status: end,
				cancelReason: end === "cancelled" ? "too late" : null,
			});
			await expectOver(shard);
		},
	);

	it("[CANCEL-6] a claimed delivery that was not started is dropped", async () => {
		for (const explicit of [true, false]) {
			const { shard, envelope } = await firing();
			await cancel(shard);
			await shard.report(envelope, explicit ? envelope.deliveries.map(notStarted) : []);
			expect(await shard.statusOf(1)).toBe("cancelled");
			expect(await shard.deliveries(1)).toMatchObject([{ state: "cancelled", attempts: 0 }]);
			await expectOver(shard);
		}
	});

	it("[CANCEL-6] a claim whose lease runs out ends the timer", async () => {
		const { shard, envelope } = await firing();
		await cancel(shard);
		await shard.advance(envelope.leaseUntil);
		expect(await shard.statusOf(1)).toBe("cancelled");
		await expectOver(shard);
	});

	it("[CANCEL-6] a claim of another epoch is sent again and finishes", async () => {
		const { shard, envelope } = await firing();
		await cancel(shard);
		await shard.reboot();
		const again = only(await shard.advance(DUE + 5));
		expect(again.deliveries).toEqual(envelope.deliveries);
		await shard.report(again);
		expect(await shard.statusOf(1)).toBe("settled");
		await expectOver(shard);
	});

	it("[CANCEL-7] of several actions the claimed ones finish and the others are dropped", async () => {
		const { shard, envelope } = await firing(3);
		const [a, b, c] = envelope.deliveries;
		if (a === undefined || b === undefined || c === undefined) throw new Error("too few");
		await shard.report(envelope, [outcomeOf(a, 503)], false);
		expect((await cancel(shard)).outcome).toBe("in_flight");
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "cancelled", attempts: 1 },
			{ state: "sending" },
			{ state: "sending" },
		]);
		await shard.report(envelope, [outcomeOf(b, 200)], false);
		expect(await shard.statusOf(1)).toBe("firing");
		await shard.report(envelope, [outcomeOf(c, 503)], true);
		expect(await shard.statusOf(1)).toBe("cancelled");
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "cancelled", attempts: 1 },
			{ state: "delivered", attempts: 1 },
			{ state: "cancelled", attempts: 1 },
		]);
		await expectOver(shard);
	});

	it("[CANCEL-7] the timer ends `settled` if all of several actions were delivered after all", async () => {
		const { shard, envelope } = await firing(3);
		await cancel(shard);
		await shard.report(envelope, delivered(envelope).slice(0, 2), false);
		await shard.report(envelope, delivered(envelope).slice(2), false);
		expect(await shard.statusOf(1)).toBe("settled");
		await expectOver(shard);
	});

	it("[CANCEL-7] a delivery that succeeded late is not dropped with its claim", async () => {
		const { shard, envelope } = await firing(2);
		await shard.report(envelope, answered(envelope, 503));
		const retry = only(await shard.advance(DUE + RETRY_MS));
		await cancel(shard);
		await shard.report(envelope, delivered(envelope).slice(0, 1));
		await shard.report(retry, []);
		expect(await shard.deliveries(1)).toMatchObject([
			{ state: "delivered" },
			{ state: "cancelled", attempts: 1 },
		]);
		await expectOver(shard);
	});

	it("[CANCEL-8] in one group with the outcome sees it, in either order", async () => {
		for (const status of [200, 503, 404]) {
			for (const cancelFirst of [true, false]) {
				const { shard, envelope } = await firing();
				const report = () => shard.report(envelope, answered(envelope, status));
				const both = cancelFirst ? [cancel(shard), report()] : [report(), cancel(shard)];
				await Promise.all(both);
				const ended = status === 200 ? "settled" : status === 404 ? "failed" : "cancelled";
				expect(await shard.statusOf(1)).toBe(cancelFirst && status === 404 ? "cancelled" : ended);
				await expectOver(shard);
			}
		}
	});

	it("[CANCEL-8] in one group with a delivery given back sees it, in either order", async () => {
		for (const cancelFirst of [true, false]) {
			const { shard, envelope } = await firing();
			const report = () => shard.report(envelope, []);
			await Promise.all(cancelFirst ? [cancel(shard), report()] : [report(), cancel(shard)]);
			expect(await shard.statusOf(1)).toBe("cancelled");
			await expectOver(shard);
		}
	});

	it("[CANCEL-9] a late success of a cancelled timer is recorded, and it had been delivered", async () => {
		const { shard, envelope } = await firing();
		await shard.report(envelope, answered(envelope, 503));
		await cancel(shard);
		await shard.report(envelope);
		expect(await shard.statusOf(1)).toBe("settled");
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		expect(await shard.advance(DUE + RETRY_MS)).toEqual([]);
	});

	it("[CANCEL-10] answers `not_found` for what is not there", async () => {
		const shard = newShard();
		expect(await shard.stub().cancel(shard.call, 1, null)).toMatchObject({
			error: { code: "not_found" },
		});
		await shard.create(timerOf(DUE));
		expect(await shard.stub().cancel(shard.call, 2, null)).toMatchObject({
			error: { code: "not_found" },
		});
	});
});
