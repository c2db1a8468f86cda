/**
 * Cursors of lists: the position of the last item and a tag of what was listed, as opaque text. A
 * cursor is no secret and grants nothing: a made-up one skips items of its own maker. The tag is
 * there so that a cursor put to another filter is refused instead of answering nonsense.
 */

/** Order and filter of a list as any JSON value; equal lists must write equal values. */
export type CursorScope = readonly unknown[];

const VERSION = "1";
const NUMBER = /^(?:\d{1,16}|Infinity)$/;

/** @param position whole numbers from 0, or Infinity; as many as the list's order has */
export function encodeCursor(position: readonly number[], scope: CursorScope): string {
	return toBase64Url([VERSION, tagOf(scope), ...position].join("."));
}

/**
 * The position in a cursor that `encodeCursor` wrote for the same scope; `undefined` when it is
 * malformed, or belongs to another list. `bounds` are the largest values, one a number.
 */
export function decodeCursor(
	text: string,
	scope: CursorScope,
	bounds: readonly number[],
): readonly number[] | undefined {
	const [version, tag, ...numbers] = fromBase64Url(text)?.split(".") ?? [];
	if (version !== VERSION || tag !== tagOf(scope) || numbers.length !== bounds.length) {
		return undefined;
	}
	const position = numbers.map(Number);
	const isSound = numbers.every((digits, index) => {
		return NUMBER.test(digits) && Number(digits) <= (bounds[index] ?? 0);
	});
	return isSound ? position : undefined;
}

/** The same for a list in the order of names: ASCII text that is its items' position. */
export function encodeNameCursor(name: string, scope: CursorScope): string {
	return toBase64Url([VERSION, tagOf(scope), name].join("."));
}

/** The name in a cursor that `encodeNameCursor` wrote for the same scope; else `undefined`. */
export function decodeNameCursor(text: string, scope: CursorScope): string | undefined {
	const begin = `${VERSION}.${tagOf(scope)}.`;
	const plain = fromBase64Url(text);
	return plain?.startsWith(begin) ? plain.slice(begin.length) : undefined;
}

/** FNV-1a over two offsets: 64 bits are ample where nobody gains by a collision. */
function tagOf(scope: CursorScope): string {
	const text = JSON.stringify(scope);
	return `${fnv1a(text, 0x811c9dc5)}${fnv1a(text, 0x9747b28c)}`;
}

function fnv1a(text: string, offset: number): string {
	let hash = offset;
	for (let at = 0; at < text.length; at++) {
		hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	}
	return (hash >>> 0).toString(36);
}

/** The text is ASCII, so that `btoa` takes it. */
function toBase64Url(text: string): string {
	return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

function fromBase64Url(text: string): string | undefined {
	if (!/^[\w-]+$/.test(text)) return undefined;
	try {
		return atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	} catch {
		return undefined;
	}
}
