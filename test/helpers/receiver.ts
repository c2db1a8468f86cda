/**
 * A webhook receiver on loopback, for end-to-end tests and the benchmark: it notes every request with
 * its arrival and answers as the path says, so that a timer's URL chooses the behaviour and the
 * receiver may as well run in a process of its own.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { close, listen } from "./loopback.ts";
import { takeNotes } from "./notes.ts";

export type Received = {
	/** Epoch ms when the headers were in, with fractions. */
	readonly arrivedAt: number;
	readonly method: string;
	/** Path and query. */
	readonly path: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
};

export type Receiver = {
	/** Origin, without a slash at the end. */
	readonly url: string;
	readonly port: number;
	/** In order of arrival; a request is noted when its body is in. */
	readonly received: readonly Received[];
	/** Resolves once `count` requests are in; rejects, telling how many are, after `timeoutMs`. */
	readonly waitFor: (count: number, timeoutMs?: number) => Promise<readonly Received[]>;
	/** The most connections that were open at once. */
	readonly peakConnections: () => number;
	readonly clear: () => void;
	readonly close: () => Promise<void>;
};

type Answer = (response: ServerResponse, argument: string, request: IncomingMessage) => unknown;

const CHUNK = Buffer.alloc(65_536, "a");
const DRIP_MS = 50;

/** By the first segment of the path; the second is the argument. Anything else answers 200. */
const ANSWERS: Readonly<Record<string, Answer>> = {
	/** `/status/503`, and `?retry-after=2` for that header. */
	status: (response, status, request) => {
		const retryAfter = new URL(request.url ?? "", "http://receiver").searchParams.get(
			"retry-after",
		);
		if (retryAfter !== null) response.setHeader("retry-after", retryAfter);
		response.writeHead(Number(status)).end(`status ${status}`);
	},
	/** `/delay/250`: answers 200 after so many milliseconds. */
	delay: async (response, ms) => {
		await delay(Number(ms));
		response.end("late");
	},
	/** Takes the request and says nothing. */
	hang: () => undefined,
	/** Takes the request and cuts the connection. */
	reset: (_response, _argument, request) => request.socket.resetAndDestroy(),
	/** `/redirect/307`: to `/redirected` of this receiver. */
	redirect: (response, status) =>
		response.writeHead(Number(status), { location: "/redirected" }).end(),
	/** 200, and a body of so many bytes. */
	huge: (response, bytes) =>
		pipeline(Readable.from(chunks(Number(bytes))), response).catch(
			// The sender cuts it off.
			() => undefined,
		),
	/** 200, and a body that never ends, a byte at a time. */
	drip: async (response) => {
		for (; !response.destroyed; await delay(DRIP_MS)) response.write(".");
	},
};

function* chunks(bytes: number): Generator<Buffer> {
	for (let left = bytes; left > 0; left -= CHUNK.length) yield CHUNK.subarray(0, left);
}

/** Listens on a free port of loopback, or on `port`. */
export async function startReceiver(port = 0): Promise<Receiver> {
	const notes = takeNotes<Received>();
	let open = 0;
	let peak = 0;

	const server = createServer((request, response) => answer(request, response, notes.note));
	// Longer than any test: a connection that the receiver drops while it is idle looks like a fault.
	server.keepAliveTimeout = 60_000;
	server.on("connection", (socket) => {
		peak = Math.max(peak, ++open);
		socket.once("close", () => open--);
	});
	const listening = await listen(server, port);

	return {
		url: `http://127.0.0.1:${listening}`,
		port: listening,
		received: notes.items,
		waitFor: notes.waitFor,
		peakConnections: () => peak,
		clear: () => {
			notes.items.length = 0;
		},
		close: () => close(server),
	};
}

/** Throws unless the official library of Standard Webhooks takes the request for genuine. */
export function verifySignature(secret: string, { body, headers }: Received): void {
	new Webhook(secret).verify(body, headers);
}

function answer(
	request: IncomingMessage,
	response: ServerResponse,
	note: (request: Received) => void,
): void {
	const arrivedAt = performance.timeOrigin + performance.now();
	const path = request.url ?? "/";
	const chunks: Buffer[] = [];
	request.on("data", (chunk: Buffer) => chunks.push(chunk));
	request.on("end", () => {
		note({
			arrivedAt,
			method: request.method ?? "",
			path,
			headers: request.headers as Record<string, string>, // Nobody sends `set-cookie` here.
			body: Buffer.concat(chunks).toString(),
		});
		const [, kind = "", argument = ""] = path.split(/[/?]/);
		const special = ANSWERS[kind];
		if (special === undefined) response.end("ok");
		else void special(response, argument, request);
	});
}
