/** What the caller's thread and its worker say to each other. Types only. */
import type { MessagePort } from "node:worker_threads";
import type { ErrorData } from "./error.ts";

export type Call = {
	readonly method: "GET" | "POST" | "DELETE";
	readonly path: string;
	readonly query?: Readonly<Record<string, string | number | readonly string[]>>;
	readonly body?: unknown;
	readonly idempotencyKey?: string;
};

export type Task = {
	readonly call: Call;
	readonly url: string;
	readonly apiKey: string;
	/** What is left for all tries together. */
	readonly timeoutMs: number;
};

export type WorkerSetup = {
	/** Outcomes go here, one a task, in order. */
	readonly port: MessagePort;
	/** Set to 1, and told, once an outcome is on its way. */
	readonly flag: Int32Array;
};

export type Outcome =
	| { readonly ok: true; readonly value: unknown }
	| { readonly ok: false; readonly error: ErrorData };
