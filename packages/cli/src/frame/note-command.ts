/** Commands that do one thing to timers, with a note: pause, resume, acknowledge. */
import type { Command } from "commander";
import type { Minoots } from "../../../sdk/src/index.ts";
import type { Timer } from "../../../sdk/src/types.ts";
import { eachId } from "./each-id.ts";
import { run } from "./run.ts";
import { timerText } from "./show-timer.ts";

type Call = (
	timers: Minoots["timers"],
	id: string,
	input: { note?: string | undefined },
	options: { signal: AbortSignal },
) => Promise<Timer>;

/** @param done what is said of a timer: `paused` */
export function configureNoteCommand(command: Command, done: string, call: Call): Command {
	return command
		.argument("<id...>", "ids of timers, - for those on stdin")
		.option("--note <text>", "shown with the timer, kept in its events")
		.action(
			run(async (context, ids: readonly string[], { note }: { readonly note?: string }) => {
				const { timers } = await context.minoots();
				const { out, signal } = context;
				return eachId(
					context,
					ids,
					(id) => call(timers, id, { note }, { signal }),
					(timer) => out.line(`${done} ${timerText(timer)}`),
				);
			}),
		);
}
