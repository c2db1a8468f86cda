/** Writes a run to results.jsonl and results.md: figures, and what is needed to run it again. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_VARIANT, isReached, resultOf, toTable } from "./markdown.ts";
import type { Metric } from "./metric.ts";

export type Load = {
	readonly phase: string;
	readonly seconds: number;
	/** Share of the machine that was taken by something else. */
	readonly others: number;
};

export type RunReport = {
	readonly commit: string;
	readonly command: string;
	readonly at: string;
	readonly machine: string;
	readonly versions: string;
	readonly judged: boolean;
	readonly metrics: readonly Metric[];
	readonly loads: readonly Load[];
};

/** With more than that taken, absolute figures say little. */
const BUSY_SHARE = 0.1;

const NOT_MEASURED = [
	"The network is Miniflare's workerd on this machine, one process for all shards. A deployed shard has a machine, a disk and a network of its own; none of this was measured on Cloudflare.",
	"Load generator, receiver and system under test share the machine, and no TLS is spoken.",
	"The Worker's log is thrown away; written to a file or a terminal it costs the launcher more.",
	"`kill -9` does not test the disk: what the kernel holds survives it. A power cut was not tried.",
	"Closed loops send when the last answer came: their latencies are those of a saturated service.",
	"Signatures are made but not verified here; a test does that. No retries, no failing receivers.",
];

export function toMarkdown(report: RunReport): string {
	const loads = report.loads
		.filter(({ seconds }) => seconds >= 1)
		.map(
			({ phase, seconds, others }) =>
				`${phase} ${Math.round(seconds)} s (${Math.round(others * 100)} %)`,
		);
	return `# Benchmark

\`${report.command}\` at commit \`${report.commit}\`, ${report.at}

Machine: ${report.machine}; ${report.versions}

${toTable(report.metrics, report.judged)}

Medians over the repetitions, where nothing else is obvious from the name: for what may never happen the worst one.
Phases, how long they took, and in brackets the share of the machine that others took meanwhile: ${loads.join(", ")}.
${warnOfOthers(report.loads)}
## What is not measured

${NOT_MEASURED.map((line) => `- ${line}`).join("\n")}
`;
}

/** What a reader must know who wonders why a figure is worse than the last time. */
function warnOfOthers(loads: readonly Load[]): string {
	const busy = loads.filter(({ others }) => others > BUSY_SHARE).map(({ phase }) => phase);
	if (busy.length === 0) return "";
	return `\nThe machine was busy with something else during ${busy.join(", ")}: repeat those when it is quiet.\n`;
}

/** The figures go a line each into results.jsonl, below one that says of which run they are. */
export function writeReport(folder: string, report: RunReport): void {
	const { metrics, ...run } = report;
	const lines = metrics.map((metric) => {
		const { name, variant = DEFAULT_VARIANT, unit, values, target } = metric;
		const reached = report.judged ? isReached(metric) : undefined;
		return { name, variant, unit, result: resultOf(metric), values, target: target?.text, reached };
	});
	const json = [run, ...lines].map((line) => `${JSON.stringify(line)}\n`).join("");
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "results.jsonl"), json);
	writeFileSync(join(folder, "results.md"), toMarkdown(report));
}
