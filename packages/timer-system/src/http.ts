/**
 * One call of the network's API, tried again where that is safe: every POST carries an
 * `Idempotency-Key`. Runs in the worker.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ErrorData } from "./error.ts";
import type { Outcome, Task } from "./protocol.ts";

const ATTEMPTS = 4;
/** Pauses double from here; in ms. */
const PAUSE_MS = 250;
const RETRIED: readonly number[] = [408, 425, 429, 502, 503, 504];

export async function request(task: Task): Promise<Outcome> {
	const signal = AbortSignal.timeout(task.timeoutMs);
	for (let attempt = 1; ; attempt++) {
		const tried = await attemptOnce(task, signal);
		if (!("retry" in tried) || attempt === ATTEMPTS) return tried.outcome;
		const pause = Math.max(tried.retry, PAUSE_MS * 2 ** (attempt - 1));
		try {
			await delay(pause, undefined, { signal });
		} catch {
			return tried.outcome;
		}
	}
}

/** `retry`: it may be tried again, after so many ms at least. */
type Tried = { readonly outcome: Outcome; readonly retry?: number };

async function attemptOnce(task: Task, signal: AbortSignal): Promise<Tried> {
	const { call, apiKey, timeoutMs } = task;
	const headers: Record<string, string> = { authorization: `Bearer ${apiKey}` };
	if (call.body !== undefined) headers["content-type"] = "application/json";
	if (call.idempotencyKey !== undefined) headers["idempotency-key"] = call.idempotencyKey;
	try {
		const response = await fetch(urlOf(task), {
			method: call.method,
			headers,
			...(call.body !== undefined && { body: JSON.stringify(call.body) }),
			signal,
		});
		const text = await response.text();
		const body = parse(text);
		if (response.ok) return { outcome: { ok: true, value: body } };
		const outcome: Outcome = { ok: false, error: problemOf(response.status, body, text) };
		const isInProgress = outcome.error.code === "idempotency_in_progress";
		if (!RETRIED.includes(response.status) && !isInProgress) return { outcome };
		return { outcome, retry: Number(response.headers.get("retry-after") ?? 0) * 1_000 || 0 };
	} catch (error) {
		if (!signal.aborted) return { outcome: failed("connection_failed", task, error), retry: 0 };
		return { outcome: failed("timeout", task, new Error(`no answer within ${timeoutMs} ms`)) };
	}
}

function urlOf({ url, call }: Task): string {
	const query = new URLSearchParams();
	for (const [name, value] of Object.entries(call.query ?? {})) {
		for (const one of Array.isArray(value) ? value : [value]) query.append(name, String(one));
	}
	return `${url}${call.path}${call.query === undefined ? "" : `?${query}`}`;
}

function parse(text: string): unknown {
	try {
		return text === "" ? null : JSON.parse(text);
	} catch {
		return undefined;
	}
}

function problemOf(status: number, body: unknown, text: string): ErrorData {
	// A problem of the network, or whatever a proxy in between says.
	const { code, detail, title, requestId, errors } = (body ?? {}) as Partial<Problem>;
	const message = detail ?? title ?? `status ${status}: ${text.slice(0, 200)}`;
	return {
		message,
		code: code ?? "http_error",
		status,
		requestId: requestId ?? null,
		errors: errors ?? [],
	};
}

type Problem = {
	readonly code: string;
	readonly title: string;
	readonly detail: string;
	readonly requestId: string;
	readonly errors: readonly { readonly path: string; readonly message: string }[];
};

function failed(code: string, { url, call }: Task, error: unknown): Outcome {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	const why = cause instanceof Error ? cause.message : String(cause);
	return { ok: false, error: { message: `${call.method} ${url}${call.path}: ${why}`, code } };
}
