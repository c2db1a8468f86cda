/** `minoots replay <id…>`: a firing that has ended, once more. */
import type { Command } from "commander";
import { eachId } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { collect, readCount, readObject } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { timerText } from "../frame/show-timer.ts";

type Options = { readonly firing?: string; readonly params?: readonly string[] };

export function configure(command: Command): void {
	command
		.argument("<id...>", "ids of timers, - for those on stdin")
		.option("--firing <n>", "which firing; the newest that has ended unless given")
		.option("--params <k=v or JSON>", "instead of the timer's, for this firing", collect)
		.action(
			run(async (context, ids: readonly string[], options: Options) => {
				const input = {
					firing: readCount("--firing", options.firing),
					params: readObject("--params", options.params),
				};
				const { timers } = await context.minoots();
				const { out, signal } = context;
				return eachId(
					context,
					ids,
					(id) => timers.replay(id, input, { signal }),
					({ firing, replayOf, timer }) =>
						out.line(`firing ${firing} repeats ${replayOf} of ${timerText(timer)}`),
				);
			}),
		);
	addExamples(
		command,
		"minoots replay tmr_0000000000000001",
		"minoots replay tmr_0000000000000001 --firing 3",
	);
}
