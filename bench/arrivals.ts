/** What a run of webhooks says about a network: lateness, what is missing, what came twice. Pure. */
import type { Arrivals } from "./receiver/messages.ts";
import { quantile } from "./statistics.ts";

export type Judgement = {
	/** From the due time to the first arrival of each timer that came, in ms, negative when early. */
	readonly lateness: readonly number[];
	readonly missing: number;
	/** Arrivals beyond the first of each timer. */
	readonly repeated: number;
	/** Repeats with another `webhook-id` than the first. */
	readonly changedIds: number;
	readonly firstMs: number;
	readonly p50Ms: number;
	readonly p99Ms: number;
	readonly lastMs: number;
};

/** `dueAt` answers the due time (epoch ms) of timer `index`, for `count` timers from 0 on. */
export function judge(
	{ index, at, changedIds }: Arrivals,
	count: number,
	dueAt: (index: number) => number,
): Judgement {
	const seen = new Set<number>();
	const lateness: number[] = [];
	index.forEach((timer, position) => {
		if (seen.has(timer)) return;
		seen.add(timer);
		lateness.push((at[position] ?? Number.NaN) - dueAt(timer));
	});
	return {
		lateness,
		missing: count - seen.size,
		repeated: index.length - seen.size,
		changedIds,
		firstMs: quantile(lateness, 0),
		p50Ms: quantile(lateness, 0.5),
		p99Ms: quantile(lateness, 0.99),
		lastMs: quantile(lateness, 1),
	};
}
