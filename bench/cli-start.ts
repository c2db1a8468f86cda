/**
 * How soon `minoots` starts beside `node -e 0`: pairs of runs, one of each kind after the other, so
 * that both meet the same machine; the median of their ratios. Run by hand after a build:
 * `node bench/cli-start.ts 100`. Not measured: requests, whose TLS and `fetch` cost more than this.
 */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const PROGRAM = resolve(import.meta.dirname, "../packages/cli/dist/minoots.mjs");
const RUNS_DEFAULT = 60;
/** What is started: nothing loaded, all commands named, a command loaded. */
const CASES = ["--version", "--help", "create --help"] as const;

export type StartCase = (typeof CASES)[number];

/** Per case, how much longer each run took than the bare one before it. */
export function startRatios(program: string, runs: number): Record<StartCase, number[]> {
	const ratios: Record<StartCase, number[]> = {
		"--version": [],
		"--help": [],
		"create --help": [],
	};
	for (const words of CASES) timeOf([program, ...words.split(" ")]); // fills the compile cache
	for (let run = 0; run < runs; run++) {
		for (const words of CASES) {
			const bare = timeOf(["-e", "0"]);
			ratios[words].push(timeOf([program, ...words.split(" ")]) / bare);
		}
	}
	return ratios;
}

export function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Milliseconds from the start of a process to its end. */
function timeOf(words: readonly string[]): number {
	const startedAt = performance.now();
	const { status } = spawnSync(process.execPath, words, { stdio: "ignore" });
	if (status !== 0) throw new Error(`node ${words.join(" ")} failed`);
	return performance.now() - startedAt;
}

if (import.meta.main) {
	const runs = Number(process.argv[2] ?? RUNS_DEFAULT);
	for (const [words, ratios] of Object.entries(startRatios(PROGRAM, runs))) {
		console.log(`minoots ${words}: ${median(ratios).toFixed(2)} × node -e 0 (${runs} pairs)`);
	}
}
