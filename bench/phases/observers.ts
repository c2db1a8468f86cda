/**
 * What metrics and endpoint health cost: the same storm with and without them, in turns, each on a
 * network of its own that has just been started.
 */
import { startNetwork } from "../../test/helpers/network-process.ts";
import type { Context } from "../context.ts";
import { atMost, type Metric } from "../report/metric.ts";
import { quantile } from "../statistics.ts";
import { firstTenant } from "../tenant.ts";
import { runStorm } from "./storm.ts";

const TARGET_PERCENT = 5;
/** Storms on each network: its first one compiles, so it is not counted. */
const STORMS = 3;

export async function measureObservers(context: Context): Promise<Metric[]> {
	const withThem: number[] = [];
	const without: number[] = [];
	for (let rep = 0; rep < context.scale.reps; rep++) {
		context.say(`observers: repetition ${rep + 1}`);
		without.push(await drainMs(context, ["--no-observers"]));
		withThem.push(await drainMs(context, []));
	}
	const name = "observers: storm, time to drain";
	const cost = (quantile(withThem, 0.5) / quantile(without, 0.5) - 1) * 100;
	return [
		{ name, variant: "without metrics and health", unit: "ms", values: without },
		{ name, variant: "with them", unit: "ms", values: withThem },
		{
			name: "observers: what they add to it",
			unit: "%",
			values: [cost],
			target: atMost(TARGET_PERCENT),
		},
	];
}

/** The median of the storms of one network. */
async function drainMs(context: Context, args: readonly string[]): Promise<number> {
	await using network = await startNetwork({ logs: "drop", args });
	const tenant = firstTenant(network);
	await runStorm(context, tenant);
	const drains: number[] = [];
	for (let storm = 0; storm < STORMS; storm++) {
		drains.push((await runStorm(context, tenant)).lastMs);
	}
	return quantile(drains, 0.5);
}
