import { createParser, type EventSourceMessage } from "eventsource-parser";
import fc from "fast-check";
import { expect, it } from "vitest";
import {
	formatSocketFrame,
	formatSseFrame,
	formatSseKeepAlive,
} from "../../../src/core/stream-frame.ts";

const frames = fc.array(
	fc.record({
		cursor: fc.stringMatching(/^[\w-]{1,40}$/),
		event: fc.stringMatching(/^[a-z]+\.[a-z]+$/),
		data: fc.json(),
	}),
);

/** Parses text as it may arrive, in pieces of `size` characters. */
function parse(text: string, size: number): EventSourceMessage[] {
	const events: EventSourceMessage[] = [];
	const parser = createParser({
		onEvent: (event) => events.push(event),
		onError(error) {
			throw error;
		},
	});
	for (let at = 0; at < text.length; at += size) parser.feed(text.slice(at, at + size));
	return events;
}

it("[STREAM-51] a parser that is not ours reads every frame, and no keep-alive as an event", () => {
	fc.assert(
		fc.property(frames, fc.integer({ min: 1, max: 50 }), (all, size) => {
			const text = all
				.map((frame) => formatSseFrame(frame) + formatSseKeepAlive(null) + formatSseKeepAlive("c"))
				.join("");
			expect(parse(formatSseKeepAlive("begin") + text, size)).toEqual(
				all.map(({ cursor, event, data }) => ({ id: cursor, event, data })),
			);
		}),
	);
});

it("[STREAM-51] a WebSocket's frame is JSON of the same three", () => {
	fc.assert(
		fc.property(frames, (all) => {
			for (const frame of all) {
				const { cursor, event, data } = frame;
				const parsed = JSON.parse(formatSocketFrame(frame));
				expect(parsed).toEqual({ id: cursor, event, data: JSON.parse(data) });
			}
		}),
	);
});
