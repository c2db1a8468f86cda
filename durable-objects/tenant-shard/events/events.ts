/** Reading a timer's events out of the chunks, and erasing those of a deleted timer. */
import { EVENT_TYPES } from "../../../src/contract/event.ts";
import type { JsonObject, JsonValue } from "../../../src/contract/json.ts";
import { formatInstant } from "../../../src/core/instant.ts";
import { chunksOf, parseTrail } from "../../../src/core/trail.ts";
import { EVENTS_PER_CHUNK } from "../constants.ts";
import { mayHaveFirings } from "../firing/firing-rows.ts";
import type { EventRecord } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { ChunkRow, TimerRow } from "../store.ts";
import type { StoredEvent } from "../transaction.ts";

/** All events of a timer, newest first. */
export function eventsOf(shard: Shard, row: TimerRow): EventRecord[] {
	const chunks = new Set(chunksOf(parseTrail(row.trail)));
	for (const claim of shard.claims.holding(row.id)) {
		if (claim.chunk !== null) chunks.add(claim.chunk);
	}
	// What an open firing has told comes to its timer's trail with its end.
	for (const firing of mayHaveFirings(row) ? shard.store.listFirings.all(row.id) : []) {
		for (const chunk of chunksOf(parseTrail(firing.trail))) chunks.add(chunk);
	}
	const events: EventRecord[] = [];
	for (const seq of chunks) {
		const chunk = shard.store.getChunk.first(seq);
		if (chunk === undefined) continue;
		events.push(...eventsIn(chunk, row.id));
	}
	return events.sort((a, b) => b.sequence - a.sequence);
}

/** The events of a chunk, oldest first; of one timer if it is given. */
export function eventsIn(chunk: ChunkRow, only?: number): EventRecord[] {
	return parseChunk(chunk).flatMap((stored, index) => {
		if (stored === null || (only !== undefined && stored[1] !== only)) return [];
		const [type, timer, offsetMs, data, traceparent] = stored;
		const name = EVENT_TYPES[type];
		if (name === undefined) return [];
		return [
			{
				sequence: chunk.seq * EVENTS_PER_CHUNK + index,
				at: chunk.at + offsetMs,
				type: name,
				timer,
				data: data === 0 ? {} : wireData(data),
				traceparent: traceparent ?? null,
			},
		];
	});
}

/** Instants are stored as epoch ms and read as RFC 3339, like everywhere else. */
function wireData(data: JsonObject): JsonObject {
	return Object.fromEntries(
		Object.entries(data).map(([name, value]): [string, JsonValue] => [
			name,
			name.endsWith("At") && typeof value === "number" ? formatInstant(value) : value,
		]),
	);
}

/** Which timers' events are to go from which chunk. Gathered first, so that a chunk that holds
 * hundreds of deleted timers is rewritten once. */
export class Erasure {
	/** Events that the transaction itself had made, and that were never stored. */
	unstored = 0;
	readonly #timers = new Map<number, Set<number>>();

	add(chunk: number, timer: number): void {
		const timers = this.#timers.get(chunk) ?? new Set<number>();
		timers.add(timer);
		this.#timers.set(chunk, timers);
	}

	entries(): IterableIterator<[number, ReadonlySet<number>]> {
		return this.#timers.entries();
	}
}

/** Erases; the places stay, since an event's sequence counts them. Answers how many went. */
export function eraseEvents(shard: Shard, erasure: Erasure): number {
	let erased = erasure.unstored;
	for (const [seq, timers] of erasure.entries()) {
		const chunk = shard.store.getChunk.first(seq);
		if (chunk === undefined) continue;
		const kept = parseChunk(chunk).map((stored) => {
			if (stored === null || !timers.has(stored[1])) return stored;
			erased += 1;
			return null;
		});
		shard.store.updateChunk.run(JSON.stringify(kept), seq);
	}
	return erased;
}

export function parseChunk(chunk: Pick<ChunkRow, "body">): readonly StoredEvent[] {
	// Only `Transaction` and `eraseEvents` write this text.
	return JSON.parse(chunk.body) as StoredEvent[];
}
