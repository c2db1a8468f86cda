/** kill -9 of launcher and workerd in the middle of a storm, and what the next start makes of it. */
import { setTimeout as delay } from "node:timers/promises";
import { type NetworkProcess, startNetwork } from "../../test/helpers/network-process.ts";
import { type Judgement, judge } from "../arrivals.ts";
import type { Context } from "../context.ts";
import type { Arrivals } from "../receiver/messages.ts";
import { atMost, type Metric, NONE } from "../report/metric.ts";
import { firstTenant } from "../tenant.ts";
import { webhookTimer } from "../timers.ts";

/** Killed when this share of the storm has come; one repetition each. */
const KILL_POINTS = [0.1, 0.4, 0.8] as const;
const LEAD_MS = 2_500;
const TIMEOUT_MS = 60_000;
const TAIL_MS = 1_500;
const TARGET_FIRST_MS = 200;
/** All n overdue ones within a second and n/4,000 s of the ready line. */
const TARGET_LAST_MS = 1_000;
const TARGET_PER_MS = 4;

type Crash = {
	readonly judgement: Judgement;
	/** Received in the last second before the kill, in which no report may have been made. */
	readonly unreported: number;
	readonly readyMs: number;
	readonly overdue: number;
	/** From the ready line; the first may come before it. */
	readonly firstMs: number;
	readonly lastMs: number;
};

const REPORT_INTERVAL_MS = 1_000;

export async function measureCrash(context: Context): Promise<Metric[]> {
	let network = await startNetwork({ logs: "drop" });
	const crashes: Crash[] = [];
	try {
		for (const share of KILL_POINTS.slice(0, context.scale.reps)) {
			context.say(`crash: at ${share * 100} %`);
			const after = await crash(context, network, share);
			network = after.network;
			crashes.push(after.crash);
		}
	} finally {
		await network.stop();
	}
	const of = (name: string, pick: (crash: Crash) => number, unit = ""): Metric => ({
		name: `kill -9 mid-storm: ${name}`,
		unit,
		values: crashes.map(pick),
	});
	return [
		{
			...of("missing", ({ judgement }) => judgement.missing),
			take: "max",
			target: NONE,
			peers: "pg-boss 0 missing, 0 repeated, all out 1.1 s after the kill",
		},
		{
			...of("repeated", ({ judgement }) => judgement.repeated),
			take: "max",
			target: { text: "≤ in flight", met: () => crashes.every(repeatsOnlyInFlight) },
		},
		{ ...of("received in the second before it", ({ unreported }) => unreported), take: "max" },
		{ ...of("changed ids", ({ judgement }) => judgement.changedIds), take: "max", target: NONE },
		of("start to ready line", ({ readyMs }) => readyMs, "ms"),
		of("overdue at the ready line", ({ overdue }) => overdue),
		{
			...of("ready line to first", ({ firstMs }) => firstMs, "ms"),
			take: "max",
			target: atMost(TARGET_FIRST_MS),
		},
		{
			...of("ready line to last", ({ lastMs }) => lastMs, "ms"),
			take: "max",
			target: { text: "≤ 1 s + n/4,000 s", met: () => crashes.every(drainedInTime) },
		},
	];
}

function repeatsOnlyInFlight({ judgement, unreported }: Crash): boolean {
	return judgement.repeated <= unreported;
}

function drainedInTime({ lastMs, overdue }: Crash): boolean {
	return lastMs <= TARGET_LAST_MS + overdue / TARGET_PER_MS;
}

async function crash({ receiver, scale }: Context, network: NetworkProcess, share: number) {
	const count = scale.stormTimers;
	const run = receiver.startRun();
	const dueAt = Date.now() + LEAD_MS;
	await firstTenant(network).createAll(
		Array.from({ length: count }, (_, index) => webhookTimer(run.url(index), { at: dueAt })),
	);
	if (!(await run.reached(Math.ceil(count * share), TIMEOUT_MS))) {
		throw new Error("The storm did not get as far as its kill point");
	}
	const killedAt = Date.now();
	await network.kill("SIGKILL", "both");
	const before = await run.collect();
	const restarted = await network.restart();
	await run.reached(count, TIMEOUT_MS);
	await delay(TAIL_MS);
	const after = await run.collect();
	const sinceReady = (at: number) => at - restarted.ready.at;
	const crash: Crash = {
		judgement: judge(after, count, () => dueAt),
		unreported: before.at.filter((at) => at > killedAt - REPORT_INTERVAL_MS).length,
		readyMs: restarted.ready.afterMs,
		overdue: restarted.ready.overdue,
		firstMs: sinceReady(after.at[before.at.length] ?? Number.NaN),
		lastMs: sinceReady(lastFirstArrival(after)),
	};
	return { network: restarted, crash };
}

/** When the last timer came for the first time. */
function lastFirstArrival({ index, at }: Arrivals): number {
	const seen = new Set<number>();
	let last = Number.NaN;
	index.forEach((timer, position) => {
		if (!seen.has(timer)) last = at[position] ?? Number.NaN;
		seen.add(timer);
	});
	return last;
}
