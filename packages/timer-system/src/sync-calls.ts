/**
 * Calls that are over when they return: a worker does the HTTP while the caller's thread sleeps in
 * `Atomics.wait`. Each thread that loads the module has a worker of its own, started by its first
 * call, which never keeps the process alive. Needs Node: browsers do not let their page sleep.
 */
import {
	MessageChannel,
	type MessagePort,
	receiveMessageOnPort,
	Worker,
} from "node:worker_threads";
import { MinootsError } from "./error.ts";
import type { Call, Outcome, Task, WorkerSetup } from "./protocol.ts";
import { requireAccess } from "./settings.ts";

/** The bundled text of `worker.ts`; the build puts it here, so that the module is a single file. */
declare const WORKER_SOURCE: string;

/** The worker ends a call by itself when time is up; we wait this much longer before we give it up. */
const GRACE_MS = 1_000;

/**
 * A worker and how it answers. Port and flag are made once: those of a call would be freed only when
 * the program comes back to its event loop, which one that calls in a loop does not do for long.
 */
type Helper = { readonly worker: Worker; readonly answers: MessagePort; readonly flag: Int32Array };

/**
 * By the worker's text: another version of the module has a worker of its own. The thread keeps
 * them, for a module that is loaded anew, as test runners do, would leave the old one running.
 */
type Thread = typeof globalThis & { [HELPERS]?: Map<string, Helper> };
const HELPERS = Symbol.for("@minoots/timer-system");
const thread: Thread = globalThis;
thread[HELPERS] ??= new Map();
const helpers = thread[HELPERS];

/** Throws what went wrong as a `MinootsError`. `deadline` is a time of `performance.now()`. */
export function callUntil(deadline: number, call: Call): unknown {
	const { url, apiKey } = requireAccess();
	const timeoutMs = Math.max(1, Math.ceil(deadline - performance.now()));
	const { worker, answers, flag } = helpers.get(WORKER_SOURCE) ?? startHelper();
	Atomics.store(flag, 0, 0);
	const task: Task = { call, url, apiKey, timeoutMs };
	worker.postMessage(task);
	Atomics.wait(flag, 0, 0, timeoutMs + GRACE_MS);
	const received = receiveMessageOnPort(answers);
	if (received === undefined) {
		// Whatever holds it would hold the next call too, and its late answer would be taken for that one's.
		void worker.terminate();
		helpers.delete(WORKER_SOURCE);
		const message = `${call.method} ${url}${call.path}: no answer within ${timeoutMs} ms.`;
		throw new MinootsError({ message, code: "timeout" });
	}
	// Only our worker has the other port.
	const outcome = received.message as Outcome;
	if (outcome.ok) return outcome.value;
	throw new MinootsError(outcome.error);
}

function startHelper(): Helper {
	const { port1: answers, port2: port } = new MessageChannel();
	const flag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
	const workerData: WorkerSetup = { port, flag };
	const worker = new Worker(WORKER_SOURCE, {
		eval: true,
		// Without the flags of the program: preloaded modules are for its own threads.
		execArgv: [],
		name: "minoots",
		workerData,
		transferList: [port],
	});
	const started: Helper = { worker, answers, flag };
	helpers.set(WORKER_SOURCE, started);
	const forget = () => {
		if (helpers.get(WORKER_SOURCE) === started) helpers.delete(WORKER_SOURCE);
	};
	worker.on("error", forget).on("exit", forget).unref();
	return started;
}

/** Sleeps, as the calls do. */
export function sleep(ms: number): void {
	const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
	Atomics.wait(never, 0, 0, ms);
}
