/** The worker's side of `sync-calls.ts`: makes one call after another and tells how it ended. */
import { parentPort, workerData } from "node:worker_threads";
import { MinootsError } from "../../sdk/src/error.ts";
import { Minoots } from "../../sdk/src/minoots.ts";
import { environmentFetch } from "../../sdk/src/node/environment-fetch.ts";
import type { Outcome, Task, WorkerSetup } from "./protocol.ts";

// Made by `sync-calls.ts`.
const { port, flag } = workerData as WorkerSetup;

parentPort?.on("message", (task: Task) => void answer(task));

/** Characters of an answer that came from somebody else. */
const EXCERPT = 200;

const throughProxy = environmentFetch();

async function answer(task: Task): Promise<void> {
	port.postMessage(await outcomeOf(task));
	Atomics.store(flag, 0, 1);
	Atomics.notify(flag, 0);
}

async function outcomeOf({ call, url, apiKey, timeoutMs }: Task): Promise<Outcome> {
	const { method, path, ...options } = call;
	const signal = AbortSignal.timeout(timeoutMs);
	try {
		const minoots = new Minoots({ url, apiKey, timeoutMs, fetch: throughProxy });
		const value = await minoots.request(method, path, { ...options, signal });
		if (typeof value === "object" && value !== null) return { ok: true, value };
		const message = `${method} ${url}${path}: the answer is not the network's: ${String(value).slice(0, EXCERPT)}`;
		return { ok: false, error: { message, code: "unexpected_answer" } };
	} catch (error) {
		const what = `${method} ${url}${path}`;
		if (signal.aborted) {
			const message = `${what}: no answer within ${timeoutMs} ms.`;
			return { ok: false, error: { message, code: "timeout" } };
		}
		if (!(error instanceof MinootsError)) {
			// Nothing else is expected; a caller that sleeps must hear of it all the same.
			return { ok: false, error: { message: `${what}: ${error}`, code: "unexpected_answer" } };
		}
		const { message, code, status, requestId, errors } = error;
		return { ok: false, error: { message, code, status, requestId, errors } };
	}
}
