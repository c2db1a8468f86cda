/** What a shard answered, made into items for readers: a gap first, then events. */
import { STREAM_GAP_TYPE } from "../../src/contract/stream.ts";
import { formatInstant } from "../../src/core/instant.ts";
import type { IdSpace } from "../../src/core/public-id.ts";
import { renderEvent } from "../../src/core/render-event.ts";
import type { StreamPosition } from "../../src/core/stream-cursor.ts";
import { EVENTS_PER_CHUNK } from "../tenant-shard/constants.ts";
import type { EventsAfter } from "../tenant-shard/rpc.ts";
import type { Item } from "./reader.ts";

type Home = { readonly tenant: string; readonly ids: IdSpace; readonly shard: number };

export function itemsOf(answer: EventsAfter, home: Home, now: number): readonly Item[] {
	const { events, position, gap } = answer;
	const items: Item[] = events.map((event, at) => ({
		type: event.type,
		timer: event.timer,
		after: positionAfter(event.sequence, events[at + 1]?.sequence, position),
		data: once(() => JSON.stringify(renderEvent(event, home))),
		isForAll: false,
	}));
	if (gap === null) return items;
	const after = positionOf(gap.to + 1);
	return [gapItem(gap, after, home, now), ...items];
}

/** Behind an event. At the end of its chunk that is the beginning of the next, as the shard has it. */
function positionAfter(
	sequence: number,
	next: number | undefined,
	end: StreamPosition,
): StreamPosition {
	if (next === undefined) return end;
	const { chunk, index } = positionOf(sequence);
	return positionOf(next).chunk === chunk
		? { chunk, index: index + 1 }
		: { chunk: chunk + 1, index: 0 };
}

function positionOf(sequence: number): StreamPosition {
	const index = sequence % EVENTS_PER_CHUNK;
	return { chunk: (sequence - index) / EVENTS_PER_CHUNK, index };
}

function gapItem(
	{ from, to }: { readonly from: number; readonly to: number },
	after: StreamPosition,
	{ tenant, shard }: Home,
	now: number,
): Item {
	const event = {
		specversion: "1.0",
		id: `gap_${shard}_${from}_${to}`,
		source: `/v1/tenants/${tenant}`,
		type: STREAM_GAP_TYPE,
		time: formatInstant(now),
		datacontenttype: "application/json",
		tenantid: tenant,
		data: { shard, fromSequence: from, toSequence: to },
	};
	return { type: event.type, timer: 0, after, data: () => JSON.stringify(event), isForAll: true };
}

function once(make: () => string): () => string {
	let made: string | undefined;
	return () => {
		made ??= make();
		return made;
	};
}
