/** Steady load: 200 timers a second, five milliseconds apart, each due alone. */
import { setTimeout as delay } from "node:timers/promises";
import { LATENESS_HOPS } from "../../src/contract/lateness.ts";
import { type Judgement, judge } from "../arrivals.ts";
import type { Context } from "../context.ts";
import { type Hops, hopQuantile, hopsBetween, readHops } from "../hops.ts";
import { atLeast, atMost, type Metric, NONE } from "../report/metric.ts";
import type { Tenant } from "../tenant.ts";
import { webhookTimer } from "../timers.ts";

const PER_SECOND = 200;
const APART_MS = 1_000 / PER_SECOND;
const TARGET_P50_MS = 4;
const TARGET_P99_MS = 18;
/** Between the create call and the first due time. */
const LEAD_MS = 1_500;
const TIMEOUT_MS = 10_000;
const TAIL_MS = 1_200;

export async function measureSteady(context: Context): Promise<Metric[]> {
	const { scale, tenant, say } = context;
	const subject = await tenant();
	const runs: Judgement[] = [];
	const hops: Hops[] = [];
	for (let rep = 0; rep < scale.reps; rep++) {
		say(`steady: repetition ${rep + 1}`);
		const before = await readHops(subject);
		runs.push(await runSteady(context, subject));
		hops.push(hopsBetween(before, await readHops(subject)));
	}
	return [...describeSteady(runs), ...describeHops(hops)];
}

/** Where the lateness comes from: due, claimed, sent, answered. */
function describeHops(runs: readonly Hops[]): Metric[] {
	return LATENESS_HOPS.flatMap((hop) =>
		(
			[
				["p50", 0.5],
				["p99", 0.99],
			] as const
		).map(([name, share]) => ({
			name: `steady ${PER_SECOND}/s: ${hop.replaceAll("_", " ")}, ${name}`,
			unit: "ms",
			values: runs.map((run) => hopQuantile(run, hop, share)),
		})),
	);
}

export async function runSteady({ receiver, scale }: Context, tenant: Tenant): Promise<Judgement> {
	const run = receiver.startRun();
	const count = scale.steadySeconds * PER_SECOND;
	const startAt = Date.now() + LEAD_MS;
	const dueAt = (index: number) => startAt + index * APART_MS;
	await tenant.createAll(
		Array.from({ length: count }, (_, index) => webhookTimer(run.url(index), { at: dueAt(index) })),
	);
	if (Date.now() >= startAt) throw new Error("The first timer was due before all were made");
	await run.reached(count, dueAt(count) - Date.now() + TIMEOUT_MS);
	await delay(TAIL_MS);
	return judge(await run.collect(), count, dueAt);
}

/** The rows of the table; without a variant those of the default, with targets. */
export function describeSteady(runs: readonly Judgement[], variant?: string): Metric[] {
	const of = (name: string, pick: (run: Judgement) => number, unit = "ms"): Metric => ({
		name: `steady ${PER_SECOND}/s: ${name}`,
		...(variant === undefined ? {} : { variant }),
		unit,
		values: runs.map(pick),
	});
	const peers = "BullMQ (hz 100) 6.6 / 18.6 · Restate 5.5 / 156";
	return [
		{ ...of("lateness p50", (run) => run.p50Ms), target: atMost(TARGET_P50_MS), peers },
		{ ...of("lateness p99", (run) => run.p99Ms), target: atMost(TARGET_P99_MS), peers },
		{ ...of("lateness min", (run) => run.firstMs), take: "min", target: atLeast(0) },
		{ ...of("lateness max", (run) => run.lastMs), take: "max" },
		{
			...of("missing or repeated", (run) => run.missing + run.repeated, ""),
			take: "max",
			target: NONE,
		},
	];
}
