/** Lateness as a tenant reads it. Called by the route that answers it. */
import type { LatenessView } from "../../contract/lateness.ts";
import { formatInstant } from "../instant.ts";
import { quantileOf, upperBoundOf } from "./histogram.ts";
import { type LatenessSince, seriesOfLateness } from "./lateness.ts";

export function renderLateness({ since, lateness }: LatenessSince): LatenessView["total"] {
	return {
		since: since === null ? null : formatInstant(since),
		histograms: seriesOfLateness(lateness).map(({ hop, priority, histogram }) => ({
			hop,
			class: priority,
			count: histogram.count,
			sumMs: histogram.sumMs,
			p50Ms: quantileOf(histogram, 0.5),
			p90Ms: quantileOf(histogram, 0.9),
			p99Ms: quantileOf(histogram, 0.99),
			maxMs: histogram.maxMs,
			buckets: histogram.buckets.map(([bucket, count]) => ({
				upToMs: upperBoundOf(bucket),
				count,
			})),
		})),
	};
}
