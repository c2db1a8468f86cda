/// <reference path="./parse-prometheus-text-format.d.ts" />
/**
 * Reads `/metrics` as Prometheus does: through a parser of its text format that is not ours, and
 * with the rules of the format that the parser lets pass. Throws at the first that is broken.
 */
import parse from "parse-prometheus-text-format";

export type ScrapedHistogram = {
	/** Upper bound → observations up to it, not more than the next one's. */
	readonly buckets: ReadonlyMap<number, number>;
	readonly count: number;
	readonly sum: number;
};

export type Scrape = {
	/** Family → type. */
	readonly types: ReadonlyMap<string, string>;
	/** A series is named as the format writes it: `name{label="value"}`. */
	readonly values: ReadonlyMap<string, number>;
	readonly histograms: ReadonlyMap<string, ScrapedHistogram>;
};

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^}]*\})? \d+(\.\d+)?(e[+-]?\d+)?$/;

export function readScrape(text: string): Scrape {
	const types = checkLines(text);
	// The parser makes one histogram of all those of a family, whatever their labels: it is told
	// nothing of their type, and answers plain samples.
	const families = parse(text.replace(/^# TYPE \S+ histogram\n/gm, ""));
	const values = new Map(
		families.flatMap(({ name, metrics }) =>
			metrics.map(({ labels, value }) => [name + labelsText(labels), Number(value)] as const),
		),
	);
	for (const [series, value] of values) {
		if (Number.isNaN(value)) throw new Error(`${series} has no number`);
	}
	const histograms = new Map<string, ScrapedHistogram>();
	for (const [family, type] of types) {
		if (type !== "histogram") continue;
		const counts = [...values.keys()].filter((series) => series.startsWith(`${family}_count`));
		if (counts.length === 0) throw new Error(`${family} has no count`);
		for (const series of counts) {
			const labels = series.slice(`${family}_count`.length);
			histograms.set(family + labels, histogramOf(family, labels, values));
		}
	}
	return { types, values, histograms };
}

function labelsText(labels: Readonly<Record<string, string>> = {}): string {
	const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
	return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** HELP, then TYPE, then all samples of a family together; no series twice; a last line feed. */
function checkLines(text: string): ReadonlyMap<string, string> {
	if (!text.endsWith("\n")) throw new Error("the last line must end");
	const types = new Map<string, string>();
	const series = new Set<string>();
	let helped = "";
	let family = "";
	for (const line of text.slice(0, -1).split("\n")) {
		const [, kind, name = "", rest = ""] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
		if (kind === "HELP") {
			if (!NAME.test(name) || types.has(name)) throw new Error(`bad family: ${line}`);
			helped = name;
		} else if (kind === "TYPE") {
			const isKnown = ["counter", "gauge", "histogram"].includes(rest);
			if (name !== helped || !isKnown) throw new Error(`bad type: ${line}`);
			if (rest === "counter" && !name.endsWith("_total")) throw new Error(`bad name: ${line}`);
			types.set(name, rest);
			family = name;
		} else {
			const [, sampled = "", labels = ""] = SAMPLE.exec(line) ?? [];
			const isPart = types.get(family) === "histogram";
			const base = isPart ? sampled.replace(/_(bucket|sum|count)$/, "") : sampled;
			if (base !== family) throw new Error(`bad sample: ${line}`);
			if (series.has(sampled + labels)) throw new Error(`twice: ${line}`);
			series.add(sampled + labels);
		}
	}
	return types;
}

function histogramOf(
	family: string,
	labels: string,
	values: ReadonlyMap<string, number>,
): ScrapedHistogram {
	const count = values.get(`${family}_count${labels}`);
	const sum = values.get(`${family}_sum${labels}`);
	if (count === undefined || sum === undefined) throw new Error(`${family}${labels}: no sum`);
	const prefix = `${family}_bucket${labels === "" ? "{" : `${labels.slice(0, -1)},`}le="`;
	const buckets = new Map<number, number>();
	let bound = Number.NEGATIVE_INFINITY;
	let before = 0;
	for (const [series, upTo] of values) {
		if (!series.startsWith(prefix)) continue;
		const text = series.slice(prefix.length, -2);
		const next = text === "+Inf" ? Number.POSITIVE_INFINITY : Number(text);
		if (!(next > bound)) throw new Error(`${series}: bounds must ascend`);
		if (upTo < before) throw new Error(`${series}: not cumulative`);
		buckets.set(next, upTo);
		[bound, before] = [next, upTo];
	}
	if (buckets.get(Number.POSITIVE_INFINITY) !== count) throw new Error(`${family}: +Inf ≠ count`);
	return { buckets, count, sum };
}
