/**
 * The Prometheus text format, version 0.0.4: every series of the catalogue, also those that are
 * still at zero, so that a rate is right from the first increment on.
 * https://prometheus.io/docs/instrumenting/exposition_formats/
 */
import {
	COUNTERS,
	type Family,
	formatLabels,
	GAUGES,
	type Gauge,
	HISTOGRAMS,
	type Histogram,
	labelValuesOf,
	seriesOf,
} from "./metrics-catalog.ts";
import type { MetricsDelta, Observations } from "./metrics-fold.ts";
import type { GaugeReading } from "./metrics-gauges.ts";

export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** How old the gauges are: shown beside them, since a shard only speaks when something happens. */
const GAUGE_SOURCES = headOf(
	"minoots_gauge_sources",
	"Shards and mailboxes that gauges are made of.",
);
const GAUGE_AGE = headOf("minoots_gauge_age_seconds", "Age of the oldest statement in the gauges.");

export function formatMetrics(totals: MetricsDelta, gauges: GaugeReading): string {
	const lines: string[] = [];
	for (const family of HISTOGRAMS) {
		lines.push(...headLines(family));
		for (const values of labelValuesOf(family)) {
			lines.push(...histogramLines(family, values, totals.histograms[seriesOf(family, ...values)]));
		}
	}
	for (const family of COUNTERS) lines.push(...plainLines(family, totals.counters));
	for (const family of GAUGES) lines.push(...plainLines(family, gauges.values));
	lines.push(...plainLines(GAUGE_SOURCES, { [GAUGE_SOURCES.name]: gauges.sources }));
	lines.push(...plainLines(GAUGE_AGE, { [GAUGE_AGE.name]: gauges.ageSeconds }));
	return `${lines.join("\n")}\n`;
}

function headOf(name: string, help: string): Gauge {
	return { type: "gauge", combine: "sum", name, help, labels: [] };
}

function headLines({ name, help, type }: Family): string[] {
	return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function plainLines(family: Family, values: Readonly<Record<string, number>>): string[] {
	const all = labelValuesOf(family).map((labels) => seriesOf(family, ...labels));
	return [...headLines(family), ...all.map((series) => `${series} ${values[series] ?? 0}`)];
}

function histogramLines(
	family: Histogram,
	values: readonly string[],
	seen: Observations = { counts: [], sum: 0 },
): string[] {
	const { name, buckets } = family;
	let count = 0;
	const lines = [...buckets.map(String), "+Inf"].map((bound, index) => {
		count += seen.counts[index] ?? 0;
		return `${name}_bucket${formatLabels(family, values, `le="${bound}"`)} ${count}`;
	});
	const labels = formatLabels(family, values);
	return [...lines, `${name}_sum${labels} ${seen.sum}`, `${name}_count${labels} ${count}`];
}
