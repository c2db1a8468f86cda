/** `minoots cancel <id…>`: timers that shall not fire. */
import type { Command } from "commander";
import { eachId } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { run } from "../frame/run.ts";
import { timerText } from "../frame/show-timer.ts";

/** What became of it, in words. */
const OUTCOMES = {
	cancelled: "cancelled",
	already_fired: "had ended already, nothing to cancel:",
	in_flight: "being delivered, will not be tried again:",
} as const;

export function configure(command: Command): void {
	command
		.argument("<id...>", "ids of timers, - for those on stdin")
		.option("--reason <text>", "kept with the timer")
		.action(
			run(async (context, ids: readonly string[], { reason }: { readonly reason?: string }) => {
				const { timers } = await context.minoots();
				const { out, signal } = context;
				return eachId(
					context,
					ids,
					(id) => timers.cancel(id, { reason }, { signal }),
					({ outcome, timer }) => out.line(`${OUTCOMES[outcome]} ${timerText(timer)}`),
				);
			}),
		);
	addExamples(
		command,
		"minoots cancel tmr_0000000000000001",
		'minoots cancel tmr_0000000000000001 tmr_0000000000000002 --reason "moved to Monday"',
		"minoots list --quiet --label team=ops | minoots cancel -",
	);
}
