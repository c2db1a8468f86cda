/**
 * Reads a request's body into memory, never more of it than the route allows, and as UTF-8 that is
 * UTF-8. Nothing here looks at what the text says.
 */

import { ok, type Result } from "../core/result.ts";
import { KIB, MIB } from "../core/units.ts";
import { type HttpFailure, refuse } from "./failure.ts";

export type RawBody = { readonly bytes: Uint8Array; readonly text: string };

// `fatal`: bytes that are not UTF-8 are an error, not U+FFFD in somebody's data. A byte order mark
// is dropped, as RFC 8259 section 8.1 permits.
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

/** The body as bytes and text; 413 over `limit` bytes, 400 when it is not UTF-8. */
export async function readBytes(
	request: Request,
	limit: number,
): Promise<Result<RawBody, HttpFailure>> {
	const declared = request.headers.get("content-length");
	if (declared !== null && Number(declared) > limit) return tooLarge(limit);
	// With a declared length the transport ends the body there, so it can be taken in one piece.
	const bytes =
		declared === null ? await readAtMost(request.body, limit) : await readWhole(request);
	if (bytes === undefined || bytes.byteLength > limit) return tooLarge(limit);
	try {
		return ok({ bytes, text: utf8.decode(bytes) });
	} catch {
		return refuse("invalid_encoding", "The body holds bytes that are not UTF-8.");
	}
}

async function readWhole(request: Request): Promise<Uint8Array> {
	return new Uint8Array(await request.arrayBuffer());
}

/** The whole stream, or `undefined` once it is longer than `limit`; the rest is not read. */
async function readAtMost(
	stream: ReadableStream<Uint8Array> | null,
	limit: number,
): Promise<Uint8Array | undefined> {
	if (stream === null) return new Uint8Array(0);
	const reader = stream.getReader();
	const pieces: Uint8Array[] = [];
	let length = 0;
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return join(pieces, length);
		length += value.byteLength;
		if (length > limit) {
			await reader.cancel();
			return undefined;
		}
		pieces.push(value);
	}
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array {
	const whole = new Uint8Array(length);
	let at = 0;
	for (const piece of pieces) {
		whole.set(piece, at);
		at += piece.byteLength;
	}
	return whole;
}

function tooLarge(limit: number): Result<never, HttpFailure> {
	const size = limit % MIB === 0 ? `${limit / MIB} MiB` : `${Math.floor(limit / KIB)} KiB`;
	return refuse("payload_too_large", `The body is larger than the ${size} this call takes.`);
}
