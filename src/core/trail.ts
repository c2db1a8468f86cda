/**
 * A timer's trail: what has happened to it, in the row that is written anyway. It is a text that
 * only grows: JSON arrays, each after a comma, so that a transition appends to it without reading it
 * first. It finds the timer's events (chunk numbers) and holds the only attempt of a webhook that
 * was delivered at its first try.
 */

export type TrailEntry =
	/** An event chunk holds events of this timer. */
	| readonly ["c", chunk: number]
	/** Firing `seq` was claimed; `nominalAt` where its occurrence is another instant than `dueAt`. */
	| readonly ["f", seq: number, dueAt: number, firedAt: number, nominalAt?: number]
	/** Firing `seq` of a timer that has several ended; `state` is an index into FIRING_ENDS. */
	| readonly ["e", seq: number, at: number, state: number]
	/** The one action was delivered at its first try. */
	| readonly ["d", firing: number, sentAt: number, durationMs: number, status: number]
	/** The timer ended, in the state that its row names; with why, where that is `skipped`. */
	| readonly ["s", at: number, skipReason?: string]
	/** Cancelled, or asked to be while a claim was open. */
	| readonly ["x", at: number, reason: string | null]
	/** A dead letter was replayed: a cancel before it holds no longer. */
	| readonly ["r", at: number];

export type Trail = readonly TrailEntry[];

/** How a firing ends. Position is the stored number: append only. */
export const FIRING_ENDS = ["settled", "failed", "cancelled", "skipped"] as const;
export type FiringEndState = (typeof FIRING_ENDS)[number];

/** Characters of a trail that is not trimmed: hundreds of changes, as much as a document takes. */
const TRAIL_CHARS = 8_192;
/** Chunks that a long trail keeps, the newest: half of what fits, so that it is trimmed rarely. */
const CHUNKS_KEPT = 256;

/** The text to append: each entry with a comma before it, so that it fits an empty trail as well. */
export function formatTrail(entries: readonly TrailEntry[]): string {
	let text = "";
	for (const entry of entries) text += `,${JSON.stringify(entry)}`;
	return text;
}

export function parseTrail(text: string): Trail {
	// Only `formatTrail` writes these texts.
	return JSON.parse(`[${text.slice(1)}]`) as Trail;
}

/** The chunks that hold the timer's events, oldest first, each once. */
export function chunksOf(trail: Trail): readonly number[] {
	const chunks = new Set<number>();
	for (const entry of trail) if (entry[0] === "c") chunks.add(entry[1]);
	return [...chunks];
}

/**
 * The trail without the oldest of its chunks but the first, once it is long: a timer that is pushed
 * back every few seconds for months would outgrow its row. The events stay in the stream.
 */
export function trimTrail(text: string): string {
	if (text.length <= TRAIL_CHARS) return text;
	const trail = parseTrail(text);
	const chunks = trail.filter((entry) => entry[0] === "c");
	const dropped = new Set<TrailEntry>(chunks.slice(1, -CHUNKS_KEPT));
	return formatTrail(trail.filter((entry) => !dropped.has(entry)));
}

/** Characters of the trail of a timer that fires again and again: some 40 firings. */
const FIRINGS_CHARS = 4_096;
/** Firings that such a trail keeps: half of what fits, so that it is trimmed rarely. */
const FIRINGS_KEPT = 20;

/**
 * The trail of a recurring timer without its older firings, once it is long. What was created first
 * stays findable, and so does a cancel; the events of older firings stay in the stream.
 */
export function trimFirings(text: string): string {
	if (text.length <= FIRINGS_CHARS) return text;
	const trail = parseTrail(text);
	const ends = trail.flatMap((entry, index) => (entry[0] === "e" ? [index] : []));
	const cut = ends.at(-FIRINGS_KEPT - 1);
	// Without so many ends it is long from something else.
	if (cut === undefined) return trimTrail(text);
	const first = trail.findIndex((entry) => entry[0] === "c");
	const kept = trail.filter((entry, index) => {
		return index > cut || index === first || entry[0] === "x" || entry[0] === "r";
	});
	return formatTrail(kept);
}

/** The cancel that holds, if any. */
export function cancelEntryOf(trail: Trail): { at: number; reason: string | null } | undefined {
	const entry = trail.findLast(([kind]) => kind === "x" || kind === "r");
	return entry?.[0] === "x" ? { at: entry[1], reason: entry[2] } : undefined;
}

/** Why the timer was skipped; it holds while the row's state is `skipped`. */
export function skipReasonOf(trail: Trail): string | undefined {
	const entry = trail.findLast(([kind]) => kind === "s");
	return entry?.[0] === "s" ? entry[2] : undefined;
}

/** Epoch ms of the last end; it holds while the row's state is one of an ended timer. */
export function endOfTrail(trail: Trail): number | undefined {
	const entry = trail.findLast(([kind]) => kind === "s" || kind === "x");
	return entry?.[0] === "s" || entry?.[0] === "x" ? entry[1] : undefined;
}
