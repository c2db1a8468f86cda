/**
 * The SDK's client for a connection, through the proxy that the environment names; with `--verbose`
 * it tells every request on stderr.
 */
import { Minoots } from "../../../sdk/src/index.ts";
import { environmentFetch } from "../../../sdk/src/node/environment-fetch.ts";
import type { Connection } from "./connection.ts";
import type { Globals } from "./globals.ts";

export type ClientSettings = {
	readonly globals: Globals;
	/** A line for people, on stderr. */
	readonly tell: (line: string) => void;
	/** Tries of a call, where nobody waits for more than one. */
	readonly attempts?: number;
};

export function createClient(
	{ url, apiKey }: Pick<Connection, "url" | "apiKey">,
	{ globals, tell, attempts }: ClientSettings,
): Minoots {
	const { timeoutMs, verbose } = globals;
	const retry = { attempts };
	const options = { url, apiKey, timeoutMs, retry, fetch: environmentFetch() };
	if (!verbose) return new Minoots(options);
	return new Minoots({
		...options,
		onRequest: ({ method, url, attempt }) =>
			tell(`→ ${method} ${url}${attempt === 1 ? "" : ` (try ${attempt})`}`),
		onResponse: ({ status, durationMs, requestId }) =>
			tell(`← ${status} in ${durationMs} ms${requestId === undefined ? "" : `, ${requestId}`}`),
		onRetry: ({ error, delayMs }) => tell(`↻ ${error.code}, again in ${Math.round(delayMs)} ms`),
	});
}
