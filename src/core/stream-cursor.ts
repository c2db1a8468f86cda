/**
 * Cursors of event streams (decision 17): how far the events of each shard were read, as opaque
 * text. Bytes: a check of the rest, then shard, chunk and index of each position as varints, by
 * ascending shard. A shard that is missing is read from its beginning. A cursor is no secret and
 * grants nothing; the check refuses one that is mistyped or another tenant's.
 */

/** `index` events of `chunk` were read. */
export type StreamPosition = { readonly chunk: number; readonly index: number };
/** By shard. */
export type StreamCursor = ReadonlyMap<number, StreamPosition>;

const CHECK_BYTES = 4;
const SHARD_MAX = 255;
/** A sequence has 48 bits, and 512 of them make a chunk. */
const CHUNK_MAX = 2 ** 39 - 1;
const INDEX_MAX = 512;
/** Characters of the longest cursor: 64 shards of at most 10 bytes each. */
export const STREAM_CURSOR_LENGTH_MAX = 1_024;

export function encodeStreamCursor(cursor: StreamCursor, tenant: string): string {
	const bytes: number[] = [];
	for (const shard of [...cursor.keys()].sort((a, b) => a - b)) {
		const { chunk, index } = cursor.get(shard) ?? { chunk: 0, index: 0 };
		for (const number of [shard, chunk, index]) writeVarint(number, bytes);
	}
	const text = String.fromCharCode(...checkOf(bytes, tenant), ...bytes);
	return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** What `encodeStreamCursor` wrote for the same tenant; `undefined` for anything else. */
export function decodeStreamCursor(text: string, tenant: string): StreamCursor | undefined {
	const bytes = bytesOf(text);
	if (bytes === undefined || bytes.length < CHECK_BYTES) return undefined;
	const body = bytes.slice(CHECK_BYTES);
	const numbers = readVarints(body);
	if (numbers === undefined || numbers.length % 3 !== 0) return undefined;
	const cursor = new Map<number, StreamPosition>();
	for (let at = 0; at < numbers.length; at += 3) {
		const [shard = 0, chunk = 0, index = 0] = numbers.slice(at, at + 3);
		if (shard > SHARD_MAX || chunk > CHUNK_MAX || index > INDEX_MAX) return undefined;
		cursor.set(shard, { chunk, index });
	}
	// Writing it again compares the check, the order and the shape of every number at once.
	return encodeStreamCursor(cursor, tenant) === text ? cursor : undefined;
}

function writeVarint(number: number, into: number[]): void {
	let rest = number;
	while (rest > 127) {
		into.push((rest % 128) + 128);
		rest = Math.floor(rest / 128);
	}
	into.push(rest);
}

function readVarints(bytes: readonly number[]): readonly number[] | undefined {
	const numbers: number[] = [];
	let value = 0;
	let factor = 1;
	for (const byte of bytes) {
		value += (byte % 128) * factor;
		factor *= 128;
		if (value > Number.MAX_SAFE_INTEGER) return undefined;
		if (byte > 127) continue;
		numbers.push(value);
		value = 0;
		factor = 1;
	}
	return factor === 1 ? numbers : undefined;
}

/** FNV-1a over tenant and body. */
function checkOf(body: readonly number[], tenant: string): readonly number[] {
	let hash = 0x811c9dc5;
	for (let at = 0; at < tenant.length; at++) hash = mix(hash, tenant.charCodeAt(at));
	hash = mix(hash, 0);
	for (const byte of body) hash = mix(hash, byte);
	return [hash >>> 24, (hash >>> 16) & 255, (hash >>> 8) & 255, hash & 255];
}

function mix(hash: number, value: number): number {
	return Math.imul(hash ^ value, 0x01000193);
}

function bytesOf(text: string): readonly number[] | undefined {
	if (text.length > STREAM_CURSOR_LENGTH_MAX || !/^[\w-]+$/.test(text)) return undefined;
	if (text.length % 4 === 1) return undefined;
	const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	return Array.from(binary, (letter) => letter.charCodeAt(0));
}
