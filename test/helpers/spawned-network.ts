/**
 * One run of the runtime's command line as a child process: its lines, its ready line, its end.
 * `network-process.ts` makes a network of it; tests of failing starts use `runToExit`.
 */

import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** A start takes half a second; this is for a machine that is busy with other things. */
export const START_TIMEOUT_MS = 30_000;
/** Log lines kept for a look at what happened; a storm writes hundreds of thousands. */
const KEPT_LINES = 20_000;

const ROOT = resolve(import.meta.dirname, "../..");
const NODE = join(ROOT, "node_modules", ".bin", "node");
const ENTRIES = {
	runtime: join(ROOT, "runtime", "main.ts"),
	start: join(ROOT, "scripts", "start.mjs"),
} as const;
const READY_LINE = /^Minoots is ready on (\S+) · (\d+) pending, (\d+) overdue$/;

export type SpawnOptions = {
	readonly state?: string;
	readonly port?: number;
	/** Further arguments of the command line. */
	readonly args?: readonly string[];
	/** `start` goes through `scripts/start.mjs`, as `npm start` does. */
	readonly entry?: keyof typeof ENTRIES;
	/** Added to the environment. */
	readonly env?: Readonly<Record<string, string>>;
	/** `drop` throws the Worker's log away unread: reading it costs the reader time in a storm. */
	readonly logs?: "keep" | "drop";
};

export type ReadyLine = {
	readonly url: string;
	readonly pending: number;
	readonly overdue: number;
	/** When the line was read, epoch ms. */
	readonly at: number;
};

/** What a process that has ended leaves. */
export type Exit = {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: readonly string[];
	readonly stderr: readonly string[];
};

export type SpawnedNetwork = {
	readonly child: ChildProcess;
	/** Lines so far; they go on growing, and only the newest 20,000 or more are kept. */
	readonly stdout: readonly string[];
	readonly stderr: readonly string[];
	/** Never settles when the process ends before it is ready: race it with `exited`. */
	readonly ready: Promise<ReadyLine>;
	readonly exited: Promise<Exit>;
};

const alive = new Set<ChildProcess>();
process.once("exit", () => {
	for (const child of alive) child.kill("SIGKILL");
});

/** Starts the command line. The process is killed at the latest when this one exits. */
export function spawnNetwork(options: SpawnOptions): SpawnedNetwork {
	const { state, port, args = [], entry = "runtime", logs = "keep", env = {} } = options;
	const words = [ENTRIES[entry]];
	if (state !== undefined) words.push("--state", state);
	if (port !== undefined) words.push("--port", String(port));
	const child = spawn(NODE, [...words, ...args], {
		cwd: ROOT,
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", logs === "keep" ? "pipe" : "ignore"],
	});
	alive.add(child);
	const stdout: string[] = [];
	const stderr: string[] = [];
	const ready = Promise.withResolvers<ReadyLine>();
	collectLines(child.stdout, stdout, (line) => {
		const [, url, pending, overdue] = READY_LINE.exec(line) ?? [];
		if (url === undefined) return;
		ready.resolve({ url, pending: Number(pending), overdue: Number(overdue), at: Date.now() });
	});
	collectLines(child.stderr, stderr);
	const exited = once(child, "close").then(([code, signal]): Exit => {
		alive.delete(child);
		return { code, signal, stdout, stderr };
	});
	return { child, stdout, stderr, ready: ready.promise, exited };
}

/** Runs the command line to its end, for starts that are meant to fail. */
export async function runToExit(options: SpawnOptions): Promise<Exit> {
	const { child, exited } = spawnNetwork(options);
	const timeout = setTimeout(() => child.kill("SIGKILL"), START_TIMEOUT_MS);
	const exit = await exited;
	clearTimeout(timeout);
	return exit;
}

const PORTS_FROM = 20_000;
const PORTS_UNTIL = 32_000;

/**
 * A port that nobody listens on, from below the range that the kernel takes for outgoing connections
 * (32768 and up on Linux): one from within it may be gone by the time a network restarts on it.
 */
export async function findFreePort(): Promise<number> {
	for (;;) {
		const port = randomInt(PORTS_FROM, PORTS_UNTIL);
		const server = createServer();
		const isFree = await new Promise<boolean>((resolve) => {
			server.once("error", () => resolve(false));
			server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
		});
		if (isFree) return port;
	}
}

function collectLines(stream: Readable | null, into: string[], onLine?: (line: string) => void) {
	if (stream === null) return;
	createInterface({ input: stream }).on("line", (line) => {
		into.push(line);
		if (into.length > 2 * KEPT_LINES) into.splice(0, KEPT_LINES);
		onLine?.(line);
	});
}
