/**
 * A reader that takes Server-Sent Events: the body of a response. Its buffer is the stream's own
 * queue, so that what a slow client leaves lying is counted in bytes.
 */
import { type Frame, formatSseFrame, formatSseKeepAlive } from "../../src/core/stream-frame.ts";
import { BUFFER_BYTES } from "./constants.ts";
import type { Sink } from "./reader.ts";

const encoder = new TextEncoder();

export type SseSink = Sink & { readonly body: ReadableStream<Uint8Array> };

export type SseEvents = {
	/** There is room again. */
	readonly onDrain: () => void;
	/** The client has gone. */
	readonly onGone: () => void;
};

/** @param cursor where the stream begins: its first block says so, and flushes the headers */
export function createSseSink(cursor: string, { onDrain, onGone }: SseEvents): SseSink {
	let waiting = "";
	let saidCursor = cursor;
	/** Whether the feed has passed this reader over, and waits to hear that there is room. */
	let isAwaited = false;
	let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
	const body = new ReadableStream<Uint8Array>(
		{
			start(given) {
				controller = given;
				given.enqueue(encoder.encode(formatSseKeepAlive(cursor)));
			},
			pull() {
				if (!isAwaited) return;
				isAwaited = false;
				onDrain();
			},
			cancel() {
				controller = undefined;
				onGone();
			},
		},
		new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_BYTES }),
	);

	function write(text: string): void {
		controller?.enqueue(encoder.encode(text));
	}

	return {
		body,
		get isFull() {
			const isFull = (controller?.desiredSize ?? 0) <= 0;
			isAwaited ||= isFull;
			return isFull;
		},
		send(frame: Frame) {
			waiting += formatSseFrame(frame);
			saidCursor = frame.cursor;
		},
		flush() {
			if (waiting === "") return;
			write(waiting);
			waiting = "";
		},
		keepAlive(at) {
			write(formatSseKeepAlive(at === saidCursor ? null : at));
			saidCursor = at;
		},
		close() {
			// What is in the queue still goes out: a client resumes behind the last whole frame.
			controller?.close();
			controller = undefined;
		},
	};
}
