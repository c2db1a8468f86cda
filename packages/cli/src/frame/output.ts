/**
 * Where everything a command says goes through: data to stdout, what is only said to people to
 * stderr. With `--json` stdout carries the API's JSON and nothing else.
 */
import { printable } from "./printable.ts";
import type { Style, Target } from "./style.ts";
import { formatInstant } from "./times.ts";

export type Cell = string | number | null | undefined;

export type Output = {
	readonly isJson: boolean;
	/** A person reads stdout: it is a terminal, and JSON was not asked for. */
	readonly isForPerson: boolean;
	/** Colours of stdout. */
	readonly style: Style;
	/** Colours of stderr. */
	readonly noteStyle: Style;
	/** One value as one line of JSON. */
	json(value: unknown): void;
	/** One line on stdout. */
	line(text?: string): void;
	/** Text on stdout as it is. */
	raw(text: string): void;
	/** A line for people on stderr; not with `--json`. */
	note(text: string): void;
	/** Rows under a head, every cell whole. Loads the table library. */
	table(head: readonly string[], rows: readonly (readonly Cell[])[]): Promise<void>;
	/** Names and values, one a line; those without a value are left out. */
	fields(pairs: readonly (readonly [name: string, value: Cell])[]): void;
	/** `2026-12-01 10:00:00 +01:00 (in 3m)`. */
	time(instant: string | null | undefined): string;
};

export type Streams = { readonly stdout: Target; readonly stderr: Target };

export type OutputOptions = {
	readonly isJson: boolean;
	readonly styleOf: (target: Target) => Style;
};

/** `streams` is `process`, whose members are made when they are first asked for: 1 ms each. */
export function createOutput(streams: Streams, { isJson, styleOf }: OutputOptions): Output {
	const { stdout } = streams;
	const style = styleOf(stdout);
	const line = (text = "") => void stdout.write(`${printable(text)}\n`);
	return {
		isJson,
		isForPerson: !isJson && stdout.isTTY === true,
		style,
		get noteStyle() {
			return styleOf(streams.stderr);
		},
		line,
		raw: (text) => void stdout.write(text),
		json: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
		note(text) {
			if (!isJson) streams.stderr.write(`${printable(text)}\n`);
		},
		async table(head, rows) {
			const { renderTable } = await import("./render-table.ts");
			line(
				renderTable(
					head,
					rows.map((row) => row.map(textOf)),
					style,
				),
			);
		},
		fields(pairs) {
			const shown = pairs.filter(([, value]) => textOf(value) !== "");
			const width = Math.max(0, ...shown.map(([name]) => name.length));
			for (const [name, value] of shown) {
				line(`${style.dim(name.padEnd(width))}  ${textOf(value)}`);
			}
		},
		time: (instant) => formatInstant(instant, Date.now()),
	};
}

function textOf(cell: Cell): string {
	return cell === null || cell === undefined ? "" : String(cell);
}
