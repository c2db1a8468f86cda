/**
 * Frames of an event stream: blocks of `text/event-stream` (the HTML standard, section 9.2), and the
 * JSON messages that say the same over a WebSocket. `data` is JSON of one line, so no field needs
 * escaping.
 */

export type Frame = { readonly cursor: string; readonly event: string; readonly data: string };

export function formatSseFrame({ cursor, event, data }: Frame): string {
	return `id: ${cursor}\nevent: ${event}\ndata: ${data}\n\n`;
}

/**
 * A comment that keeps proxies from closing the stream, and the cursor where there is a new one. A
 * block without data is no event, but a client keeps its id: it resumes from there.
 */
export function formatSseKeepAlive(cursor: string | null): string {
	return cursor === null ? ": keep-alive\n\n" : `: keep-alive\nid: ${cursor}\n\n`;
}

/** `{id, event, data}`. */
export function formatSocketFrame({ cursor, event, data }: Frame): string {
	return `{"id":"${cursor}","event":"${event}","data":${data}}`;
}

/** `{id}` alone: where the stream stands. */
export function formatSocketCursor(cursor: string): string {
	return `{"id":"${cursor}"}`;
}
