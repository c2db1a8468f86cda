/** The worker's side of `sync-calls.ts`: does one HTTP call after another and tells how it ended. */
import { parentPort } from "node:worker_threads";
import { request } from "./http.ts";
import type { Outcome, Task } from "./protocol.ts";

parentPort?.on("message", (task: Task) => void answer(task));

async function answer(task: Task): Promise<void> {
	const { done, port } = task;
	port.postMessage(await outcomeOf(task));
	Atomics.store(done, 0, 1);
	Atomics.notify(done, 0);
	port.close();
}

async function outcomeOf(task: Task): Promise<Outcome> {
	try {
		return await request(task);
	} catch (error) {
		// Nothing is expected to throw; a caller that sleeps must hear of it all the same.
		return { ok: false, error: { message: String(error), code: "internal" } };
	}
}
