/** Why no answer came, in words. Called by `transport.ts`. */
import { MinootsError } from "./error.ts";

export function abortedError(call: string, signal: AbortSignal): MinootsError {
	return new MinootsError(`${call}: aborted.`, { code: "aborted", cause: signal.reason });
}

/** A browser tells a page nothing of why it may not call another origin, so this says it. */
export function placeOf(url: string): string {
	const { origin } = new URL(url);
	// Not `globalThis.origin`, which Workers have too.
	const page: string | undefined = Reflect.get(globalThis, "location")?.origin;
	return page === undefined || page === origin
		? origin
		: `${origin}, whose CORS_ORIGINS must name ${page}`;
}

/** `fetch` says "fetch failed" and why only in the cause, which may have no words. */
export function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const why = error.cause instanceof Error ? reasonOf(error.cause) : "";
	if (why !== "") return why;
	// OpenSSL's text is the source's line.
	if (/wrong version number/.test(error.message)) return "no TLS is spoken there (http://?)";
	return error.message.trim().replace(/[.?!]$/, ""); // a sentence goes on behind it
}
