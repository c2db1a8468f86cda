/**
 * A stream of events that does not end: it resumes behind the last event whenever the connection is
 * lost, also when it only falls silent, until it is told to stop.
 */
import { MinootsError } from "../error.ts";
import { Deadline, pause } from "../pause.ts";
import { backoff, isTransient } from "../retry.ts";
import type { Transport } from "../transport.ts";
import type { EventType, MinootsEvent } from "../types.ts";
import { SseParser } from "./sse-parser.ts";

export type StreamOptions = {
	/** Types or prefixes of them, separated by commas: `timer.*,delivery.dead`. */
	readonly topic?: string | undefined;
	/** The same as a list. */
	readonly types?: readonly (EventType | "*" | `${string}.*`)[] | undefined;
	/** Only events of this timer. */
	readonly timer?: string | undefined;
	/** The `cursor` of an event: begins behind it instead of now. */
	readonly after?: string | undefined;
	/**
	 * Told once where the stream begins: whatever happens from then on comes through it, and what
	 * happened before can be read in the history.
	 */
	readonly onOpen?: ((cursor: string) => void) | undefined;
	/** Ends the stream, without an error. */
	readonly signal?: AbortSignal | undefined;
};

/** Stands for events that are kept no longer. */
export type StreamGap = Omit<MinootsEvent, "type" | "subject" | "sequence"> & {
	readonly type: "stream.gap";
};

/** An event, and the cursor behind which a later stream goes on. */
export type StreamedEvent = (MinootsEvent | StreamGap) & { readonly cursor: string };

const PATH = "/v1/events/stream";
/** The network says something every 15 s, so this is two of its signs of life missed. */
const SILENCE_MS = 40_000;

export async function* streamEvents(
	transport: Transport,
	{ topic, types = [], timer, after = "", onOpen, signal }: StreamOptions,
): AsyncGenerator<StreamedEvent, void, undefined> {
	const topics = [...(topic === undefined ? [] : [topic]), ...types].join(",");
	const query = { topic: topics || undefined, timer };
	let lastId = after;
	let failures = 0;
	let isOpen = false;
	for (let isKnown = false; !signal?.aborted; ) {
		const watch = new Deadline(SILENCE_MS, signal);
		try {
			const headers = { accept: "text/event-stream", ...(lastId && { "last-event-id": lastId }) };
			const request = { query, headers, signal: watch.signal };
			const body = await transport.send("GET", PATH, request, requireBody);
			isKnown = true;
			for await (const { cursor, event } of readEvents(body, lastId, watch)) {
				failures = 0;
				lastId = cursor;
				if (!isOpen) onOpen?.(cursor);
				isOpen = true;
				if (event !== undefined) yield { ...event, cursor };
			}
		} catch (error) {
			if (signal?.aborted) return;
			if (!isLost(error, watch) || !isKnown) throw error;
		} finally {
			watch.clear();
		}
		if (signal?.aborted) return;
		failures += 1;
		const delayMs = backoff(failures);
		transport.log("info", `The event stream was lost; back in ${delayMs} ms.`, { failures });
		await pause(delayMs, signal);
	}
}

type Progress = { readonly cursor: string; readonly event: MinootsEvent | undefined };

/** What comes in, to the end of the connection: events, and new cursors without one. */
async function* readEvents(
	body: ReadableStream<Uint8Array>,
	after: string,
	watch: Deadline,
): AsyncGenerator<Progress, void, undefined> {
	const reader = body.getReader();
	// Ends a read that waits, and the connection.
	const cancel = () => void reader.cancel().catch(() => {}); // it has failed by itself
	watch.signal.addEventListener("abort", cancel);
	const parser = new SseParser();
	const decoder = new TextDecoder();
	let cursor = after;
	try {
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return;
			watch.restart(SILENCE_MS);
			for (const message of parser.push(decoder.decode(value, { stream: true }))) {
				cursor = message.lastId || cursor;
				yield { cursor, event: JSON.parse(message.data) };
			}
			if (parser.lastId !== cursor && parser.lastId !== "") {
				cursor = parser.lastId;
				yield { cursor, event: undefined };
			}
		}
	} finally {
		watch.signal.removeEventListener("abort", cancel);
		cancel();
	}
}

async function requireBody({ body }: Response): Promise<ReadableStream<Uint8Array>> {
	if (body !== null) return body;
	throw new MinootsError(`GET ${PATH}: an answer without a body.`, { code: "unexpected_answer" });
}

/** Whether the way there is what failed, so that another try may succeed. */
function isLost(error: unknown, watch: Deadline): boolean {
	if (watch.expired) return true;
	// A body that breaks off rejects with an error of the platform.
	return !(error instanceof MinootsError) || isTransient(error, true) || error.status >= 500;
}
