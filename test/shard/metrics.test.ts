import { describe, expect, it } from "vitest";
import type { MetricsPush } from "../../durable-objects/metrics/rpc.ts";
import {
	ACTIVE_TIMERS,
	ATTEMPTS,
	DELIVERIES,
	DUE_TO_CLAIMED,
	ENVELOPES,
	IN_FLIGHT,
	OLDEST_OVERDUE,
	OVERDUE_TIMERS,
	seriesOf,
	TIMERS_CREATED,
	TIMERS_ENDED,
} from "../../src/core/metrics-catalog.ts";
import { MetricsFold } from "../../src/core/metrics-fold.ts";
import { SECOND } from "../../src/core/units.ts";
import { START, setClock, standStill } from "./clock.ts";
import { accepted, answered, newShard, timerOf, WEBHOOK, webhooks } from "./harness.ts";

standStill();

function totalsOf(pushes: readonly MetricsPush[]) {
	const totals = new MetricsFold();
	for (const push of pushes) totals.add(push);
	return totals.read();
}

const gaugesOf = (pushes: readonly MetricsPush[]) => pushes.at(-1)?.gauges;
const m = "medium";

describe("a shard's figures", () => {
	it("[METRIC-16] of a storm of 1,000 timers are a handful of pushes, which add no row and no alarm", async () => {
		const shard = newShard();
		await shard.createMany(1_000, timerOf(START + SECOND));
		for (const envelope of await shard.advance(START + 3 * SECOND)) await shard.report(envelope);
		for (const envelope of await shard.advance(START + 6 * SECOND)) await shard.report(envelope);
		await shard.idle();
		const { rowsWritten, rowsRead, alarms, transactions } = shard.lab;
		expect(shard.lab.pushes).toEqual([]);
		const pushes = await shard.push();
		expect(pushes.length).toBeGreaterThan(0);
		expect(pushes.length).toBeLessThanOrEqual(3);
		expect(shard.lab).toMatchObject({ rowsWritten, rowsRead, alarms, transactions });
		const { counters, histograms } = totalsOf(pushes);
		expect(counters).toMatchObject({
			[seriesOf(TIMERS_CREATED, m)]: 1_000,
			[seriesOf(TIMERS_ENDED, "settled")]: 1_000,
			[seriesOf(DELIVERIES, "delivered", m)]: 1_000,
		});
		const envelopes = counters[seriesOf(ENVELOPES, "queue", m)] ?? 0;
		const direct = counters[seriesOf(ENVELOPES, "direct", m)] ?? 0;
		expect(envelopes + direct).toBe(shard.envelopes().length);
		const claimed = histograms[seriesOf(DUE_TO_CLAIMED, m)];
		expect(claimed?.counts.reduce((sum, one) => sum + one, 0)).toBe(1_000);
	});

	it("[METRIC-17] count how long after its instant a timer was claimed, its first attempt only", async () => {
		const shard = newShard();
		const retry = { delaysMs: [1_000] };
		await shard.create(timerOf(START + SECOND, { ...WEBHOOK, retry }));
		setClock(START + 1_400);
		await shard.ring();
		for (const envelope of shard.take()) await shard.report(envelope, answered(envelope, 503));
		for (const envelope of await shard.advance(START + 10 * SECOND)) await shard.report(envelope);
		const { counters, histograms } = totalsOf(await shard.push());
		expect(histograms[seriesOf(DUE_TO_CLAIMED, m)]?.sum).toBeCloseTo(0.4, 3);
		expect(counters[seriesOf(DELIVERIES, "delivered", m)]).toBe(1);
	});

	it("[METRIC-18] tell how deliveries and timers ended", async () => {
		const shard = newShard();
		await shard.create(timerOf(START + SECOND, webhooks(2)));
		for (const envelope of await shard.advance(START + SECOND)) {
			await shard.report(envelope, answered(envelope, 410));
		}
		const { seq } = await shard.create(timerOf(START + 60 * SECOND));
		await shard.stub().cancel(shard.call, seq, null);
		const other = await shard.create(timerOf(START + 60 * SECOND));
		accepted(await shard.stub().delete(shard.call, other.seq, null));
		const lost = await shard.create(timerOf(START + 2 * SECOND));
		await shard.advance(START + 2 * SECOND);
		await shard.pass(START + 600 * SECOND);
		expect(await shard.statusOf(lost.seq)).toBe("failed");
		const { counters } = totalsOf(await shard.push());
		expect(counters).toMatchObject({
			[seriesOf(TIMERS_CREATED, m)]: 4,
			[seriesOf(TIMERS_ENDED, "failed")]: 2,
			[seriesOf(TIMERS_ENDED, "cancelled")]: 1,
			[seriesOf(TIMERS_ENDED, "deleted")]: 1,
			[seriesOf(DELIVERIES, "dead", m)]: 3,
		});
		expect(counters[seriesOf(ATTEMPTS, "lease_expired", m)]).toBeGreaterThan(0);
	});

	it("[METRIC-19] state what is active, in flight and next due; and nothing once all has ended", async () => {
		const shard = newShard();
		await shard.createMany(3, timerOf(START + SECOND));
		expect(gaugesOf(await shard.push())).toEqual({
			[seriesOf(ACTIVE_TIMERS)]: 3,
			[seriesOf(IN_FLIGHT)]: 0,
			[seriesOf(OLDEST_OVERDUE)]: START + SECOND,
		});
		const envelopes = await shard.advance(START + SECOND);
		expect(gaugesOf(await shard.push())).toEqual({
			[seriesOf(ACTIVE_TIMERS)]: 3,
			[seriesOf(IN_FLIGHT)]: 3,
		});
		for (const envelope of envelopes) await shard.report(envelope);
		expect(gaugesOf(await shard.push())).toEqual({});
	});

	it("[METRIC-19] state how many are overdue, by class, and since when", async () => {
		const shard = newShard();
		await shard.createMany(2, timerOf(START + SECOND));
		await shard.create(timerOf(START + SECOND, { ...WEBHOOK, priority: 1 }));
		setClock(START + 90 * SECOND);
		expect(gaugesOf(await shard.push())).toMatchObject({
			[seriesOf(OVERDUE_TIMERS, "high")]: 1,
			[seriesOf(OVERDUE_TIMERS, m)]: 2,
			[seriesOf(OVERDUE_TIMERS, "low")]: 0,
			[seriesOf(OLDEST_OVERDUE)]: START + SECOND,
		});
	});

	it("[METRIC-19] are stated anew when the watchdog comes by", async () => {
		const shard = newShard();
		await shard.create(timerOf(START + 60 * SECOND));
		const before = (await shard.push()).length;
		await shard.stub().wake(shard.call);
		const pushes = await shard.push();
		expect(pushes.length).toBe(before + 1);
		expect(gaugesOf(pushes)).toMatchObject({ [seriesOf(ACTIVE_TIMERS)]: 1 });
	});
});
