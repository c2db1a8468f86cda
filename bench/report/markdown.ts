/** Metrics as a Markdown table, for the terminal and for bench/results. Pure. */
import { median } from "../statistics.ts";
import type { Metric } from "./metric.ts";

const HEADER = ["measured", "variant", "result", "each repetition", "to reach", "", "best peers"];
export const DEFAULT_VARIANT = "full, 1 shard";

/** The one value that stands for all repetitions. */
export function resultOf({ values, take = "median" }: Metric): number {
	if (take === "max") return Math.max(...values);
	return take === "min" ? Math.min(...values) : median(values);
}

export function isReached(metric: Metric): boolean | undefined {
	return metric.target?.met(resultOf(metric));
}

/** `judged` adds whether each target was met. */
export function toTable(metrics: readonly Metric[], judged: boolean): string {
	const rows = metrics.map((metric) => toRow(metric, judged));
	const widths = HEADER.map((title, column) =>
		Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
	);
	const toLine = (cells: readonly string[]) =>
		`| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
	const rule = widths.map((width) => "-".repeat(Math.max(3, width)));
	return [toLine(HEADER), toLine(rule), ...rows.map(toLine)].join("\n");
}

function toRow(metric: Metric, judged: boolean): readonly string[] {
	const { name, variant = DEFAULT_VARIANT, unit, values, target, peers } = metric;
	const isBaseline = /^(baseline|generator|machine)/.test(name);
	const each = values.length > 1 ? values.map(format).join(" · ") : "";
	const reached = isReached(metric) ? "yes" : "no";
	return [
		name,
		isBaseline ? "" : variant,
		`${format(resultOf(metric))}${unit === "" ? "" : ` ${unit}`}`,
		each,
		target?.text ?? "",
		judged && target !== undefined ? reached : "",
		peers ?? "",
	];
}

/** Three digits are more than any of this repeats to. */
function format(value: number): string {
	if (!Number.isFinite(value)) return String(value);
	if (Math.abs(value) >= 1_000) {
		return Number(value.toPrecision(3)).toLocaleString("en", { maximumFractionDigits: 0 });
	}
	return String(Number(value.toPrecision(3)));
}
