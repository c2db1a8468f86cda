/** `minoots firings <id>`: the times that a timer has fired. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { run } from "../frame/run.ts";
import { addListOptions, type ListOptions, showList } from "../frame/show-list.ts";
import { paintStatus } from "../frame/style.ts";

export function configure(command: Command): void {
	addListOptions(command)
		.argument("<id>", "id of a timer")
		.action(
			run(async (context, id: string, options: ListOptions) => {
				const { timers } = await context.minoots();
				const { out, signal } = context;
				await showList(context, timers.firings(id, {}, { signal }), options, {
					head: ["firing", "status", "due", "late", "settled"],
					row: ({ seq, status, dueAt, latenessMs, settledAt }) => [
						seq,
						paintStatus(out.style, status),
						out.time(dueAt),
						`${latenessMs} ms`,
						settledAt === null ? "" : out.time(settledAt),
					],
					noun: "firings",
				});
			}),
		);
	addExamples(command, "minoots firings tmr_0000000000000001 --limit 5");
}
