/**
 * One keep-alive HTTP/1.1 connection with one request at a time, straight on a socket. The load
 * generator shares two cores with what it measures, and a full client costs several times more CPU a
 * request. Not a general client: it reads the answers of workerd and of this folder, no others.
 */
import { connect, type Socket } from "node:net";

const HEAD_END = "\r\n\r\n";
const CHUNKS_END = Buffer.from("\r\n0\r\n\r\n");
/** An empty chunked body is only its last chunk. */
const NO_CHUNKS = Buffer.from("0\r\n\r\n");
/** "HTTP/1.1 " */
const STATUS_AT = 9;

/** `body` is raw: of a chunked answer it still holds the chunk sizes. */
export type Answer = { readonly status: number; readonly head: string; readonly body: Buffer };

export class Connection {
	readonly #host: string;
	readonly #port: number;
	#socket: Socket | null = null;
	#received: Buffer = Buffer.alloc(0);
	#waiting: PromiseWithResolvers<Answer> | null = null;

	/** `origin` as in a URL: `http://127.0.0.1:3000`. Connects with the first request. */
	constructor(origin: string) {
		const { hostname, port } = new URL(origin);
		this.#host = hostname;
		this.#port = Number(port);
	}

	/** Sends a whole request; rejects when the connection breaks before the answer is complete. */
	request(bytes: Buffer): Promise<Answer> {
		const waiting = Promise.withResolvers<Answer>();
		this.#waiting = waiting;
		const socket = this.#socket ?? this.#open();
		socket.write(bytes);
		return waiting.promise;
	}

	close(): void {
		this.#socket?.destroy();
	}

	#open(): Socket {
		const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
		this.#socket = socket;
		this.#received = Buffer.alloc(0);
		socket.on("data", (chunk) => this.#take(chunk));
		const broken = (error?: Error) => {
			if (this.#socket !== socket) return;
			this.#socket = null;
			this.#waiting?.reject(error ?? new Error("The connection was closed"));
			this.#waiting = null;
		};
		socket.on("error", broken);
		socket.on("close", () => broken());
		return socket;
	}

	#take(chunk: Buffer): void {
		this.#received = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk]);
		const answer = readAnswer(this.#received);
		if (answer === undefined || this.#waiting === null) return;
		const waiting = this.#waiting;
		this.#received = Buffer.alloc(0);
		this.#waiting = null;
		waiting.resolve(answer);
	}
}

/** The answer when it is complete; nothing follows it, since there is one request at a time. */
function readAnswer(received: Buffer): Answer | undefined {
	const end = received.indexOf(HEAD_END);
	if (end === -1) return undefined;
	const head = received.toString("latin1", 0, end);
	const body = received.subarray(end + HEAD_END.length);
	if (!isComplete(head, body)) return undefined;
	return { status: Number(head.slice(STATUS_AT, STATUS_AT + 3)), head, body };
}

function isComplete(head: string, body: Buffer): boolean {
	const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
	if (length !== undefined) return body.length >= Number(length);
	if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return true;
	return body.equals(NO_CHUNKS) || body.subarray(-CHUNKS_END.length).equals(CHUNKS_END);
}
