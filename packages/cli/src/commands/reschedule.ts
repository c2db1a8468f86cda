/** `minoots reschedule <id> <when>`: another time, or another schedule, for a timer that has not ended. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { run } from "../frame/run.ts";
import { addWhenOptions, readWhen, type WhenOptions } from "../frame/when.ts";

type Options = WhenOptions & { readonly extend?: string; readonly ifMatch?: string };

export function configure(command: Command): void {
	command
		.argument("<id>", "id of a timer")
		.argument("[when]", "a length of time from now (45m), or an instant (2026-12-01T09:00Z)");
	addWhenOptions(command)
		.option("--extend <duration>", "this much later than it is due now")
		.option("--if-match <etag>", "only if the timer still has this etag")
		.action(
			run(async (context, id: string, positional: string | undefined, options: Options) => {
				const { extend, ifMatch } = options;
				const when = readWhen(positional, options);
				if ((when === undefined) === (extend === undefined)) {
					throw usageFailure("say when, once", "For example: minoots reschedule <id> 45m");
				}
				const patch = extend === undefined ? { ...when } : { extend };
				const { timers } = await context.minoots();
				const { out, signal } = context;
				const timer = await timers.update(id, patch, { ifMatch, signal });
				if (out.isJson) out.json(timer);
				else out.line(`rescheduled ${timer.id}, due ${out.time(timer.nextFireAt)}`);
			}),
		);
	addExamples(
		command,
		"minoots reschedule tmr_0000000000000001 45m",
		"minoots reschedule tmr_0000000000000001 2026-12-01T09:00Z",
		"minoots reschedule tmr_0000000000000001 --extend 15m",
		'minoots reschedule tmr_0000000000000001 --cron "0 10 * * *" --tz Europe/Berlin',
	);
}
