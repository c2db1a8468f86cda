/** `minoots run-now <id…>`: a firing beside the schedule, which stays as it is. */
import type { Command } from "commander";
import { eachId } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { collect, readObject } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { timerText } from "../frame/show-timer.ts";

type Options = { readonly params?: readonly string[] };

export function configure(command: Command): void {
	command
		.argument("<id...>", "ids of timers, - for those on stdin")
		.option("--params <k=v or JSON>", "instead of the timer's, for this firing", collect)
		.action(
			run(async (context, ids: readonly string[], options: Options) => {
				const params = readObject("--params", options.params);
				const { timers } = await context.minoots();
				const { out, signal } = context;
				return eachId(
					context,
					ids,
					(id) => timers.run(id, { params }, { signal }),
					({ firing, timer }) => out.line(`firing ${firing} of ${timerText(timer)}`),
				);
			}),
		);
	addExamples(
		command,
		"minoots run-now tmr_0000000000000001",
		"minoots run-now tmr_0000000000000001 --params database=customers",
	);
}
