/** The same with eight shards beside the default of one. Last, since growing takes three minutes. */
import type { Judgement } from "../arrivals.ts";
import { type Context, WIDE_SHARDS } from "../context.ts";
import type { LoopResult } from "../load/closed-loop.ts";
import type { Metric } from "../report/metric.ts";
import { measureBatchRate } from "./batches.ts";
import { latency, loopCreates, rate } from "./creates.ts";
import { describeSteady, runSteady } from "./steady.ts";
import { describeStorm, runStorm } from "./storm.ts";

/** A batch goes whole to one shard; calls side by side, and smaller ones, reach all of them. */
const CALLS_AT_ONCE = 4;
const STORM_BATCH_TIMERS = 250;

export async function measureWide(context: Context): Promise<Metric[]> {
	const { scale, say } = context;
	say("wide: waiting until the tenant has grown");
	const tenant = await context.wide();
	const loops: LoopResult[] = [];
	const batches: number[] = [];
	const storms: Judgement[] = [];
	const steady: Judgement[] = [];
	for (let rep = 0; rep < scale.reps; rep++) {
		say(`wide: repetition ${rep + 1}`);
		loops.push(await loopCreates(tenant, scale.loopMs));
		batches.push(await measureBatchRate(tenant, scale.batchCalls, "json", {}, CALLS_AT_ONCE));
		storms.push(await runStorm(context, tenant, {}, STORM_BATCH_TIMERS));
		if (rep === 0) steady.push(await runSteady(context, tenant));
	}
	const variant = `${WIDE_SHARDS} shards`;
	return [
		{ ...rate("single creates", loops), variant },
		{ ...latency("single creates, p99", loops, "p99Ms"), variant },
		{ name: `batch creates, ${CALLS_AT_ONCE} calls at once`, variant, unit: "/s", values: batches },
		...describeStorm(storms, variant),
		...describeSteady(steady, variant),
	];
}
