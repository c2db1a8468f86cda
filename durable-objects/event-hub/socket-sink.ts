/**
 * A reader on a WebSocket. It outlives the object's memory: the platform keeps the socket, and its
 * attachment says who reads and how far, so that a hub without traffic costs nothing.
 */
import { formatSocketFrame } from "../../src/core/stream-frame.ts";
import type { Sink } from "./reader.ts";
import type { ReaderSpec } from "./rpc.ts";

/** The attachment: the reader with its cursor of now. */
export type SocketSpec = Omit<ReaderSpec, "token">;

/** RFC 6455, 7.4.1: the server is going away; the client comes back with its last id. */
const GOING_AWAY = 1_001;
const NORMAL = 1_000;
/** A close without a code, and a connection that broke: neither may be sent. */
const NO_CODE = 1_005;
const BROKEN: readonly number[] = [1_006, 1_015];

export function createSocketSink(socket: WebSocket, spec: SocketSpec): Sink {
	function flush(cursor: string): void {
		socket.serializeAttachment({ ...spec, cursor } satisfies SocketSpec);
	}
	return {
		// The platform does not tell how much waits in a socket, and buffers by itself.
		isFull: false,
		send(frame) {
			if (socket.readyState === WebSocket.OPEN) socket.send(formatSocketFrame(frame));
		},
		flush,
		// The protocol has pings of its own, which the platform answers.
		keepAlive() {},
		close() {
			socket.close(GOING_AWAY, "Connect again with your last id.");
		},
	};
}

/** The other half of the closing handshake: without it the client waits for its end. */
export function answerClose(socket: WebSocket, code: number): void {
	if (!BROKEN.includes(code)) socket.close(code === NO_CODE ? NORMAL : code);
}
