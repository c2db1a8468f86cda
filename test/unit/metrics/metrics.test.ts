import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	ACTIVE_TIMERS,
	COUNTERS,
	DELIVERIES,
	DUE_TO_CLAIMED,
	GAUGES,
	HISTOGRAMS,
	labelValuesOf,
	OLDEST_OVERDUE,
	seriesOf,
	TIMERS_ENDED,
} from "../../../src/core/metrics-catalog.ts";
import { MetricsFold } from "../../../src/core/metrics-fold.ts";
import { mergeGauges, readGauges } from "../../../src/core/metrics-gauges.ts";
import { formatMetrics } from "../../../src/core/metrics-text.ts";
import { readScrape } from "../../helpers/scrape.ts";

const NO_GAUGES = readGauges([], 0);
const DELIVERED = seriesOf(DELIVERIES, "delivered", "high");
const CLAIMED = seriesOf(DUE_TO_CLAIMED, "high");

describe("the text", () => {
	it("[METRIC-1] of nothing at all holds every series at zero, with help and type", () => {
		const scrape = readScrape(formatMetrics(new MetricsFold().read(), NO_GAUGES));
		for (const family of [...COUNTERS, ...GAUGES, ...HISTOGRAMS]) {
			expect(scrape.types.get(family.name)).toBe(family.type);
			for (const values of labelValuesOf(family)) {
				const series = seriesOf(family, ...values);
				if (family.type === "histogram") expect(scrape.histograms.get(series)?.count).toBe(0);
				else expect(scrape.values.get(series)).toBe(0);
			}
		}
		expect(scrape.values.get("minoots_gauge_age_seconds")).toBe(0);
		expect(scrape.values.size).toBeLessThan(400);
	});

	it("[METRIC-2] of any observations is a cumulative histogram whose +Inf is its count", () => {
		fc.assert(
			fc.property(fc.array(fc.double({ min: -10, max: 1e8, noNaN: true })), (lates) => {
				const fold = new MetricsFold();
				for (const late of lates) fold.observeMs(DUE_TO_CLAIMED, CLAIMED, late);
				const scrape = readScrape(formatMetrics(fold.read(), NO_GAUGES));
				const histogram = scrape.histograms.get(CLAIMED);
				expect(histogram?.count).toBe(lates.length);
				for (const [bound, upTo] of histogram?.buckets ?? []) {
					expect(upTo).toBe(lates.filter((ms) => Math.max(0, ms) / 1_000 <= bound).length);
				}
			}),
		);
	});
});

describe("a fold", () => {
	it("[METRIC-3] is the same however its parts are taken and added", () => {
		const step = fc.record({
			series: fc.constantFrom(DELIVERED, seriesOf(TIMERS_ENDED, "failed")),
			by: fc.integer({ min: 1, max: 1_000 }),
			late: fc.integer({ min: 0, max: 10_000_000 }),
			isTaken: fc.boolean(),
		});
		fc.assert(
			fc.property(fc.array(step), (steps) => {
				const [whole, part, total] = [new MetricsFold(), new MetricsFold(), new MetricsFold()];
				for (const { series, by, late, isTaken } of steps) {
					for (const fold of [whole, part]) {
						fold.count(series, by);
						fold.observeMs(DUE_TO_CLAIMED, CLAIMED, late);
					}
					if (isTaken) total.add(part.take());
				}
				total.add(part.take());
				expect(part.isEmpty).toBe(true);
				expect(total.read().counters).toEqual(whole.read().counters);
				const [summed, direct] = [total, whole].map((fold) => fold.read().histograms[CLAIMED]);
				expect(summed?.counts).toEqual(direct?.counts);
				expect(summed?.sum ?? 0).toBeCloseTo(direct?.sum ?? 0, 3);
			}),
		);
	});

	it("[METRIC-4] takes no series that the catalogue does not name, and no counter falls", () => {
		const fold = new MetricsFold();
		fold.count('minoots_deliveries_total{outcome="delivered",class="high",tenant="acme"}');
		fold.count("minoots_active_timers", 3);
		for (const by of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) fold.count(DELIVERED, by);
		fold.add({ counters: {}, histograms: { [CLAIMED]: { counts: [1, 2], sum: 3 } } });
		expect(fold.isEmpty).toBe(true);
	});
});

describe("gauges", () => {
	const active = seriesOf(ACTIVE_TIMERS);
	const oldest = seriesOf(OLDEST_OVERDUE);

	it("[METRIC-5] are summed over sources, with the age of the oldest", () => {
		const reading = mergeGauges([
			readGauges(
				[
					{ at: 4_000, values: { [active]: 3 } },
					{ at: 9_000, values: { [active]: 4 } },
				],
				10_000,
			),
			readGauges([{ at: 9_500, values: { [active]: 5 } }], 10_000),
			NO_GAUGES,
		]);
		expect(reading).toMatchObject({ values: { [active]: 12 }, sources: 3, ageSeconds: 6 });
	});

	it.each([
		["was overdue when it was stated", 90_000, 95_000, 10],
		["lay ahead, and its source may still speak", 96_000, 95_000, 0],
		["lay ahead, and its source should have spoken", 85_000, 80_000, 15],
		["lies ahead", 200_000, 95_000, 0],
	])("[METRIC-6] an instant that %s", (_, instant, at, seconds) => {
		const { values } = readGauges([{ at, values: { [oldest]: instant } }], 100_000);
		expect(values[oldest]).toBe(seconds);
	});

	it("[METRIC-6] of several sources, the longest overdue counts", () => {
		const stated = [90_000, 40_000, 70_000].map((due) => ({
			at: 95_000,
			values: { [oldest]: due },
		}));
		expect(readGauges(stated, 100_000).values[oldest]).toBe(60);
	});
});
