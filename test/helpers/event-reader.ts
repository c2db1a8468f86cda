/**
 * A reader of an event stream that comes back by itself with its last id, as a browser's EventSource
 * does: for tests that end the network under it.
 */
import { setTimeout as delay } from "node:timers/promises";

export type ReadEvent = { readonly id: string; readonly type: string; readonly subject: string };

export type EventReader = AsyncDisposable & {
	/** CloudEvents in the order in which they came; grows. */
	readonly events: readonly ReadEvent[];
	/** How often it has connected. */
	readonly connections: () => number;
	/** Resolves at its first connection. */
	readonly connected: Promise<void>;
	/** Resolves when `isDone` holds. */
	waitUntil(isDone: (events: readonly ReadEvent[]) => boolean, timeoutMs: number): Promise<void>;
};

/** Before it connects again. */
const RECONNECT_MS = 20;

export function startEventReader(url: string, apiKey: string): EventReader {
	const events: ReadEvent[] = [];
	const end = new AbortController();
	const connected = Promise.withResolvers<void>();
	let connections = 0;
	let lastId = "";
	let notice = Promise.withResolvers<void>();

	function take(block: string): void {
		let data = "";
		for (const line of block.split("\n")) {
			if (line.startsWith("id: ")) lastId = line.slice(4);
			if (line.startsWith("data: ")) data = line.slice(6);
		}
		// Only the first block of a connection and keep-alives have none.
		if (data === "") connected.resolve();
		else events.push(JSON.parse(data));
		notice.resolve();
		notice = Promise.withResolvers();
	}

	async function readOnce(): Promise<void> {
		const headers: Record<string, string> = { authorization: `Bearer ${apiKey}` };
		if (lastId !== "") headers["last-event-id"] = lastId;
		const response = await fetch(url, { headers, signal: end.signal });
		if (response.status !== 200 || response.body === null) {
			throw new Error(`${response.status} ${await response.text()}`);
		}
		connections += 1;
		let text = "";
		for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
			const blocks = (text + chunk).split("\n\n");
			text = blocks.pop() ?? "";
			for (const block of blocks) take(block);
		}
	}

	const running = (async () => {
		while (!end.signal.aborted) {
			// The network is being killed: whatever breaks, the reader comes back.
			await readOnce().catch(() => delay(RECONNECT_MS));
		}
	})();

	return {
		events,
		connections: () => connections,
		connected: connected.promise,
		async waitUntil(isDone, timeoutMs) {
			const until = Date.now() + timeoutMs;
			while (!isDone(events)) {
				if (Date.now() > until) throw new Error(`${events.length} events after ${timeoutMs} ms`);
				await Promise.race([notice.promise, delay(until - Date.now() + 1)]);
			}
		},
		async [Symbol.asyncDispose]() {
			end.abort();
			await running;
		},
	};
}
