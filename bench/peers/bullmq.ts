/**
 * The same work through BullMQ on a Redis that syncs every write, where this machine has one:
 * `redis-server` on the PATH (Debian's package of that name). Without it the rows are absent.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Queue, Worker } from "bullmq";
import type { Context } from "../context.ts";
import type { Metric } from "../report/metric.ts";

const PORT = 46_379;
/** Jobs are added in batches of this size; adding is not measured. */
const ADD_BATCH = 1_000;
const CONNECT_EVERY_MS = 50;
const CONNECT_TRIES = 100;

/** @param widths jobs that are worked on at once: what a batch is to a mailbox */
export async function measureBullMq(
	{ scale, say }: Context,
	widths: readonly number[],
): Promise<Metric[]> {
	if (spawnSync("redis-server", ["--version"]).error !== undefined) {
		say("mailbox: no redis-server on this machine, so BullMQ is not measured");
		return [];
	}
	const redis = await startRedis();
	try {
		const metrics: Metric[] = [];
		for (const width of widths) {
			const values: number[] = [];
			for (let rep = 0; rep < scale.reps; rep++) {
				say(`mailbox: BullMQ, concurrency ${width}, repetition ${rep + 1}`);
				values.push(await runJobs(`w${width}-${rep}`, scale.stormTimers / 2, width));
			}
			metrics.push({
				name: "baseline: BullMQ, jobs taken and completed, fsync always",
				variant: `concurrency ${width}`,
				unit: "/s",
				values,
			});
		}
		return metrics;
	} finally {
		await redis.stop();
	}
}

async function runJobs(name: string, count: number, concurrency: number): Promise<number> {
	const connection = { host: "127.0.0.1", port: PORT };
	const queue = new Queue(name, { connection });
	for (let from = 0; from < count; from += ADD_BATCH) {
		const jobs = Array.from({ length: Math.min(ADD_BATCH, count - from) }, (_, index) => ({
			name: "job",
			data: { index: from + index },
			opts: { removeOnComplete: true },
		}));
		await queue.addBulk(jobs);
	}
	const done = Promise.withResolvers<void>();
	let left = count;
	const startedAt = performance.now();
	const worker = new Worker(name, async () => undefined, { connection, concurrency });
	worker.on("completed", () => {
		left -= 1;
		if (left === 0) done.resolve();
	});
	await done.promise;
	const perSecond = (count / (performance.now() - startedAt)) * 1_000;
	await worker.close();
	await queue.close();
	return perSecond;
}

async function startRedis(): Promise<{ stop(): Promise<void> }> {
	const folder = mkdtempSync(join(tmpdir(), "minoots-bench-redis-"));
	const words = ["--port", String(PORT), "--bind", "127.0.0.1", "--dir", folder];
	const durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
	const server = spawn("redis-server", [...words, ...durable], { stdio: "ignore" });
	await connected(server);
	return {
		async stop() {
			const ended = new Promise((resolve) => server.once("exit", resolve));
			server.kill("SIGTERM");
			await ended;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function connected(server: ChildProcess): Promise<void> {
	for (let tried = 0; tried < CONNECT_TRIES; tried++) {
		const isOpen = await new Promise<boolean>((resolve) => {
			const socket = createConnection({ host: "127.0.0.1", port: PORT });
			socket.once("connect", () => resolve(true));
			socket.once("error", () => resolve(false));
			socket.once("connect", () => socket.destroy());
		});
		if (isOpen) return;
		await new Promise((resolve) => setTimeout(resolve, CONNECT_EVERY_MS));
	}
	server.kill("SIGKILL");
	throw new Error("redis-server did not start");
}
