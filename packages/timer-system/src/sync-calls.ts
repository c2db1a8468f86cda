/**
 * Calls that are over when they return: a worker does the HTTP while the caller's thread sleeps in
 * `Atomics.wait`. Each thread that loads the module has a worker of its own, started by its first
 * call, which never keeps the process alive. Needs Node: browsers do not let their page sleep.
 */
import { MessageChannel, receiveMessageOnPort, Worker } from "node:worker_threads";
import { MinootsError } from "./error.ts";
import type { Call, Outcome, Task } from "./protocol.ts";
import { requireAccess } from "./settings.ts";

/** The bundled text of `worker.ts`; the build puts it here, so that the module is a single file. */
declare const WORKER_SOURCE: string;

/** The worker ends a call by itself when time is up; we wait this much longer before we give it up. */
const GRACE_MS = 1_000;

let worker: Worker | undefined;

/** Throws what went wrong as a `MinootsError`; `deadline` in epoch ms of the monotonic clock. */
export function callUntil(deadline: number, call: Call): unknown {
	const { url, apiKey } = requireAccess();
	const timeoutMs = Math.max(1, Math.ceil(deadline - performance.now()));
	const done = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
	const { port1, port2 } = new MessageChannel();
	worker ??= startWorker();
	const task: Task = { call, url, apiKey, timeoutMs, done, port: port2 };
	worker.postMessage(task, [port2]);
	const woken = Atomics.wait(done, 0, 0, timeoutMs + GRACE_MS);
	const received = receiveMessageOnPort(port1);
	port1.close();
	if (received === undefined) {
		// Whatever holds it would hold the next call too.
		void worker.terminate();
		worker = undefined;
		throw new MinootsError({
			message: `${call.method} ${call.path}: no answer within ${timeoutMs} ms (${woken})`,
			code: "timeout",
		});
	}
	// Only our worker has the other port.
	const outcome = received.message as Outcome;
	if (outcome.ok) return outcome.value;
	throw new MinootsError(outcome.error);
}

function startWorker(): Worker {
	// Without the flags of the program: preloaded modules are for its own threads.
	const started = new Worker(WORKER_SOURCE, { eval: true, execArgv: [], name: "minoots" });
	const forget = () => {
		if (worker === started) worker = undefined;
	};
	started.on("error", forget).on("exit", forget).unref();
	return started;
}

/** Sleeps, as the calls do. */
export function sleep(ms: number): void {
	const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
	Atomics.wait(never, 0, 0, ms);
}
