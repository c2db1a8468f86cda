/** A table without lines: columns as wide as their widest cell, so that nothing is cut. */
import Table from "cli-table3";
import { oneLine } from "./printable.ts";
import type { Style } from "./style.ts";

/** Between columns; lines would only be in the way of `cut` and `awk`. */
const GAP = "  ";
const NO_LINES = Object.fromEntries(
	[
		"top",
		"top-mid",
		"top-left",
		"top-right",
		"bottom",
		"bottom-mid",
		"bottom-left",
		"bottom-right",
		"left",
		"left-mid",
		"mid",
		"mid-mid",
		"right",
		"right-mid",
	].map((name) => [name, ""]),
);

export function renderTable(
	head: readonly string[],
	rows: readonly (readonly string[])[],
	style: Style,
): string {
	const table = new Table({
		chars: { ...NO_LINES, middle: GAP },
		style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
	});
	table.push(
		head.map((name) => style.bold(name.toUpperCase())),
		...rows.map((row) => row.map(oneLine)),
	);
	return table
		.toString()
		.split("\n")
		.map((line) => line.trimEnd())
		.join("\n");
}
