/**
 * A user's project: a folder of its own in which `@minoots/timer-system` is installed as built, and
 * programs that run there as processes. Every one ends within the time given, or the test fails.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";

export const ROOT = resolve(import.meta.dirname, "../../..");
const PACKAGE = join(ROOT, "packages/timer-system");
const PROGRAMS = join(ROOT, "test/fixtures/founding-module/programs");
/** A program that is still there then hangs. */
const TIMEOUT_MS = 20_000;

export type Run = {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly stdout: string;
	readonly stderr: string;
	readonly tookMs: number;
};

export type Project = AsyncDisposable & {
	readonly folder: string;
	/** Runs a program of the fixtures. */
	readonly run: (name: string, env?: Env) => Promise<Run>;
	/** Runs `code`; CommonJS unless `extension` says otherwise. */
	readonly runCode: (code: string, env?: Env, extension?: "cjs" | "mjs") => Promise<Run>;
};

export type Env = Readonly<Record<string, string>>;

/** Builds the package; once a file of tests is enough. */
export async function buildPackage(): Promise<void> {
	const child = spawn(process.execPath, [join(ROOT, "scripts/build-packages.ts"), "timer-system"], {
		stdio: ["ignore", "inherit", "inherit"],
	});
	const [code] = await once(child, "close");
	if (code !== 0) throw new Error("the build of timer-system failed");
}

/** `env` is all that the programs see of Minoots: nothing of ours shines through. */
export async function createProject(env: Env = {}): Promise<Project> {
	const folder = await mkdtemp(join(tmpdir(), "minoots-project-"));
	await mkdir(join(folder, "node_modules/@minoots"), { recursive: true });
	await symlink(PACKAGE, join(folder, "node_modules/@minoots/timer-system"));
	await cp(PROGRAMS, folder, { recursive: true });
	const rest = Object.entries(process.env).filter(([name]) => !name.startsWith("MINOOTS"));

	async function runFile(file: string, more: Env): Promise<Run> {
		const startedAt = performance.now();
		const child = spawn(process.execPath, [file], {
			cwd: folder,
			env: { ...Object.fromEntries(rest), ...env, ...more },
			stdio: ["ignore", "pipe", "pipe"],
			timeout: TIMEOUT_MS,
			killSignal: "SIGKILL",
		});
		const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
		const [code, signal] = await once(child, "close");
		const [stdout, stderr] = await outputs;
		return { code, signal, stdout, stderr, tookMs: performance.now() - startedAt };
	}

	let written = 0;
	return {
		folder,
		run: (name, more = {}) => runFile(`${name}.cjs`, more),
		async runCode(code, more = {}, extension = "cjs") {
			const file = `program-${++written}.${extension}`;
			await writeFile(join(folder, file), code);
			return runFile(file, more);
		},
		[Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
	};
}
