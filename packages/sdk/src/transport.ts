/**
 * Every request of this client: headers, time-outs, retries, errors, hooks and the log. It knows
 * nothing of timers; the resources say what they want of it.
 */
import { errorOf, MinootsError } from "./error.ts";
import { abortedError, placeOf, reasonOf } from "./no-answer.ts";
import type { LogEntry, MinootsOptions, RequestInfo, RequestOptions } from "./options.ts";
import { Deadline, pause } from "./pause.ts";
import { randomKey } from "./random-key.ts";
import { isJson, readJson } from "./read-json.ts";
import { isTransient, retryDelay } from "./retry.ts";
import { bodyOf, checkKey, checkPath, queryOf, readBase } from "./write-request.ts";

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

function reject(error: MinootsError): never {
	throw error;
}
