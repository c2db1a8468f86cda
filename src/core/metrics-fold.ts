/**
 * Counting: increments that fold into one another, at a source before they are pushed and in a
 * `metrics` object for good. Only series of the catalogue are taken, so a fold has a bounded size
 * whatever comes in. No clock, no storage.
 */
import {
	COUNTERS,
	type Family,
	HISTOGRAMS,
	type Histogram,
	labelValuesOf,
	seriesOf,
} from "./metrics-catalog.ts";

/** What a histogram has seen: observations by bucket, not cumulative, +Inf last; and their sum. */
export type Observations = { readonly counts: readonly number[]; readonly sum: number };

/** Increments, by series. */
export type MetricsDelta = {
	readonly counters: Readonly<Record<string, number>>;
	readonly histograms: Readonly<Record<string, Observations>>;
};

const COUNTER_SERIES = new Set(COUNTERS.flatMap(allSeriesOf));
/** Series → number of buckets, +Inf included. */
const HISTOGRAM_SERIES = new Map(
	HISTOGRAMS.flatMap((family) =>
		allSeriesOf(family).map((series) => [series, family.buckets.length + 1] as const),
	),
);

export class MetricsFold {
	readonly #counters = new Map<string, number>();
	readonly #histograms = new Map<string, { counts: number[]; sum: number }>();

	get isEmpty(): boolean {
		return this.#counters.size === 0 && this.#histograms.size === 0;
	}

	/** @param by negative and broken numbers count nothing: a counter never falls */
	count(series: string, by = 1): void {
		if (!(by > 0 && by < Number.POSITIVE_INFINITY) || !COUNTER_SERIES.has(series)) return;
		this.#counters.set(series, (this.#counters.get(series) ?? 0) + by);
	}

	/** Notes a duration. A clock that stepped back makes it negative, which counts as 0. */
	observeMs(family: Histogram, series: string, ms: number): void {
		const seconds = Math.max(0, ms) / 1_000;
		const found = family.buckets.findIndex((bound) => seconds <= bound);
		const bucket = found === -1 ? family.buckets.length : found;
		const kept = this.#histogramOf(series);
		if (kept === undefined) return;
		kept.counts[bucket] = (kept.counts[bucket] ?? 0) + 1;
		kept.sum += seconds;
	}

	/** Adds what another fold has taken. Series and buckets of another release are left out. */
	add(delta: MetricsDelta): void {
		for (const [series, by] of Object.entries(delta.counters)) this.count(series, by);
		for (const [series, { counts, sum }] of Object.entries(delta.histograms)) {
			if (counts.length !== HISTOGRAM_SERIES.get(series)) continue;
			const kept = this.#histogramOf(series);
			if (kept === undefined) continue;
			counts.forEach((by, bucket) => {
				kept.counts[bucket] = (kept.counts[bucket] ?? 0) + by;
			});
			kept.sum += sum;
		}
	}

	/** What has been counted, as data of its own. */
	read(): MetricsDelta {
		const copies = [...this.#histograms].map(
			([series, { counts, sum }]) => [series, { counts: [...counts], sum }] as const,
		);
		return {
			counters: Object.fromEntries(this.#counters),
			histograms: Object.fromEntries(copies),
		};
	}

	/** The same, and begins anew. */
	take(): MetricsDelta {
		const delta = this.read();
		this.#counters.clear();
		this.#histograms.clear();
		return delta;
	}

	#histogramOf(series: string): { counts: number[]; sum: number } | undefined {
		const known = this.#histograms.get(series);
		if (known !== undefined) return known;
		const buckets = HISTOGRAM_SERIES.get(series);
		if (buckets === undefined) return undefined;
		const fresh = { counts: new Array<number>(buckets).fill(0), sum: 0 };
		this.#histograms.set(series, fresh);
		return fresh;
	}
}

function allSeriesOf(family: Family): string[] {
	return labelValuesOf(family).map((values) => seriesOf(family, ...values));
}
