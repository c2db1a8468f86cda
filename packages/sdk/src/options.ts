/** What a client is made with, and what each call may be told. */
import type { MinootsError } from "./error.ts";

/** Passed one entry per answer, retry and lost connection. */
export type Log = ((entry: LogEntry) => void) | ConsoleLike;

/** As `fetch` takes them. */
export type HeaderFields = Headers | Readonly<Record<string, string>> | [string, string][];

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogEntry = {
	readonly level: LogLevel;
	readonly message: string;
	readonly [field: string]: unknown;
};
export type ConsoleLike = { readonly [L in LogLevel]: (message: string, fields: object) => void };

/** One try of a call. Headers may be changed by `onRequest`. */
export type RequestInfo = {
	readonly method: string;
	readonly url: string;
	readonly headers: Headers;
	/** 1 at first. */
	readonly attempt: number;
};
export type ResponseInfo = RequestInfo & {
	readonly status: number;
	readonly requestId: string | undefined;
	readonly durationMs: number;
};
export type RetryInfo = RequestInfo & { readonly error: MinootsError; readonly delayMs: number };

export type RetryOptions = {
	/** Tries in all, the first included. Default 4; 1 never retries. */
	readonly attempts?: number | undefined;
	/** Longest first pause, doubled each time. Default 250. */
	readonly minDelayMs?: number | undefined;
	/** Longest pause. Default 10,000. */
	readonly maxDelayMs?: number | undefined;
};

export type MinootsOptions = {
	/** Where the network is, e.g. `https://minoots.example.com`. */
	readonly url: string | URL;
	/** Sent as a bearer token. Public calls need none. */
	readonly apiKey?: string | undefined;
	readonly fetch?: typeof fetch | undefined;
	/** For each try, its body included. Default 30,000. */
	readonly timeoutMs?: number | undefined;
	readonly retry?: RetryOptions | undefined;
	readonly log?: Log | undefined;
	/** Sent with every request. */
	readonly headers?: HeaderFields | undefined;
	/** W3C Trace Context that deliveries continue; asked for each request where it is a function. */
	readonly traceparent?: string | (() => string | undefined) | undefined;
	readonly onRequest?: ((request: RequestInfo) => void | Promise<void>) | undefined;
	readonly onResponse?: ((response: ResponseInfo) => void | Promise<void>) | undefined;
	readonly onRetry?: ((retry: RetryInfo) => void | Promise<void>) | undefined;
};

/** What every call takes. */
export type CallOptions = {
	readonly signal?: AbortSignal | undefined;
	readonly timeoutMs?: number | undefined;
	readonly headers?: HeaderFields | undefined;
	/** In place of the client's. */
	readonly retry?: RetryOptions | undefined;
	/** Of a POST; a random one unless given. */
	readonly idempotencyKey?: string | undefined;
};

export type QueryValue = string | number | boolean | undefined;
export type Query = { readonly [name: string]: QueryValue | readonly QueryValue[] };

export type RequestOptions = CallOptions & {
	readonly query?: Query | undefined;
	/** Sent as JSON; text is sent as it is, under `contentType`. */
	readonly body?: unknown;
	readonly contentType?: string | undefined;
	/** Whether a call whose answer was lost may be made again. By default all but PATCH. */
	readonly repeatable?: boolean | undefined;
};
