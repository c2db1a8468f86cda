/** The shard's events in its own order, from a position on: what the event hub reads. */
import { EVENT_BATCH, EVENT_CHUNKS_READ, EVENTS_PER_CHUNK } from "../constants.ts";
import type { EventPosition, EventRecord, EventsAfter } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import { eventsIn } from "./events.ts";

/** Where the next event will be. */
export function endOfEvents(shard: Shard): EventPosition {
	return { chunk: shard.nextChunk, index: 0 };
}

/**
 * At most `limit` events from `from` on (null for the end), oldest first. The position it answers is
 * that of the next chunk once a chunk is read out, so that a reader who has everything misses
 * nothing when that chunk is removed.
 */
export function eventsAfter(
	shard: Shard,
	from: EventPosition | null,
	limit: number = EVENT_BATCH,
): EventsAfter {
	const end = endOfEvents(shard);
	// A position beyond the end comes from a state that was thrown away: it reads on from here.
	if (from === null || !shard.exists || from.chunk >= end.chunk) {
		return { events: [], position: end, gap: null, more: false };
	}
	const first = firstHeld(shard) ?? end.chunk;
	const isCut = from.chunk < first && first > 1;
	const start = from.chunk < first ? { chunk: first, index: 0 } : from;
	const gap = isCut
		? {
				from: sequenceOf(from.chunk === 0 ? { chunk: 1, index: 0 } : from),
				to: sequenceOf(start) - 1,
			}
		: null;
	return { ...read(shard, start, limit), gap };
}

/** The number of the oldest chunk that holds events; one that retention has emptied is gone. */
function firstHeld(shard: Shard): number | undefined {
	const oldest = shard.store.chunkAfter.first(0);
	return oldest === undefined ? undefined : oldest.seq + oldest.empty;
}

function read(shard: Shard, start: EventPosition, limit: number): Omit<EventsAfter, "gap"> {
	const events: EventRecord[] = [];
	let { chunk, index } = start;
	while (chunk < shard.nextChunk) {
		const rows = shard.store.chunksFrom.all(chunk, EVENT_CHUNKS_READ);
		for (const row of rows) {
			const from = row.seq === chunk ? index : 0;
			const found = eventsIn(row).filter(({ sequence }) => sequence % EVENTS_PER_CHUNK >= from);
			const room = limit - events.length;
			events.push(...found.slice(0, room));
			const next = found[room];
			if (next !== undefined) {
				const position = { chunk: row.seq, index: next.sequence % EVENTS_PER_CHUNK };
				return { events, position, more: true };
			}
			chunk = row.seq + 1;
			index = 0;
			if (events.length === limit) break;
		}
		if (rows.length === 0 || events.length === limit) break;
	}
	return { events, position: { chunk, index }, more: chunk < shard.nextChunk };
}

function sequenceOf({ chunk, index }: EventPosition): number {
	return chunk * EVENTS_PER_CHUNK + index;
}
