/**
 * Every request of this client: headers, time-outs, retries, errors, hooks and the log. It knows
 * nothing of timers; the resources say what they want of it.
 */
import { errorOf, MinootsError } from "./error.ts";
import type { LogEntry, MinootsOptions, Query, RequestInfo, RequestOptions } from "./options.ts";
import { Deadline, pause } from "./pause.ts";
import { randomKey } from "./random-key.ts";
import { isTransient, retryDelay } from "./retry.ts";

const TIMEOUT_MS_DEFAULT = 30_000;

/** What a response is read as, within the time of its try. */
type Read<T> = (response: Response) => Promise<T>;

export class Transport {
	readonly #base: string;
	readonly #options: MinootsOptions;
	readonly #fetch: typeof fetch;

	constructor(options: MinootsOptions) {
		this.#base = readBase(options.url);
		checkKey(options.apiKey);
		this.#options = options;
		// Not as a method of this object: browsers and Workers refuse their `fetch` called as one, also
		// where it was given. Ours is looked up at each call, as what traces it may replace it later.
		this.#fetch = (input, init) => (options.fetch ?? fetch)(input, init);
	}

	/** What the contract says the answer is: JSON, or undefined where there is none. */
	call<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
		// The network is trusted to keep the contract; whoever is no network sends no JSON.
		return this.send(method, path, options, readJson) as Promise<T>;
	}

	/** As `call`, but an answer that is not JSON is its text. */
	any(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
		return this.send(method, path, options, async (response) =>
			isJson(response) ? readJson(response) : (await response.text()) || undefined,
		);
	}

	/** The body as text, "" where there is none. */
	text(method: string, path: string, options: RequestOptions = {}): Promise<string> {
		return this.send(method, path, options, (response) => response.text());
	}

	/** A call whose answer `read` makes something of; a body that breaks off is a lost answer. */
	async send<T>(method: string, path: string, options: RequestOptions, read: Read<T>): Promise<T> {
		checkPath(path);
		const url = this.#base + path + queryOf(options.query);
		const { body, type } = bodyOf(options);
		const headers = this.#headers(method, type, options);
		const repeatable = options.repeatable ?? method !== "PATCH";
		for (let attempt = 1; ; attempt++) {
			const request = { method, url, headers: new Headers(headers), attempt };
			try {
				return await this.#try(request, `${method} ${path}`, body, options, read);
			} catch (error) {
				if (!(error instanceof MinootsError) || !isTransient(error, repeatable)) throw error;
				const delayMs = retryDelay(error, attempt, options.retry ?? this.#options.retry);
				if (delayMs === undefined) throw error;
				this.log("warn", `Trying again in ${delayMs} ms: ${error.message}`, { attempt, delayMs });
				await this.#options.onRetry?.({ ...request, error, delayMs });
				await pause(delayMs, options.signal);
			}
		}
	}

	log(level: LogEntry["level"], message: string, fields: object): void {
		const { log } = this.#options;
		if (typeof log === "function") log({ level, message, ...fields });
		else log?.[level](message, fields);
	}

	async #try<T>(
		request: RequestInfo,
		call: string,
		body: string | undefined,
		options: RequestOptions,
		read: Read<T>,
	): Promise<T> {
		const { signal } = options;
		const timeoutMs = options.timeoutMs ?? this.#options.timeoutMs ?? TIMEOUT_MS_DEFAULT;
		if (signal?.aborted) throw abortedError(call, signal);
		await this.#options.onRequest?.(request);
		const { method, url, headers, attempt } = request;
		const deadline = new Deadline(timeoutMs, signal);
		const startedAt = Date.now();
		/** Says of a failure what it is. */
		const named = (cause: unknown) => {
			if (cause instanceof MinootsError) return cause;
			if (signal?.aborted) return abortedError(call, signal);
			const [code, what] = deadline.expired
				? (["timeout", `within ${timeoutMs} ms`] as const)
				: (["connection_failed", `from ${placeOf(url)}: ${reasonOf(cause)}`] as const);
			return new MinootsError(`${call}: no answer ${what}.`, { code, cause });
		};
		// `fetch` would make a GET of a POST that is sent elsewhere, and leave the key behind.
		const init = {
			...{ method, headers, signal: deadline.signal, redirect: "manual" as const },
			...(body !== undefined && { body }),
		};
		try {
			const response = await this.#fetch(url, init).catch((error) => Promise.reject(named(error)));
			const { status } = response;
			const requestId = response.headers.get("x-request-id") ?? undefined;
			const told = { status, requestId, durationMs: Date.now() - startedAt };
			this.log("debug", `${call} ${status}`, { ...told, attempt });
			await this.#options.onResponse?.({ ...request, ...told });
			const answer = response.ok ? read(response) : errorOf(call, response).then(reject);
			return await answer.catch((error) => Promise.reject(named(error)));
		} finally {
			deadline.clear();
		}
	}

	#headers(method: string, contentType: string | undefined, options: RequestOptions): Headers {
		const { apiKey, traceparent } = this.#options;
		const headers = new Headers(this.#options.headers);
		headers.set("accept", "application/json");
		if (apiKey !== undefined) headers.set("authorization", `Bearer ${apiKey}`);
		if (contentType !== undefined) headers.set("content-type", contentType);
		const parent = typeof traceparent === "function" ? traceparent() : traceparent;
		if (parent !== undefined) headers.set("traceparent", parent);
		if (method === "POST") headers.set("idempotency-key", options.idempotencyKey ?? randomKey());
		new Headers(options.headers).forEach((value, name) => {
			headers.set(name, value);
		});
		return headers;
	}
}

