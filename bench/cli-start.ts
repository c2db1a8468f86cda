/**
 * How soon `minoots` starts beside `node -e 0`, both run in turn so that they meet the same machine.
 * Run by hand after a build: `node bench/cli-start.ts 100`. Not measured: requests, for which Node
 * loads its `fetch`, and that alone takes longer.
 */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const PROGRAM = resolve(import.meta.dirname, "../packages/cli/dist/minoots.cjs");
const RUNS_DEFAULT = 60;
/** What is started: nothing loaded, all commands named, a command loaded. */
const CASES = ["--version", "--help", "create --help"] as const;

export type StartCase = (typeof CASES)[number];
/** Milliseconds of each run, in order. */
export type StartTimes = Readonly<Record<StartCase | "node -e 0", number[]>>;

export function measureStarts(program: string, runs: number): StartTimes {
	const times: StartTimes = { "node -e 0": [], "--version": [], "--help": [], "create --help": [] };
	for (const words of CASES) timeOf([program, ...words.split(" ")]); // fills the compile cache
	for (let run = 0; run < runs; run++) {
		times["node -e 0"].push(timeOf(["-e", "0"]));
		for (const words of CASES) times[words].push(timeOf([program, ...words.split(" ")]));
	}
	return times;
}

/** How many times as long as bare Node each case takes, of the medians or of the fastest runs. */
export function ratiosOf(
	{ "node -e 0": bare, ...cases }: StartTimes,
	of: (times: readonly number[]) => number,
): readonly (readonly [words: string, ratio: number])[] {
	return Object.entries(cases).map(([words, times]) => [words, of(times) / of(bare)]);
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
	const times = measureStarts(PROGRAM, Number(process.argv[2] ?? RUNS_DEFAULT));
	const fastest = new Map(ratiosOf(times, (all) => Math.min(...all)));
	for (const [words, ratio] of ratiosOf(times, median)) {
		const least = fastest.get(words)?.toFixed(2);
		console.log(`minoots ${words}: ${ratio.toFixed(2)} × node -e 0 (fastest runs: ${least})`);
	}
}
