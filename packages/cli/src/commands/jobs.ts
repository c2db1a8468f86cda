/** `minoots jobs get`: how far a call on many timers has come. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { pollJob, showJob } from "../frame/poll-job.ts";
import { run } from "../frame/run.ts";

export function configure(command: Command): void {
	command.helpCommand(false);
	const get = command.command("get").summary("Show how far a job has come");
	get
		.argument("<job>", "id of the job")
		.option("-w, --wait", "until it is done")
		.action(
			run(async (context, id: string, { wait }: { readonly wait?: boolean }) => {
				if (wait) return showJob(context, await pollJob(context, id));
				const { jobs } = await context.minoots();
				showJob(context, await jobs.get(id, { signal: context.signal }));
			}),
		);
	addExamples(get, "minoots jobs get job_…", "minoots jobs get job_… --wait");
	addExamples(command, "minoots jobs get job_… --wait");
}
