/** How a request is written, and what is refused before it is sent. Called by `transport.ts`. */
import type { Query, RequestOptions } from "./options.ts";

export function readBase(url: string | URL): string {
	const text = String(url);
	if (!/^https?:\/\/[^/?#]/.test(text) || !URL.canParse(text)) {
		throw new TypeError(`url: expected one like https://minoots.example.com, got "${text}".`);
	}
	const { origin, pathname } = new URL(text);
	return origin + pathname.replace(/\/+$/, "");
}

/** Said here, since what refuses it as a header shows it. */
export function checkKey(apiKey: string | undefined): void {
	if (apiKey === undefined || /^[!-~]+$/.test(apiKey)) return;
	throw new TypeError("apiKey: expected printable ASCII without spaces or line breaks.");
}

/** An id that is empty or dots would make the path another one's. */
export function checkPath(path: string): void {
	if (path === "/" || /^(?:\/(?!\.{0,2}(?:\/|$))[^/]*)+$/.test(path)) return;
	throw new TypeError(`path: expected one like /v1/timers/<id>, got "${path}".`);
}

export function bodyOf({ body, contentType }: RequestOptions) {
	if (body === undefined) return { body, type: undefined };
	if (typeof body === "string" && contentType !== undefined) return { body, type: contentType };
	return { body: JSON.stringify(body), type: "application/json" };
}

export function queryOf(query: Query = {}): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		for (const one of Array.isArray(value) ? value : [value]) {
			if (one !== undefined) search.append(name, String(one));
		}
	}
	const text = search.toString();
	return text === "" ? "" : `?${text}`;
}
