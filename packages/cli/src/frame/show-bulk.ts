/** What a call on many timers answered: a count, or the job that it became. */
import type { BulkAnswer, JobStarted } from "../../../sdk/src/types.ts";
import type { Context } from "./context.ts";
import { countText } from "./count-text.ts";
import { pollJob, showJob } from "./poll-job.ts";

export async function showBulk(
	context: Context,
	answer: BulkAnswer | JobStarted,
	wait: boolean,
): Promise<void> {
	const { out } = context;
	if ("jobId" in answer) {
		if (wait) return showJob(context, await pollJob(context, answer.jobId));
		if (out.isJson) return out.json(answer);
		out.line(`${answer.jobId} works on ${countText(answer.matched, "timer")}`);
		return out.note(`See how far it is: minoots jobs get ${answer.jobId} --wait`);
	}
	if (out.isJson) return out.json(answer);
	const { action, matched, changed, dryRun } = answer;
	if (dryRun) out.line(`${action} would meet ${countText(matched, "timer")}`);
	else out.line(`${action}: ${changed} of ${countText(matched, "timer")}`);
}
