import { expect, it } from "vitest";
import { BUFFER_BYTES } from "../../../durable-objects/event-hub/constants.ts";
import { Feed, type Page } from "../../../durable-objects/event-hub/feed.ts";
import { type Item, Reader } from "../../../durable-objects/event-hub/reader.ts";
import { createSseSink } from "../../../durable-objects/event-hub/sse-sink.ts";
import type { StreamPosition } from "../../../src/core/stream-cursor.ts";

const PAGE_EVENTS = 100;
const EVERYTHING = { topics: [], timer: null };

/** A shard of which event n has the JSON `n`, padded to some length; one event a chunk. */
function newShard(padding = 0) {
	const reads: StreamPosition[] = [];
	const shard = {
		events: 0,
		reads,
		fails: false,
		/** Runs while a read is under way, after the shard has looked. */
		meanwhile: () => {},
	};
	async function read(_: number, from: StreamPosition): Promise<Page> {
		reads.push(from);
		if (shard.fails) throw new Error("The shard does not answer, as the test asked.");
		const end = Math.min(shard.events, from.chunk + PAGE_EVENTS);
		const items: Item[] = [];
		for (let at = from.chunk; at < end; at++) {
			items.push({
				type: "timer.created",
				timer: at,
				after: { chunk: at + 1, index: 0 },
				data: () => `${at}${" ".repeat(padding)}`,
				isForAll: false,
			});
		}
		const more = end < shard.events;
		shard.meanwhile();
		return { items, position: { chunk: end, index: 0 }, more };
	}
	const faults: unknown[] = [];
	const feed = new Feed(read, (_, error) => faults.push(error));
	return { shard, feed, faults };
}

/** A reader that takes everything at once, and what it took. */
function joinEager(feed: Feed, chunk = 0) {
	const taken: number[] = [];
	const sink = {
		isFull: false,
		send: ({ data }: { data: string }) => void taken.push(Number(data)),
		flush() {},
		keepAlive() {},
		close() {},
	};
	const cursor = new Map([[0, { chunk, index: 0 }]]);
	const reader = new Reader({ tenant: "acme", keyId: "k" }, EVERYTHING, cursor, sink);
	feed.join(reader, [0]);
	return { taken, reader };
}

/** A reader over a response's body, which takes only when the test does. */
function joinSlow(feed: Feed) {
	let isGone = false;
	const sink = createSseSink("begin", {
		onDrain: () => void feed.resume(0),
		onGone: () => {
			isGone = true;
		},
	});
	const reader = new Reader({ tenant: "acme", keyId: "k" }, EVERYTHING, new Map(), sink);
	feed.join(reader, [0]);
	return { reader, body: sink.body, isGone: () => isGone };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const numbers = (from: number, to: number) =>
	Array.from({ length: to - from }, (_, index) => from + index);

it("[STREAM-52] readers that have caught up share one read, wherever each began", async () => {
	const { shard, feed } = newShard();
	shard.events = 250;
	const begins = [0, 0, 50, 250];
	const readers = begins.map((from) => joinEager(feed, from));
	await settled();
	for (let round = 0; round < 10; round++) {
		const reads = shard.reads.length;
		shard.events += 1;
		await feed.announce(0);
		expect(shard.reads.length - reads).toBe(1);
	}
	for (const [index, { taken }] of readers.entries()) {
		expect(taken).toEqual(numbers(begins[index] ?? 0, 260));
	}
});

it("[STREAM-52] what comes while a shard answers is not missed", async () => {
	const { shard, feed } = newShard();
	const { taken } = joinEager(feed);
	await settled();
	let left = 5;
	shard.meanwhile = () => {
		if (left-- <= 0) return;
		shard.events += 1;
		void feed.announce(0);
	};
	shard.events = 1;
	await feed.announce(0);
	expect(taken).toEqual(numbers(0, 6));
});

it("[STREAM-53] a shard that does not answer is read again where it was left", async () => {
	const { shard, feed, faults } = newShard();
	const { taken } = joinEager(feed);
	await settled();
	shard.events = 3;
	shard.fails = true;
	await feed.announce(0);
	expect(faults).toHaveLength(1);
	shard.fails = false;
	await feed.resume(0);
	expect(taken).toEqual([0, 1, 2]);
});

it("[STREAM-54] a slow reader has at most about 1 MB waiting, keeps up nobody, and misses nothing", async () => {
	const { shard, feed } = newShard(2_000);
	const slow = joinSlow(feed);
	const { taken } = joinEager(feed);
	shard.events = 3_000;
	await feed.announce(0);
	await settled();
	expect(taken).toEqual(numbers(0, 3_000));
	let waiting = 0;
	let text = "";
	const decoder = new TextDecoder();
	const reader = slow.body.getReader();
	for (const before = shard.reads.length; ; ) {
		const { value } = await reader.read();
		if (shard.reads.length === before) waiting += value?.byteLength ?? 0;
		text += decoder.decode(value, { stream: true });
		await settled();
		if (text.includes("data: 2999 ")) break;
	}
	expect(waiting).toBeLessThan(1.5 * BUFFER_BYTES);
	const seen = [...text.matchAll(/^data: (\d+) /gm)].map(([, number]) => Number(number));
	expect(seen).toEqual(numbers(0, 3_000));
});

it("[STREAM-54] a reader that takes nothing while its buffer is full is closed at the second keep-alive", async () => {
	const { shard, feed } = newShard(2_000);
	const slow = joinSlow(feed);
	const eager = joinEager(feed);
	shard.events = 3_000;
	await feed.announce(0);
	await settled();
	feed.keepAlive();
	expect(feed.readers.has(slow.reader)).toBe(true);
	feed.keepAlive();
	expect([...feed.readers]).toEqual([eager.reader]);
	// What had been written before is whole: the client resumes behind its last frame.
	let text = "";
	for await (const chunk of slow.body) text += new TextDecoder().decode(chunk);
	expect(text.endsWith("\n\n")).toBe(true);
});

it("[STREAM-55] a client that has gone frees its reader", async () => {
	const { feed } = newShard();
	const slow = joinSlow(feed);
	await slow.body.cancel();
	expect(slow.isGone()).toBe(true);
	feed.keepAlive();
	expect(slow.reader.sink.isFull).toBe(true);
});
