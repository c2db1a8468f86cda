/** What `metrics` objects are told by sources, and what the edge reads from them. */
import type { MetricsDelta } from "../../src/core/metrics-fold.ts";
import type { GaugeReading, GaugeSet } from "../../src/core/metrics-gauges.ts";

export type MetricsPush = MetricsDelta & {
	/** Whose gauges these are: `shard:acme:0`, `mailbox:acme:builds`. */
	readonly source: string;
	/** The life of the source that pushes, and its pushes counted: one that comes twice counts once. */
	readonly run: string;
	readonly seq: number;
	/** Epoch ms at which the gauges were read. */
	readonly at: number;
	/** All that the source has to state; an empty set forgets it, `null` leaves it as it is. */
	readonly gauges: GaugeSet | null;
};

export type MetricsPart = { readonly totals: MetricsDelta; readonly gauges: GaugeReading };

export interface MetricsRpc {
	push(push: MetricsPush): Promise<void>;
	/** Everything so far; it is durable before it is answered. */
	read(): Promise<MetricsPart>;
}
