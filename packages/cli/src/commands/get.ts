/** `minoots get <id…>`: timers in full. */
import type { Command } from "commander";
import { eachId } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { run } from "../frame/run.ts";
import { showTimer } from "../frame/show-timer.ts";

export function configure(command: Command): void {
	command.argument("<id...>", "ids of timers, - for those on stdin").action(
		run(async (context, ids: readonly string[]) => {
			const { timers } = await context.minoots();
			const { signal } = context;
			return eachId(
				context,
				ids,
				(id) => timers.get(id, { signal }),
				(timer) => showTimer(context, timer),
			);
		}),
	);
	addExamples(
		command,
		"minoots get tmr_0000000000000001",
		"minoots get tmr_0000000000000001 --json | jq .status",
		"minoots list --quiet --status failed | minoots get -",
	);
}
