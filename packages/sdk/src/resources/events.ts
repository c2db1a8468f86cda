/** `/v1/events`: what happens, told and followed. */
import { type StreamedEvent, type StreamOptions, streamEvents } from "../events/stream.ts";
import type { CallOptions } from "../options.ts";
import type { Transport } from "../transport.ts";
import type { EventPublish, Published, StreamToken } from "../types.ts";

export class Events {
	readonly #transport: Transport;

	constructor(transport: Transport) {
		this.#transport = transport;
	}

	/** Events as they happen, from now on or behind `after`; a lost connection is resumed. */
	stream(options: StreamOptions = {}): AsyncGenerator<StreamedEvent, void, undefined> {
		return streamEvents(this.#transport, options);
	}

	/** Fires the timers whose schedule names the topic. */
	publish(input: EventPublish, options?: CallOptions): Promise<Published> {
		return this.#transport.call("POST", "/v1/events", { ...options, body: input });
	}

	/** For a browser's EventSource or WebSocket, which cannot send a key: good once, for a minute. */
	token(options?: CallOptions): Promise<StreamToken> {
		return this.#transport.call("POST", "/v1/stream-tokens", options);
	}
}