function abortedError(call: string, signal: AbortSignal): MinootsError {
	return new MinootsError(`${call}: aborted.`, { code: "aborted", cause: signal.reason });
}

/** Said here, since what refuses it as a header shows it. */
function checkKey(apiKey: string | undefined): void {
	if (apiKey === undefined || /^[!-~]+$/.test(apiKey)) return;
	throw new TypeError("apiKey: expected printable ASCII without spaces or line breaks.");
}

/** An id that is empty or dots would make the path another one's. */
function checkPath(path: string): void {
	if (path === "/" || /^(?:\/(?!\.{0,2}(?:\/|$))[^/]*)+$/.test(path)) return;
	throw new TypeError(`path: expected one like /v1/timers/<id>, got "${path}".`);
}

function readBase(url: string | URL): string {
	const text = String(url);
	if (!/^https?:\/\/[^/?#]/.test(text) || !URL.canParse(text)) {
		throw new TypeError(`url: expected one like https://minoots.example.com, got "${text}".`);
	}
	const { origin, pathname } = new URL(text);
	return origin + pathname.replace(/\/+$/, "");
}

function bodyOf({ body, contentType }: RequestOptions) {
	if (body === undefined) return { body, type: undefined };
	if (typeof body === "string" && contentType !== undefined) return { body, type: contentType };
	return { body: JSON.stringify(body), type: "application/json" };
}

function queryOf(query: Query = {}): string {
	const search = new URLSearchParams();
	for (const [name, value] of Object.entries(query)) {
		for (const one of Array.isArray(value) ? value : [value]) {
			if (one !== undefined) search.append(name, String(one));
		}
	}
	const text = search.toString();
	return text === "" ? "" : `?${text}`;
}

function isJson({ headers }: Response): boolean {
	return /^application\/json\b/.test(headers.get("content-type") ?? "");
}

async function readJson(response: Response): Promise<unknown> {
	const text = await response.text();
	if (text === "") return undefined;
	try {
		if (isJson(response)) return JSON.parse(text);
	} catch {
		// told below
	}
	const { status, url } = response;
	const what = `${url} answers ${status} with something else than JSON.`;
	throw new MinootsError(what, { code: "unexpected_answer", status });
}

function reject(error: MinootsError): never {
	throw error;
}

/** A browser tells a page nothing of why it may not call another origin, so this says it. */
function placeOf(url: string): string {
	const { origin } = new URL(url);
	// Not `globalThis.origin`, which Workers have too.
	const page: string | undefined = Reflect.get(globalThis, "location")?.origin;
	return page === undefined || page === origin
		? origin
		: `${origin}, whose CORS_ORIGINS must name ${page}`;
}

/** `fetch` says "fetch failed" and why only in the cause, which may have no words. */
function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const why = error.cause instanceof Error ? reasonOf(error.cause) : "";
	if (why !== "") return why;
	// OpenSSL's text is the source's line.
	if (/wrong version number/.test(error.message)) return "no TLS is spoken there (http://?)";
	return error.message.trim().replace(/[.?!]$/, ""); // a sentence goes on behind it
}
