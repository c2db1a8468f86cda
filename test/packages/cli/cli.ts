/**
 * The built `minoots` as a person or a script runs it: a process with an environment of its own, in
 * a pipe or under a pseudo-terminal. Nothing of this machine's configuration shines through.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";

export const ROOT = resolve(import.meta.dirname, "../../..");
export const PROGRAM = join(ROOT, "packages/cli/dist/minoots.cjs");
/** A program that is still there then hangs. */
const TIMEOUT_MS = 30_000;

export type Env = Readonly<Record<string, string>>;

export type Run = {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
};

export type Options = {
	readonly env?: Env;
	/** Of stdin; nothing and its end unless given. */
	readonly input?: string;
	readonly cwd?: string;
};

/** Builds the package; once a file of tests is enough. */
export async function buildCli(): Promise<void> {
	const child = spawn(process.execPath, [join(ROOT, "scripts/build-packages.ts"), "cli"], {
		stdio: ["ignore", "inherit", "inherit"],
	});
	const [code] = await once(child, "close");
	if (code !== 0) throw new Error("the build of cli failed");
}

/** A folder without a network in it or above it, removed when the test has ended. */
export async function createFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "minoots-cli-"));
	onTestFinished(() => rm(folder, { recursive: true, force: true }));
	return folder;
}

/** Runs `minoots` to its end. */
export async function minoots(words: readonly string[], options: Options = {}): Promise<Run> {
	const started = start(words, options);
	started.child.stdin?.end(options.input ?? "");
	return started.ended;
}

/** The same, with both outputs and stdin a terminal. `stdout` is all that it shows. */
export async function inTerminal(words: readonly string[], options: Options = {}): Promise<Run> {
	const started = startInTerminal(words, options);
	return started.ended;
}

export type Started = {
	readonly child: ChildProcess;
	readonly ended: Promise<Run>;
	/** Resolves when what was printed holds `text`; rejects when it ends before. */
	readonly shows: (text: string | RegExp) => Promise<void>;
};

export function start(words: readonly string[], options: Options = {}): Started {
	return watch(
		spawn(process.execPath, [PROGRAM, ...words], {
			cwd: options.cwd ?? tmpdir(),
			env: environment(options.env),
			stdio: ["pipe", "pipe", "pipe"],
		}),
	);
}

/** `script` of util-linux makes the terminal. */
export function startInTerminal(words: readonly string[], options: Options = {}): Started {
	// Else it would be as large as our stdin, which is no terminal: without a column.
	const command = `stty rows 40 cols 120; ${[process.execPath, PROGRAM, ...words].map(quoted).join(" ")}`;
	const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
		cwd: options.cwd ?? tmpdir(),
		env: { ...environment(options.env), SHELL: "/bin/sh" },
		stdio: ["pipe", "pipe", "pipe"],
	});
	if (options.input !== undefined) child.stdin?.write(options.input);
	return watch(child);
}

function watch(child: ChildProcess): Started {
	const output = { stdout: "", stderr: "" };
	const timeout = setTimeout(() => child.kill("SIGKILL"), TIMEOUT_MS);
	for (const name of ["stdout", "stderr"] as const) {
		child[name]?.setEncoding("utf8").on("data", (chunk: string) => {
			output[name] += chunk;
		});
	}
	child.stdin?.on("error", () => {}); // it has ended without reading on
	const ended = once(child, "close").then(([code]) => {
		clearTimeout(timeout);
		return { code: code as number | null, ...output };
	});
	const all = () => output.stdout + output.stderr;
	const shows = (text: string | RegExp) =>
		new Promise<void>((found, failed) => {
			const look = () => {
				if (typeof text === "string" ? all().includes(text) : text.test(all())) found();
			};
			child.stdout?.on("data", look);
			child.stderr?.on("data", look);
			look();
			void ended.then(() => failed(new Error(`it ended without printing ${text}:\n${all()}`)));
		});
	return { child, ended, shows };
}

/** Only what every shell has, and what the test says. */
function environment(env: Env = {}): Record<string, string> {
	const { PATH = "", LANG = "C.UTF-8" } = process.env;
	return { PATH, LANG, TERM: "xterm-256color", HOME: "/nonexistent", TZ: "UTC", ...env };
}

function quoted(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}
