/**
 * The benchmark: measures the network on this machine beside two baselines, in one run, and prints
 * what was reached. `npm run bench`; what it does not measure is printed with the figures.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Context, createContext } from "./context.ts";
import { describeMachine, watchOthers } from "./machine.ts";
import { type Options, type PhaseName, parseOptions, USAGE } from "./options.ts";
import { measureBatches } from "./phases/batches.ts";
import { computeCosts } from "./phases/cost.ts";
import { measureCrash } from "./phases/crash.ts";
import { measureCreates } from "./phases/creates.ts";
import { measureDrift } from "./phases/drift.ts";
import { measureFairness } from "./phases/fairness.ts";
import { measureFootprint } from "./phases/footprint.ts";
import { measureMailbox } from "./phases/mailbox.ts";
import { measureMillion } from "./phases/million.ts";
import { measureObservers } from "./phases/observers.ts";
import { measureRecurrence } from "./phases/recurrence.ts";
import { measureRecurring } from "./phases/recurring.ts";
import { measureSteady } from "./phases/steady.ts";
import { measureStorm } from "./phases/storm.ts";
import { measureStreams } from "./phases/streams.ts";
import { measureWide } from "./phases/wide.ts";
import type { Metric } from "./report/metric.ts";
import { type Load, toMarkdown, writeReport } from "./report/write.ts";

const ROOT = join(import.meta.dirname, "..");
const RESULTS = join(import.meta.dirname, "results");
const MS_PER_SECOND = 1_000;

const MEASURES: Record<PhaseName, (context: Context) => Promise<Metric[]> | Metric[]> = {
	creates: measureCreates,
	batches: measureBatches,
	storm: measureStorm,
	steady: measureSteady,
	drift: measureDrift,
	crash: measureCrash,
	footprint: measureFootprint,
	fairness: measureFairness,
	million: measureMillion,
	wide: measureWide,
	mailbox: measureMailbox,
	streams: measureStreams,
	observers: measureObservers,
	recurring: measureRecurring,
	recurrence: measureRecurrence,
	cost: computeCosts,
};

async function run({ phases, scale, out }: Options): Promise<void> {
	const context = await createContext(scale, phases.includes("wide"));
	const metrics: Metric[] = [];
	const loads: Load[] = [];
	try {
		for (const phase of phases) {
			const startedAt = performance.now();
			const others = watchOthers();
			metrics.push(...(await MEASURES[phase](context)));
			const seconds = (performance.now() - startedAt) / MS_PER_SECOND;
			loads.push({ phase, seconds, others: others() });
		}
	} finally {
		await context.stop();
	}
	const report = {
		commit: describeCommit(),
		command: ["npm run bench", ...describeArguments()].join(" "),
		at: new Date().toISOString(),
		machine: describeMachine(),
		versions: describeVersions(),
		judged: scale.judged,
		metrics,
		loads,
	};
	process.stdout.write(toMarkdown(report));
	if (out !== undefined) writeReport(out, report);
}

/** The arguments but `--out`, whose value is somebody's folder. */
function describeArguments(): readonly string[] {
	const words = process.argv.slice(2);
	const at = words.indexOf("--out");
	if (at !== -1) words.splice(at, 2);
	return words.length === 0 ? [] : ["--", ...words];
}

function describeCommit(): string {
	try {
		const git = (...args: string[]) =>
			execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();
		const changed = git("status", "--porcelain", "src", "durable-objects", "runtime") !== "";
		return `${git("rev-parse", "--short", "HEAD")}${changed ? " with changes" : ""}`;
	} catch {
		return "unknown"; // not a clone
	}
}

function describeVersions(): string {
	return ["miniflare", "workerd"]
		.map((name) => {
			const path = join(ROOT, "node_modules", name, "package.json");
			return `${name} ${JSON.parse(readFileSync(path, "utf8")).version}`;
		})
		.join(", ");
}

// Leaving by `exit` ends the networks too; the default way would leave them running.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

const options = parseOptions(process.argv.slice(2), RESULTS);
if (options === "help") process.stdout.write(USAGE);
else await run(options);
