/**
 * The plain kinds of occurrences, and ways to put sources together. No zones, no rules. Called by
 * the compilation of schedules.
 */
import { LIMITS } from "../../contract/limits.ts";
import type { LocalSource, Occurrence, Source } from "./occurrence.ts";
import type { Work } from "./work.ts";

/** Every whole number of `everyMs` since 1970, and `phaseMs` more. */
export function everySource(everyMs: number, phaseMs: number): Source {
	return {
		next(after) {
			const at = phaseMs + (Math.floor((after - phaseMs) / everyMs) + 1) * everyMs;
			return at <= LIMITS.instantMax ? { at } : null;
		},
	};
}

/** Instants in ascending order. */
export function instantsSource(instants: readonly number[]): Source {
	return {
		next(after) {
			let [low, high] = [0, instants.length];
			while (low < high) {
				const middle = (low + high) >>> 1;
				if ((instants[middle] ?? 0) <= after) low = middle + 1;
				else high = middle;
			}
			const at = instants[low];
			return at === undefined ? null : { at };
		},
	};
}

/** What any of the sources has. */
export function union(sources: readonly Source[]): Source {
	const [only] = sources;
	if (only !== undefined && sources.length === 1) return only;
	return {
		next(after, work) {
			let first: Occurrence | null = null;
			for (const source of sources) {
				const found = source.next(after, work);
				if (found !== null && (first === null || found.at < first.at)) first = found;
			}
			return first;
		},
	};
}

/** Nothing after `lastAt`, which is included. */
export function endingAt(source: Source, lastAt: number): Source {
	return {
		next(after, work) {
			const found = source.next(after, work);
			return found !== null && found.at <= lastAt ? found : null;
		},
	};
}

/** As `endingAt`, for local times. */
export function endingAtLocal(locals: LocalSource, last: number): LocalSource {
	return {
		nextLocal(after, work) {
			const found = locals.nextLocal(after, work);
			return found !== null && found <= last ? found : null;
		},
	};
}

/** Whether a source has exactly this instant. */
export function includes(source: Source, at: number, work: Work): boolean {
	return source.next(at - 1, work)?.at === at;
}
