/** `minoots snooze <id> <when>`: later, this once. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { isDate, readInstant } from "../frame/input.ts";
import { run } from "../frame/run.ts";

export function configure(command: Command): void {
	command
		.argument("<id>", "id of a timer")
		.argument("<when>", "how much later (15m), or until when (2026-12-01T09:00Z)")
		.action(
			run(async (context, id: string, when: string) => {
				const input = isDate(when) ? { until: readInstant("when", when) } : { by: when };
				const { timers } = await context.minoots();
				const { out, signal } = context;
				const timer = await timers.snooze(id, input, { signal });
				if (out.isJson) out.json(timer);
				else out.line(`snoozed ${timer.id}, due ${out.time(timer.nextFireAt)}`);
			}),
		);
	addExamples(
		command,
		"minoots snooze tmr_0000000000000001 15m",
		"minoots snooze tmr_0000000000000001 2026-12-01T09:00Z",
	);
}
