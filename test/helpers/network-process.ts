/**
 * Drives real networks as child processes, for end-to-end tests and the benchmark: starts one, waits
 * until it is ready, kills parts of it, starts it again on the same folder, and leaves nothing
 * behind. It knows only what a person could: the output and the files of the state folder.
 */
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type DevAccess, getDevAccess } from "../../runtime/dev-tenant.ts";
import { isErrno, readJsonFile } from "../../runtime/files.ts";
import {
	isRunning,
	type ProcessIdentity,
	toProcessIdentity,
} from "../../runtime/process-identity.ts";
import {
	type Exit,
	findFreePort,
	type ReadyLine,
	type SpawnOptions,
	START_TIMEOUT_MS,
	spawnNetwork,
} from "./spawned-network.ts";

/** A clean stop takes at most 2 s; after this the processes are killed. */
const STOP_TIMEOUT_MS = 10_000;
const POLL_MS = 5;

/** Whom a signal is for. */
export type Who = "launcher" | "workerd" | "both";

export type NetworkProcess = AsyncDisposable & {
	readonly url: string;
	readonly port: number;
	readonly state: string;
	readonly dev: DevAccess;
	/** `afterMs` counts from the start of the process. */
	readonly ready: ReadyLine & { readonly afterMs: number };
	/** The spawned process: the launcher, or `start.mjs` above it. */
	readonly pid: number;
	readonly launcher: ProcessIdentity;
	readonly workerd: ProcessIdentity;
	/** Lines so far; they go on growing. stderr is the Worker's log, its newest lines. */
	readonly stdout: readonly string[];
	readonly stderr: readonly string[];
	/** Resolves when the spawned process has ended. */
	readonly exited: Promise<Exit>;
	/** Sends a signal that ends them; resolves when launcher and workerd are both gone. */
	kill(signal: NodeJS.Signals, who: Who): Promise<Exit>;
	/** Waits until this one is gone and starts again, on its folder and port. Use the answer then. */
	restart(changed?: SpawnOptions): Promise<NetworkProcess>;
	/** Stops it if it runs, as Ctrl-C would, and removes its temporary folder. */
	stop(): Promise<Exit>;
};

const temporaryFolders = new Set<string>();
process.once("exit", () => {
	for (const folder of temporaryFolders) rmSync(folder, { recursive: true, force: true });
});

/**
 * Starts a network and resolves when it says that it is ready; rejects with its output if it ends
 * before. Without `state` it gets a temporary folder, without `port` one that is free.
 */
export async function startNetwork(options: SpawnOptions = {}): Promise<NetworkProcess> {
	const state = options.state ?? (await createStateFolder());
	const port = options.port ?? (await findFreePort());
	const startedAt = performance.now();
	const run = spawnNetwork({ ...options, state, port });
	const timeout = setTimeout(() => run.child.kill("SIGKILL"), START_TIMEOUT_MS);
	const outcome = await Promise.race([run.ready, run.exited]);
	clearTimeout(timeout);
	if ("stderr" in outcome) {
		const output = [...outcome.stdout, ...outcome.stderr].join("\n");
		throw new Error(`The network did not start (exit code ${outcome.code}):\n${output}`);
	}
	const ready = { ...outcome, afterMs: performance.now() - startedAt };
	const { dev, launcher, workerd } = readState(state);

	const gone = async () => {
		while (isRunning(launcher) || isRunning(workerd)) await delay(POLL_MS);
		return run.exited;
	};
	const kill = (signal: NodeJS.Signals, who: Who) => {
		if (who !== "launcher") sendSignal(workerd, signal);
		if (who !== "workerd") sendSignal(launcher, signal);
		return gone();
	};
	const stop = async () => {
		run.child.kill("SIGTERM");
		const force = setTimeout(() => void kill("SIGKILL", "both"), STOP_TIMEOUT_MS);
		const exit = await gone();
		clearTimeout(force);
		if (temporaryFolders.delete(state)) await rm(state, { recursive: true, force: true });
		return exit;
	};
	const restart = async (changed: SpawnOptions = {}) => {
		await gone();
		return startNetwork({ ...options, state, port, ...changed });
	};
	const { stdout, stderr, exited } = run;
	const pid = run.child.pid ?? launcher.pid;
	const processes = { pid, launcher, workerd, stdout, stderr, exited };
	const dispose = async () => void (await stop());
	const control = { kill, restart, stop, [Symbol.asyncDispose]: dispose };
	return { url: ready.url, port, state, dev, ready, ...processes, ...control };
}

/** A temporary state folder, removed by the `stop` of a network that used it, or when we exit. */
export async function createStateFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "minoots-"));
	temporaryFolders.add(folder);
	return folder;
}

function readState(state: string) {
	const record = readJsonFile(join(state, "runtime.json"));
	const launcher = toProcessIdentity(record?.["launcher"]);
	const workerd = toProcessIdentity(record?.["workerd"]);
	const dev = getDevAccess(state);
	if (launcher === undefined || workerd === undefined || dev === undefined) {
		throw new Error(`${state} lacks runtime.json or dev.json though the network is ready`);
	}
	return { dev, launcher, workerd };
}

function sendSignal({ pid }: ProcessIdentity, signal: NodeJS.Signals): void {
	try {
		process.kill(pid, signal);
	} catch (error) {
		if (!isErrno(error) || error.code !== "ESRCH") throw error; // it has ended already
	}
}
