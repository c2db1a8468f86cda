/**
 * The live streams of one tenant (decision 17): Server-Sent Events and WebSockets. It stores no
 * events; while it has readers it is registered with the tenant's shards, which poke it, and reads
 * from them. The class only connects: the hub, the feed and the sinks are beside it.
 */
import { DurableObject } from "cloudflare:workers";
import { decodeStreamCursor } from "../../src/core/stream-cursor.ts";
import { formatSocketCursor } from "../../src/core/stream-frame.ts";
import type { Env } from "../../src/env.ts";
import { hasSchema, type Migration, migrate } from "../shared/migrate.ts";
import { KEEP_ALIVE_MS, TOKENS_SWEPT } from "./constants.ts";
import { Hub } from "./hub.ts";
import init from "./migrations/0001_init.sql";
import type { Reader } from "./reader.ts";
import { type EventHubRpc, READER_PARAMETER, type ReaderSpec, TOKEN_SPENT_STATUS } from "./rpc.ts";
import { answerClose, createSocketSink, type SocketSpec } from "./socket-sink.ts";
import { createSseSink } from "./sse-sink.ts";
import { createStore } from "./store.ts";

const MIGRATIONS: readonly Migration[] = [{ id: "0001_init", sql: init }];

export class EventHub extends DurableObject<Env> implements EventHubRpc {
	readonly #hub: Hub;
	readonly #sockets = new Map<WebSocket, Reader>();
	#keepAlive: ReturnType<typeof setInterval> | null = null;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#hub = new Hub(ctx, env);
		for (const socket of ctx.getWebSockets()) this.#restore(socket);
	}

	/** A reader comes, as the edge describes it. */
	override async fetch(request: Request): Promise<Response> {
		// Only the edge calls, with what it has parsed and checked.
		const text = new URL(request.url).searchParams.get(READER_PARAMETER) ?? "";
		const { token, ...spec } = JSON.parse(text) as ReaderSpec;
		this.#hub.isOf(spec.tenant);
		if (token !== null && !this.#spend(token)) {
			return new Response(null, { status: TOKEN_SPENT_STATUS });
		}
		return request.headers.get("upgrade") === null ? this.#openSse(spec) : this.#openSocket(spec);
	}

	async poke(shard: number): Promise<boolean> {
		if (this.#hub.release()) return false;
		this.ctx.waitUntil(this.#hub.feed.announce(shard));
		return true;
	}

	override async alarm(): Promise<void> {
		await this.#hub.renew();
	}

	override webSocketClose(socket: WebSocket, code: number): void {
		this.#drop(socket);
		answerClose(socket, code);
	}

	override webSocketError(socket: WebSocket): void {
		this.#drop(socket);
	}

	async #openSse(spec: SocketSpec): Promise<Response> {
		let body: ReadableStream | null = null;
		const reader = await this.#hub.open(spec, (cursor) => {
			const sink = createSseSink(cursor, {
				onDrain: () => this.#hub.resume(),
				onGone: () => this.#hub.feed.leave(reader),
			});
			body = sink.body;
			return sink;
		});
		this.#keepAlive ??= setInterval(() => this.#beat(), KEEP_ALIVE_MS);
		return new Response(body, { headers: { "content-type": "text/event-stream" } });
	}

	async #openSocket(spec: SocketSpec): Promise<Response> {
		const pair = new WebSocketPair();
		const socket = pair[1];
		const reader = await this.#hub.open(spec, (cursor) => {
			this.ctx.acceptWebSocket(socket);
			const sink = createSocketSink(socket, spec);
			socket.send(formatSocketCursor(cursor));
			sink.flush(cursor);
			return sink;
		});
		this.#sockets.set(socket, reader);
		return new Response(null, { status: 101, webSocket: pair[0] });
	}

	#restore(socket: WebSocket): void {
		// `createSocketSink` has written it.
		const spec = socket.deserializeAttachment() as SocketSpec;
		this.#hub.isOf(spec.tenant);
		const cursor = decodeStreamCursor(spec.cursor ?? "", spec.tenant) ?? new Map();
		const sink = createSocketSink(socket, spec);
		this.#sockets.set(socket, this.#hub.restore(spec, cursor, sink));
	}

	#drop(socket: WebSocket): void {
		const reader = this.#sockets.get(socket);
		if (reader !== undefined) this.#hub.feed.leave(reader);
		this.#sockets.delete(socket);
	}

	#beat(): void {
		this.#hub.feed.keepAlive();
		// Sockets need no beat, and one would keep the object from being evicted.
		if (this.#hub.feed.readers.size > this.#sockets.size) return;
		if (this.#keepAlive !== null) clearInterval(this.#keepAlive);
		this.#keepAlive = null;
	}

	/** Whether the token is used for the first time. */
	#spend({ nonce, expiresAt }: { readonly nonce: string; readonly expiresAt: number }): boolean {
		if (!hasSchema(this.ctx.storage)) migrate(this.ctx.storage, MIGRATIONS);
		const store = createStore(this.ctx.storage);
		store.sweepTokens.run(Date.now(), TOKENS_SWEPT);
		return store.spendToken.first(nonce, expiresAt) !== undefined;
	}
}
