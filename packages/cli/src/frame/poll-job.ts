/** Jobs: the long form of calls on many timers, looked at until they are done. */
import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "../../../sdk/src/types.ts";
import type { Context } from "./context.ts";

/** Between two looks: a job works off thousands of timers a second. */
const POLL_MS = 500;

/** The job once it is done. Tells how far it is, to people. */
export async function pollJob(context: Context, id: string): Promise<Job> {
	const { jobs } = await context.minoots();
	const { out, signal } = context;
	for (let told = -1; ; ) {
		const job = await jobs.get(id, { signal });
		if (job.status === "done") return job;
		if (job.processed !== told) out.note(`${job.action}: ${job.processed} of ${job.matched}`);
		told = job.processed;
		await delay(POLL_MS, undefined, { signal });
	}
}

export function showJob({ out }: Context, job: Job): void {
	if (out.isJson) {
		out.json(job);
		return;
	}
	const { jobId, action, status, matched, processed, changed } = job;
	out.fields([
		["job", out.style.bold(jobId)],
		["action", action],
		["status", status],
		["done", `${processed} of ${matched}`],
		["changed", changed],
	]);
}
