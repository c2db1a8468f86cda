/**
 * Who waits for whom: an urgent timer behind 10,000 low ones whose receivers are slow, and one
 * tenant's timer beside another tenant's storm to slow receivers.
 */
import { setTimeout as delay } from "node:timers/promises";
import { startNetwork } from "../../test/helpers/network-process.ts";
import { judge } from "../arrivals.ts";
import type { Context } from "../context.ts";
import { atMost, type Metric } from "../report/metric.ts";
import { createTenant, firstTenant, type Tenant } from "../tenant.ts";
import { type Variant, webhookTimer } from "../timers.ts";

/** A receiver that slow is within the default timeout, so nothing is retried. */
const HOLD_MS = 2_000;
const LEAD_MS = 2_500;
/** The storm has had time to take every place there is. */
const BUILD_UP_MS = 1_500;
const PROBES = 10;
const PROBE_APART_MS = 300;
/** From the create call to the due time of a probe. */
const PROBE_LEAD_MS = 100;
const TIMEOUT_MS = 15_000;
const TARGET_URGENT_MS = 250;
const TARGET_NEIGHBOUR_MS = 1_000;

const LOW: Variant = { priority: 9 };
const HIGH: Variant = { priority: 1 };

export async function measureFairness(context: Context): Promise<Metric[]> {
	const { scale, say } = context;
	say("fairness: a high one behind low ones");
	const urgent = await probe(context, LOW, HIGH, "same");
	say("fairness: one tenant beside another's storm");
	const neighbour = await probe(context, {}, {}, "other");
	const n = scale.stormTimers.toLocaleString("en");
	const slow = `receivers of ${HOLD_MS / 1_000} s`;
	return [
		{
			name: `sent after its due time: high, ${n} low queued behind ${slow}`,
			unit: "ms",
			values: urgent,
			take: "max",
			target: atMost(TARGET_URGENT_MS),
		},
		{
			name: `lateness: single timer, another tenant's ${n} to ${slow}`,
			unit: "ms",
			values: neighbour,
			take: "max",
			target: atMost(TARGET_NEIGHBOUR_MS),
		},
	];
}

/** Lateness of single timers made one after another while a storm of `storm` timers is stuck. */
async function probe(
	{ receiver, scale }: Context,
	storm: Variant,
	single: Variant,
	tenant: "same" | "other",
): Promise<readonly number[]> {
	const network = await startNetwork({ logs: "drop" });
	try {
		const first = firstTenant(network);
		const prober = tenant === "same" ? first : await createTenant(network, "neighbour");
		const slow = receiver.startRun();
		const dueAt = Date.now() + LEAD_MS;
		await first.createAll(
			Array.from({ length: scale.stormTimers }, (_, index) =>
				webhookTimer(slow.url(index, HOLD_MS), { at: dueAt }, storm),
			),
		);
		await delay(dueAt - Date.now() + BUILD_UP_MS);
		const lateness = await sendProbes(receiver.startRun(), prober, single);
		if ((await slow.collect()).at.length > scale.stormTimers / 2) {
			throw new Error("The storm was over too soon to be in anybody's way");
		}
		return lateness;
	} finally {
		// The storm would go on for minutes; nobody waits for it.
		await network.kill("SIGKILL", "both");
		await network.stop();
	}
}

async function sendProbes(
	run: ReturnType<Context["receiver"]["startRun"]>,
	tenant: Tenant,
	variant: Variant,
): Promise<readonly number[]> {
	const due: number[] = [];
	for (let index = 0; index < PROBES; index++) {
		const at = Date.now() + PROBE_LEAD_MS;
		due.push(at);
		await tenant.createAll([webhookTimer(run.url(index), { at }, variant)]);
		await delay(PROBE_APART_MS);
	}
	await run.reached(PROBES, TIMEOUT_MS);
	const { lateness, missing } = judge(await run.collect(), PROBES, (index) => due[index] ?? 0);
	return [...lateness, ...Array.from({ length: missing }, () => Number.POSITIVE_INFINITY)];
}
