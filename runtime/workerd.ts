/**
 * Runs the Worker in workerd, through Miniflare. It owns the workerd process: tells its pid, tells
 * when it has ended, and never lets Miniflare start another one behind the launcher's back. It knows
 * nothing of timers.
 */
import { ChildProcess } from "node:child_process";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Miniflare } from "miniflare";
import { SECOND } from "../src/core/units.ts";
import { isJsonObject } from "./files.ts";
import { guardProcess } from "./guardian.ts";
import { toMiniflareOptions, type WorkerSetup } from "./worker-setup.ts";

/** On SIGTERM workerd answers what is in flight; a stop as a whole should take about 2 s. */
const DRAIN_MS = 1.2 * SECOND;
/** Node's own channel that announces every child process. */
const CHILD_CHANNEL = "child_process";
/** Miniflare leaves at once on these; the launcher has its own, cleaner way. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** An exit code, or the signal that ended the process. */
export type Ending = number | NodeJS.Signals;

export type Workerd = {
	readonly pid: number;
	readonly ended: Promise<Ending>;
	/** Lets it finish what is in flight, for a little while, and ends it. */
	stop(): Promise<void>;
};

/** Starts workerd and resolves when its sockets listen. Rejects with what Miniflare has to say. */
export async function startWorkerd(setup: WorkerSetup): Promise<Workerd> {
	const child = Promise.withResolvers<ChildProcess>();
	const ended = Promise.withResolvers<Ending>();
	let miniflare: Miniflare | undefined;
	let disposed: Promise<void> | undefined;
	const dispose = () => {
		disposed ??= miniflare?.dispose();
		return disposed;
	};

	const adopt = (workerd: ChildProcess, pid: number) => {
		const release = guardProcess(pid);
		workerd.once("exit", (code, signal) => {
			release();
			// In this very event: a moment later Miniflare would have started a new one.
			void dispose();
			ended.resolve(signal ?? code ?? 0);
		});
		child.resolve(workerd);
	};
	const onChild = (message: unknown) => {
		const started = isJsonObject(message) ? message["process"] : undefined;
		if (!(started instanceof ChildProcess)) return;
		started.once("spawn", () => {
			if (started.pid === undefined || !basename(started.spawnfile).startsWith("workerd")) return;
			unsubscribe(CHILD_CHANNEL, onChild);
			adopt(started, started.pid);
		});
	};
	subscribe(CHILD_CHANNEL, onChild);

	const before = STOP_SIGNALS.map((signal) => process.listeners(signal));
	miniflare = new Miniflare(toMiniflareOptions(setup));
	for (const [index, signal] of STOP_SIGNALS.entries()) {
		for (const listener of process.listeners(signal)) {
			if (!before[index]?.includes(listener)) process.removeListener(signal, listener);
		}
	}
	await miniflare.ready;

	const workerd = await child.promise;
	return {
		pid: workerd.pid ?? 0,
		ended: ended.promise,
		async stop() {
			workerd.kill("SIGTERM");
			await Promise.race([ended.promise, delay(DRAIN_MS, undefined, { ref: false })]);
			await dispose();
			await ended.promise;
		},
	};
}
