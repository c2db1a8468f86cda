/** A storm: 10,000 timers due at one instant, beside a Worker that only sends as many requests. */
import { setTimeout as delay } from "node:timers/promises";
import { type Judgement, judge } from "../arrivals.ts";
import type { Context } from "../context.ts";
import { Connection } from "../load/connection.ts";
import { encodeRequest } from "../load/request.ts";
import { unexpected } from "../load/unexpected.ts";
import type { Run } from "../receiver/receiver.ts";
import { atMost, type Metric, NONE } from "../report/metric.ts";
import { BATCH_TIMERS, type Tenant } from "../tenant.ts";
import { type Variant, WEBHOOK_BODY, webhookTimer } from "../timers.ts";

const TARGET_DRAIN_MS = 2_500;
const TARGET_FIRST_MS = 20;
/** Between the first create call and the due time; a batch of 10,000 takes 0.2 s. */
const LEAD_MS = 2_500;
const DRAIN_TIMEOUT_MS = 60_000;
/** After the last arrival: outcomes are reported once a second, and a repeat would follow them. */
const TAIL_MS = 1_500;
/** What the baseline keeps in flight; the local sender has the same bound. */
const SENDS_IN_FLIGHT = 64;

export async function measureStorm(context: Context): Promise<Metric[]> {
	const { scale, baseline, tenant, receiver, say } = context;
	const bare = await baseline();
	const subject = await tenant();
	const sends: number[] = [];
	const full: Judgement[] = [];
	const fast: Judgement[] = [];
	for (let rep = 0; rep < scale.reps; rep++) {
		say(`storm: repetition ${rep + 1}`);
		sends.push(await timeSends(bare.origin, receiver.startRun(), scale.stormTimers));
		full.push(await runStorm(context, subject));
		fast.push(await runStorm(context, subject, { fidelity: "fast" }));
	}
	return [
		{ name: "baseline: Worker that only sends, time for all", unit: "ms", values: sends },
		...describeStorm(full, "full", true),
		...describeStorm(fast, "fast"),
	];
}

/** Creates a storm, lets it break loose and drain, and judges it. */
export async function runStorm(
	{ receiver, scale }: Pick<Context, "receiver" | "scale">,
	tenant: Tenant,
	variant: Variant = {},
	batchTimers = BATCH_TIMERS,
): Promise<Judgement> {
	const run = receiver.startRun();
	const dueAt = Date.now() + LEAD_MS;
	const timers = Array.from({ length: scale.stormTimers }, (_, index) =>
		webhookTimer(run.url(index), { at: dueAt }, variant),
	);
	await tenant.createAll(timers, batchTimers);
	if (Date.now() >= dueAt) throw new Error("The storm was due before all its timers were made");
	await run.reached(scale.stormTimers, dueAt - Date.now() + DRAIN_TIMEOUT_MS);
	await delay(TAIL_MS);
	return judge(await run.collect(), scale.stormTimers, () => dueAt);
}

/** The rows of the table for one variant; the default one has targets and says more. */
export function describeStorm(
	storms: readonly Judgement[],
	variant: string,
	isDefault = false,
): Metric[] {
	const of = (name: string, pick: (storm: Judgement) => number, unit = "ms"): Metric => ({
		name: `storm: ${name}`,
		...(isDefault ? {} : { variant }),
		unit,
		values: storms.map(pick),
	});
	const drained = of("time to drain", (storm) => storm.lastMs);
	const first = of("first", (storm) => storm.firstMs);
	const worst = { take: "max", target: NONE } as const;
	return [
		isDefault
			? {
					...drained,
					target: atMost(TARGET_DRAIN_MS),
					peers: "pg-boss, 8 loops 1,600 · BullMQ 2,000 · Restate 7,500",
				}
			: drained,
		isDefault ? { ...first, target: atMost(TARGET_FIRST_MS) } : first,
		of("lateness p50", (storm) => storm.p50Ms),
		of("lateness p99", (storm) => storm.p99Ms),
		{ ...of("missing", (storm) => storm.missing, ""), ...worst },
		{ ...of("repeated", (storm) => storm.repeated, ""), ...worst },
		{ ...of("early", (storm) => storm.lateness.filter((ms) => ms < 0).length, ""), ...worst },
	];
}

async function timeSends(origin: string, run: Run, count: number): Promise<number> {
	const connection = new Connection(origin);
	const job = { url: run.prefix, count, inFlight: SENDS_IN_FLIGHT, body: WEBHOOK_BODY };
	const startedAt = performance.now();
	const answer = await connection.request(
		encodeRequest({ method: "POST", path: "/send", body: JSON.stringify(job) }),
	);
	const took = performance.now() - startedAt;
	connection.close();
	if (answer.status !== 201) throw unexpected(answer.status, answer.body);
	if (!(await run.reached(count, TAIL_MS))) throw new Error("The baseline's requests got lost");
	return took;
}
