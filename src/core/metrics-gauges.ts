/**
 * Gauges: what sources have stated last, made into one figure each. Sources are many and state
 * things at different instants; how old the oldest statement is goes along. No clock, no storage.
 */
import { GAUGES, labelValuesOf, seriesOf } from "./metrics-catalog.ts";
import { SECOND } from "./units.ts";

/** By series: numbers to add up, or instants (epoch ms). A source that states nothing is forgotten. */
export type GaugeSet = Readonly<Record<string, number>>;

/** What a source stated, and when (epoch ms). */
export type StatedGauges = { readonly at: number; readonly values: GaugeSet };

/** Many sources as one. */
export type GaugeReading = {
	readonly values: Readonly<Record<string, number>>;
	readonly sources: number;
	/** Seconds since the oldest of the statements. */
	readonly ageSeconds: number;
};

/**
 * How long after an instant its source has to say that it has passed: twice the time between two
 * pushes. A source that is silent for longer is stuck, or was, and then the figure shows it.
 */
const SAYS_BY_MS = 10 * SECOND;

const SERIES = GAUGES.flatMap((family) =>
	labelValuesOf(family).map((values) => ({
		series: seriesOf(family, ...values),
		combine: family.combine,
	})),
);

export function readGauges(stated: Iterable<StatedGauges>, now: number): GaugeReading {
	const values: Record<string, number> = {};
	let sources = 0;
	let ageSeconds = 0;
	for (const one of stated) {
		sources += 1;
		ageSeconds = Math.max(ageSeconds, (now - one.at) / SECOND);
		for (const { series, combine } of SERIES) {
			const value = one.values[series];
			if (value === undefined) continue;
			const seconds = combine === "sum" ? value : secondsSince(value, one.at, now);
			values[series] = combined(combine, values[series], seconds);
		}
	}
	return { values, sources, ageSeconds };
}

/** Readings of several objects as one. */
export function mergeGauges(readings: readonly GaugeReading[]): GaugeReading {
	const values: Record<string, number> = {};
	for (const { series, combine } of SERIES) {
		for (const reading of readings) {
			values[series] = combined(combine, values[series], reading.values[series] ?? 0);
		}
	}
	return {
		values,
		sources: readings.reduce((sum, reading) => sum + reading.sources, 0),
		ageSeconds: readings.reduce((most, reading) => Math.max(most, reading.ageSeconds), 0),
	};
}

function combined(combine: "sum" | "since", before: number | undefined, value: number): number {
	if (before === undefined) return value;
	return combine === "sum" ? before + value : Math.max(before, value);
}

/** An instant that lay ahead when it was stated counts only once its source should have spoken. */
function secondsSince(instant: number, statedAt: number, now: number): number {
	const hasPassed = instant <= statedAt || now - instant > SAYS_BY_MS;
	return hasPassed ? Math.max(0, now - instant) / SECOND : 0;
}
