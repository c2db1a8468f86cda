/**
 * One reader of a tenant's events: what it wants, how far it has read in each shard, and the sink
 * that takes its frames. It has a cursor of its own; readers that stand at the same place are fed
 * from one read (`feed.ts`).
 */
import {
	encodeStreamCursor,
	type StreamCursor,
	type StreamPosition,
} from "../../src/core/stream-cursor.ts";
import { matches, type StreamFilter } from "../../src/core/stream-filter.ts";
import type { Frame } from "../../src/core/stream-frame.ts";

/** Where a reader's frames go. Nothing here throws: a connection that broke takes and drops. */
export type Sink = {
	/** Whether so much waits to be taken that nothing more should be read. */
	readonly isFull: boolean;
	send(frame: Frame): void;
	/** The frames of a page were sent. `cursor` is where the reader stands now. */
	flush(cursor: string): void;
	/** Says that the stream lives; `cursor` is where it stands. */
	keepAlive(cursor: string): void;
	close(): void;
};

/** An event on its way to readers. */
export type Item = {
	readonly type: string;
	readonly timer: number;
	/** Where a reader stands once it has it. */
	readonly after: StreamPosition;
	/** The JSON, written once for all readers that want it. */
	readonly data: () => string;
	/** Whether it goes to every reader, whatever it asked for. */
	readonly isForAll: boolean;
};

const BEGINNING: StreamPosition = { chunk: 0, index: 0 };

export class Reader {
	readonly keyId: string;
	readonly sink: Sink;
	/** Shards that may hold something it has not read. */
	readonly behind = new Set<number>();
	/** Whether its buffer was full at the last keep-alive. */
	wasFull = false;
	readonly #tenant: string;
	readonly #filter: StreamFilter;
	readonly #positions: Map<number, StreamPosition>;

	constructor(
		home: { readonly tenant: string; readonly keyId: string },
		filter: StreamFilter,
		cursor: StreamCursor,
		sink: Sink,
	) {
		this.#tenant = home.tenant;
		this.keyId = home.keyId;
		this.#filter = filter;
		this.#positions = new Map(cursor);
		this.sink = sink;
	}

	get cursor(): string {
		return encodeStreamCursor(this.#positions, this.#tenant);
	}

	positionIn(shard: number): StreamPosition {
		return this.#positions.get(shard) ?? BEGINNING;
	}

	/** Takes a page of a shard that was read from where the reader stands. */
	take(shard: number, items: readonly Item[], end: StreamPosition): void {
		for (const item of items) {
			this.#positions.set(shard, item.after);
			const { type, timer } = item;
			if (!item.isForAll && !matches(this.#filter, { type, shard, timer })) continue;
			this.sink.send({ cursor: this.cursor, event: type, data: item.data() });
		}
		this.#positions.set(shard, end);
		this.sink.flush(this.cursor);
	}
}
