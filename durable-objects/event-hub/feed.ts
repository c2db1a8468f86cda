/**
 * Feeds readers from shards. Each shard is read by one loop at a time, page by page, for whichever
 * reader is behind; every reader that stands where the page begins takes it, so that readers who
 * have caught up share one read. A reader whose buffer is full is passed over until it drains.
 */
import type { StreamPosition } from "../../src/core/stream-cursor.ts";
import type { Item, Reader } from "./reader.ts";

export type Page = {
	readonly items: readonly Item[];
	readonly position: StreamPosition;
	/** Whether there was more when it was read. */
	readonly more: boolean;
};

type ReadPage = (shard: number, from: StreamPosition) => Promise<Page>;

export class Feed {
	readonly readers = new Set<Reader>();
	readonly #read: ReadPage;
	readonly #onFault: (shard: number, error: unknown) => void;
	/** How often each shard was said to have news. */
	readonly #news = new Map<number, number>();
	readonly #running = new Set<number>();

	/** @param onFault a shard could not be read; `resume` tries again */
	constructor(read: ReadPage, onFault: (shard: number, error: unknown) => void) {
		this.#read = read;
		this.#onFault = onFault;
	}

	/** Begins to feed `reader`, from wherever it stands in `shards`. */
	join(reader: Reader, shards: Iterable<number>): void {
		this.readers.add(reader);
		for (const shard of shards) {
			reader.behind.add(shard);
			void this.resume(shard);
		}
	}

	leave(reader: Reader): void {
		this.readers.delete(reader);
	}

	/**
	 * Tells every reader that its stream lives. One whose buffer is full for the second time in a row
	 * has taken nothing in between, and is closed: it comes back with its cursor when it can.
	 */
	keepAlive(): void {
		for (const reader of this.readers) {
			const { isFull } = reader.sink;
			if (!isFull) reader.sink.keepAlive(reader.cursor);
			else if (reader.wasFull) this.close(reader);
			reader.wasFull = isFull;
		}
	}

	/** Ends a reader's stream, and feeds it no more. */
	close(reader: Reader): void {
		this.leave(reader);
		reader.sink.close();
	}

	/** There may be new events in `shard`. */
	announce(shard: number): Promise<void> {
		this.#news.set(shard, this.#newsOf(shard) + 1);
		for (const reader of this.readers) reader.behind.add(shard);
		return this.resume(shard);
	}

	/** Reads on for everyone who is behind and has room. */
	async resume(shard: number): Promise<void> {
		if (this.#running.has(shard)) return;
		this.#running.add(shard);
		try {
			for (let next = this.#nextIn(shard); next !== undefined; next = this.#nextIn(shard)) {
				await this.#readFor(shard, next.positionIn(shard));
			}
		} catch (error) {
			this.#onFault(shard, error);
		} finally {
			this.#running.delete(shard);
		}
	}

	async #readFor(shard: number, from: StreamPosition): Promise<void> {
		const news = this.#newsOf(shard);
		const { items, position, more } = await this.#read(shard, from);
		// What was announced while the shard answered may not be in the answer.
		const isAll = !more && news === this.#newsOf(shard);
		for (const reader of this.readers) {
			if (!isWaitingAt(reader, shard, from)) continue;
			reader.take(shard, items, position);
			if (isAll) reader.behind.delete(shard);
		}
	}

	#nextIn(shard: number): Reader | undefined {
		for (const reader of this.readers) {
			if (reader.behind.has(shard) && !reader.sink.isFull) return reader;
		}
		return undefined;
	}

	#newsOf(shard: number): number {
		return this.#news.get(shard) ?? 0;
	}
}

function isWaitingAt(reader: Reader, shard: number, { chunk, index }: StreamPosition): boolean {
	if (!reader.behind.has(shard) || reader.sink.isFull) return false;
	const at = reader.positionIn(shard);
	return at.chunk === chunk && at.index === index;
}
