/**
 * How late things were, by hop and priority class: what a shard collects between two writes, keeps
 * in rows of five minutes each, and is asked for. No clock, no storage.
 */
import { PRIORITY_CLASSES, type PriorityClass } from "../../contract/envelope.ts";
import { LATENESS_HOPS, type LatenessHop } from "../../contract/lateness.ts";
import { HOUR, MINUTE } from "../units.ts";
import { EMPTY, type Histogram, HistogramFold } from "./histogram.ts";

/** Milliseconds of one row. "The last hour" is right to this. */
const LATENESS_SLOT_MS = 5 * MINUTE;

/** Histograms by hop and class; one without observations is left out. Also the text of a row. */
export type Lateness = { readonly [series: string]: Histogram };

export type LatenessSeries = {
	readonly hop: LatenessHop;
	readonly priority: PriorityClass;
	readonly histogram: Histogram;
};

/** What is answered of a span of time. */
export type LatenessSince = {
	/** Epoch ms from which on all was counted; null while nothing was. */
	readonly since: number | null;
	readonly lateness: Lateness;
};

/** Epoch ms at which the slot of an instant begins. */
export function slotOf(at: number): number {
	return Math.floor(at / LATENESS_SLOT_MS) * LATENESS_SLOT_MS;
}

/** The first slot of the last hour. */
export function firstSlotOf(now: number): number {
	return slotOf(now - HOUR);
}

export class LatenessFold {
	readonly #histograms = new Map<string, HistogramFold>();

	get isEmpty(): boolean {
		return this.#histograms.size === 0;
	}

	observe(hop: LatenessHop, priority: PriorityClass, ms: number): void {
		this.#of(`${hop} ${priority}`).observe(ms);
	}

	add(lateness: Lateness): void {
		for (const [series, histogram] of Object.entries(lateness)) this.#of(series).add(histogram);
	}

	read(): Lateness {
		const read = [...this.#histograms].map(([series, fold]) => [series, fold.read()] as const);
		return Object.fromEntries(read);
	}

	/** The same, and begins anew. */
	take(): Lateness {
		const lateness = this.read();
		this.#histograms.clear();
		return lateness;
	}

	#of(series: string): HistogramFold {
		const known = this.#histograms.get(series);
		if (known !== undefined) return known;
		const fresh = new HistogramFold();
		this.#histograms.set(series, fresh);
		return fresh;
	}
}

/** Several as one: of several rows, or of several shards. */
export function mergeLateness(parts: Iterable<Lateness>): Lateness {
	const fold = new LatenessFold();
	for (const part of parts) fold.add(part);
	return fold.read();
}

/** Several spans as one, which begins with the first of them. */
export function mergeSince(parts: readonly LatenessSince[]): LatenessSince {
	const begins = parts.flatMap(({ since }) => (since === null ? [] : [since]));
	return {
		since: begins.length === 0 ? null : Math.min(...begins),
		lateness: mergeLateness(parts.map(({ lateness }) => lateness)),
	};
}

/** In the order of hops and classes; those without observations are left out. */
export function seriesOfLateness(lateness: Lateness): readonly LatenessSeries[] {
	return LATENESS_HOPS.flatMap((hop) =>
		PRIORITY_CLASSES.flatMap((priority) => {
			const histogram = lateness[`${hop} ${priority}`] ?? EMPTY;
			return histogram.count === 0 ? [] : [{ hop, priority, histogram }];
		}),
	);
}
