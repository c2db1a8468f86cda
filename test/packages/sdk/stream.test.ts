/** How the event stream is read and resumed: the parser on vectors, the rest on a scripted network. */
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { SseParser } from "../../../packages/sdk/src/events/sse-parser.ts";
import {
	Minoots,
	type StreamedEvent,
	type StreamOptions,
} from "../../../packages/sdk/src/index.ts";
import { getPublishedVectors } from "../../unit/published-vectors.ts";
import { fc, test as property } from "./properties.ts";
import { type Answer, problem, rejection, scriptedFetch } from "./scripted-fetch.ts";

type Vectors = {
	readonly vectors: readonly {
		readonly id: string;
		readonly chunks: readonly string[];
		readonly events: readonly { readonly event: string; readonly data: string }[];
	}[];
	readonly reconnect: readonly {
		readonly name: string;
		readonly stream: readonly string[];
		readonly expectLastEventId: string | null;
	}[];
};

const published = getPublishedVectors<Vectors>("sse/vectors.json");
/** The bytes of a byte order mark, as they stand in the vectors; a decoder makes one character of them. */
const BOM_BYTES = "\u00EF\u00BB\u00BF";

function parse(chunks: readonly string[]) {
	const parser = new SseParser();
	const messages = chunks.flatMap((chunk) => [...parser.push(chunk)]);
	return { parser, messages };
}

describe("the parser", () => {
	test.each(published?.vectors ?? [])("[SDK-20] reads the published stream $id", (vector) => {
		const { messages } = parse(vector.chunks.map((chunk) => chunk.replace(BOM_BYTES, "\uFEFF")));
		const read = messages.map(({ event, data }) => ({ event: event || "message", data }));
		expect(read).toEqual(vector.events.map(({ event, data }) => ({ event, data })));
	});

	test.each(published?.reconnect ?? [])("[SDK-20] knows where to go on: $name", (vector) => {
		expect(parse(vector.stream).parser.lastId).toBe(vector.expectLastEventId ?? "");
	});

	property(
		"[SDK-20] reads any text in any chunks as eventsource-parser does",
		[
			fc.array(
				fc.oneof(
					fc.constantFrom(
						"data",
						"event",
						"id",
						":",
						": ",
						" ",
						"\n",
						"\n\n",
						"\r\n",
						"x",
						"retry",
					),
					fc.string({ maxLength: 3 }),
				),
				{ maxLength: 60 },
			),
			fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 10 }),
		],
		(parts, sizes) => {
			const text = parts.join("");
			const chunks: string[] = [];
			for (let at = 0, index = 0; at < text.length; index++) {
				const size = sizes[index % sizes.length] ?? 1;
				chunks.push(text.slice(at, at + size));
				at += size;
			}
			const expected: EventSourceMessage[] = [];
			const oracle = createParser({ onEvent: (event) => expected.push(event) });
			for (const chunk of chunks) oracle.feed(chunk);
			const read = parse(chunks).messages.map(({ event, data }) => ({ event, data }));
			expect(read).toEqual(expected.map(({ event = "", data }) => ({ event, data })));
		},
		{ numRuns: 500 },
	);
});

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

/** What the network says before a connection ends ("cut"), or stays open without another word. */
function stream(text: string, then: "open" | "ends" | "cut"): Answer {
	return () => {
		const body = new ReadableStream({
			start(controller) {
				controller.enqueue(new TextEncoder().encode(text));
				if (then === "ends") controller.close();
			},
			pull(controller) {
				if (then === "cut") controller.error(new TypeError("terminated"));
			},
		});
		// Not a copy of it: what is read must be the body itself, whose end is the connection's.
		return new Response(body, { headers: { "content-type": "text/event-stream" } });
	};
}

function frame(cursor: string): string {
	return `id: ${cursor}\nevent: timer.fired\ndata: {"type":"timer.fired","id":"evt_${cursor}"}\n\n`;
}

function follow(answers: readonly Answer[], options: StreamOptions = {}) {
	const { fetch, asked } = scriptedFetch(...answers);
	const minoots = new Minoots({ url: "https://network.example", apiKey: "k", fetch });
	const stop = new AbortController();
	const seen: StreamedEvent[] = [];
	const over = (async () => {
		for await (const event of minoots.events.stream({ signal: stop.signal, ...options })) {
			seen.push(event);
		}
	})();
	over.catch(() => {}); // told by the caller's await
	const resumedAt = () => asked.map(({ headers }) => headers.get("last-event-id"));
	return { stop, seen, over, asked, resumedAt };
}

describe("the stream", () => {
	test("[SDK-21] goes on behind the last event, and behind a cursor that came alone", async () => {
		const { stop, seen, over, asked, resumedAt } = follow(
			[
				stream(`: keep-alive\nid: start\n\n`, "ends"),
				stream(frame("a") + frame("b"), "cut"),
				stream(`${frame("c")}: keep-alive\nid: quiet\n\n`, "ends"),
				"lost",
				problem(503, "unavailable"),
				stream(frame("d"), "open"),
			],
			{ types: ["timer.*", "delivery.dead"], timer: "tmr_1", after: "before" },
		);
		await vi.advanceTimersByTimeAsync(30_000);
		expect(seen.map(({ cursor, id }) => `${cursor} ${id}`)).toEqual(
			["a", "b", "c", "d"].map((cursor) => `${cursor} evt_${cursor}`),
		);
		expect(resumedAt()).toEqual(["before", "start", "b", "quiet", "quiet", "quiet"]);
		expect(asked[0]?.url.search).toBe("?topic=timer.*%2Cdelivery.dead&timer=tmr_1");
		expect(asked[0]?.headers.get("accept")).toBe("text/event-stream");
		stop.abort();
		await over;
		await vi.advanceTimersByTimeAsync(60_000);
		expect(asked).toHaveLength(6);
	});

	test("[SDK-22] leaves a connection that has fallen silent", async () => {
		const { seen, asked, resumedAt } = follow([
			stream(frame("a"), "open"),
			stream(frame("b"), "open"),
			"silent",
		]);
		await vi.advanceTimersByTimeAsync(39_000);
		expect(asked).toHaveLength(1);
		await vi.advanceTimersByTimeAsync(2_000);
		expect(seen.map(({ cursor }) => cursor)).toEqual(["a", "b"]);
		expect(resumedAt()).toEqual([null, "a"]);
	});

	test("[SDK-23] ends with a refusal, and at first also when there is no network", async () => {
		const refused = follow([stream(frame("a"), "ends"), problem(401, "unauthorized")]);
		await vi.advanceTimersByTimeAsync(10_000);
		expect(await rejection(refused.over)).toMatchObject({ code: "unauthorized" });
		expect(refused.seen).toHaveLength(1);
		const absent = follow(["lost"]);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(await rejection(absent.over)).toMatchObject({ code: "connection_failed" });
		expect(absent.asked).toHaveLength(4);
	});
});
