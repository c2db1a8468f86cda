/**
 * What a million timers cost at list price: arithmetic, not measurement. Rows and alarms come from
 * `rows.json`, where the counts of the cost test are written down; prices and the rest are here.
 */

import type { Metric } from "../report/metric.ts";
import rows from "../rows.json" with { type: "json" };

/** Cloudflare's list prices in dollars a million, beyond what a plan includes. */
const PRICE = {
	workerRequest: 0.3,
	/** A millisecond of CPU. */
	workerCpuMs: 0.02,
	objectRequest: 0.15,
	rowWritten: 1,
	rowRead: 0.001,
	/** A message is written, read and deleted. */
	queueMessage: 1.2,
	/** A GB and month. */
	storageGb: 0.2,
} as const;

/** CPU of a create in the Worker, and of signing and sending one webhook. */
const CPU_MS = 3;
/** Kept for a month, in GB. */
const TIMER_GB = 600 / 1e9;
/** Deliveries of one tick that go to the sender without a queue. */
const DIRECT_DELIVERIES = 6;

const DENSITIES = ["1", "100"] as const;

export function computeCosts(): Metric[] {
	return (["full", "fast"] as const).flatMap((fidelity) =>
		DENSITIES.flatMap((density) => {
			const { written, read, alarms } = rows[fidelity][density];
			const variant = `${fidelity}, density ${density}`;
			const price = pricePerMillion(written, read, alarms, Number(density));
			return [
				{ name: "rows written per timer", variant, unit: "", values: [written] },
				{ name: "rows read per timer", variant, unit: "", values: [read] },
				{
					name: "price of a million timers, created one by one",
					variant,
					unit: "$",
					values: [price],
				},
			];
		}),
	);
}

/** Dollars for a million timers, each created by its own request and delivered at the first try. */
function pricePerMillion(written: number, read: number, alarms: number, density: number): number {
	const perTick = 1 / density;
	const queued = density > DIRECT_DELIVERIES ? perTick : 0;
	return (
		PRICE.workerRequest * (1 + queued) +
		PRICE.workerCpuMs * CPU_MS +
		PRICE.objectRequest * (1 + 2 * perTick) + // the create; the alarm and the report of a tick
		PRICE.rowWritten * (written + alarms) +
		PRICE.rowRead * read +
		PRICE.queueMessage * queued +
		PRICE.storageGb * TIMER_GB * 1e6
	);
}
