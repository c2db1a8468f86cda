/** What a pending timer takes: memory of a freshly started runtime, and disk of a stopped one. */
import { setTimeout as delay } from "node:timers/promises";
import { type NetworkProcess, startNetwork } from "../../test/helpers/network-process.ts";
import type { Context } from "../context.ts";
import { databaseBytes } from "../disk.ts";
import { type Memory, proportionalSetSize } from "../memory.ts";
import { atMost, type Metric } from "../report/metric.ts";
import { median } from "../statistics.ts";
import { firstTenant } from "../tenant.ts";
import { FAR_URL, webhookTimer } from "../timers.ts";

const TARGET_DISK_BYTES = 600;
const TARGET_MEMORY_BYTES = 100;
/** After the ready line, until what a start allocates and frees has calmed down. */
const SETTLE_MS = 2_000;
const BYTES_PER_MB = 1e6;
const DAY_MS = 86_400_000;

type Footprint = {
	/** Undefined where the system does not tell. */
	readonly workerd: Memory | undefined;
	readonly launcher: Memory | undefined;
	readonly readyMs: number;
	readonly diskBytes: number;
};

export async function measureFootprint({ scale, say }: Context): Promise<Metric[]> {
	const { pendingTimers, reps } = scale;
	let network = await startNetwork({ logs: "drop" });
	try {
		const none: Footprint[] = [];
		const many: Footprint[] = [];
		for (const [kind, footprints] of [
			["none", none],
			[pendingTimers, many],
		] as const) {
			say(`footprint: with ${kind} pending`);
			if (kind !== "none") await fill(network, pendingTimers);
			for (let rep = 0; rep < reps; rep++) {
				const taken = await takeFootprint(network);
				network = taken.network;
				footprints.push(taken.footprint);
			}
		}
		// One difference of medians: a single start differs from the next by more than 100 B a timer.
		const perTimer = (pick: (footprint: Footprint) => number) =>
			(median(many.map(pick)) - median(none.map(pick))) / pendingTimers;
		const label = `${pendingTimers.toLocaleString("en")} pending`;
		return [
			{
				name: `disk per timer, ${label}`,
				unit: "B",
				values: [perTimer(({ diskBytes }) => diskBytes)],
				target: atMost(TARGET_DISK_BYTES),
				peers: "BullMQ 400",
			},
			{
				name: `memory per timer in workerd, ${label}`,
				unit: "B",
				values: [perTimer(({ workerd }) => anonymousBytes(workerd))],
				target: atMost(TARGET_MEMORY_BYTES),
				peers: "Restate 1,800",
			},
			{
				// It holds no timers: what differs is how much of its heap a start happens to have collected.
				name: "the same difference in the launcher, which holds none (noise)",
				unit: "B",
				values: [perTimer(({ launcher }) => anonymousBytes(launcher))],
			},
			ofAll(
				"memory of workerd, nothing pending",
				none,
				({ workerd }) => toMegabytes(workerd),
				"MB",
			),
			ofAll(`memory of workerd, ${label}`, many, ({ workerd }) => toMegabytes(workerd), "MB"),
			ofAll("memory of the launcher", none, ({ launcher }) => toMegabytes(launcher), "MB"),
			ofAll(`restart to ready line, ${label}`, many, ({ readyMs }) => readyMs, "ms"),
		];
	} finally {
		await network.stop();
	}
}

/** Timers are in no mapped file. */
function anonymousBytes(memory: Memory | undefined): number {
	return memory?.anonymous ?? Number.NaN;
}

function toMegabytes(memory: Memory | undefined): number {
	return (memory?.total ?? Number.NaN) / BYTES_PER_MB;
}

function ofAll(
	name: string,
	footprints: readonly Footprint[],
	pick: (footprint: Footprint) => number,
	unit: string,
): Metric {
	return { name, unit, values: footprints.map(pick) };
}

/** Due over a day, from tomorrow on. */
async function fill(network: NetworkProcess, count: number): Promise<void> {
	const from = Date.now() + DAY_MS;
	const timers = Array.from({ length: count }, (_, index) =>
		webhookTimer(FAR_URL, { at: from + Math.floor((index * DAY_MS) / count) }),
	);
	await firstTenant(network).createAll(timers);
}

/** Stops the network cleanly, weighs its databases, starts it again and weighs its processes. */
async function takeFootprint(network: NetworkProcess) {
	await network.kill("SIGTERM", "launcher");
	const diskBytes = databaseBytes(network.state);
	const restarted = await network.restart();
	await delay(SETTLE_MS);
	const workerd = proportionalSetSize(restarted.workerd.pid);
	const launcher = proportionalSetSize(restarted.launcher.pid);
	const { afterMs: readyMs } = restarted.ready;
	return { network: restarted, footprint: { workerd, launcher, readyMs, diskBytes } };
}
