/** `minoots delete <id…>`: timers and all that is known of them. */
import type { Command } from "commander";
import { confirmIds } from "../frame/confirm.ts";
import { eachId } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { run } from "../frame/run.ts";

export function configure(command: Command): void {
	command
		.argument("<id...>", "ids of timers, - for those on stdin")
		.option("-y, --yes", "do not ask")
		.action(
			run(async (context, named: readonly string[], { yes }: { readonly yes?: boolean }) => {
				const ids = await confirmIds(context, named, yes, (ids) => {
					const what = ids.length === 1 ? `the timer ${ids[0]}` : `${ids.length} timers`;
					return `Delete ${what} with all history?`;
				});
				const { timers } = await context.minoots();
				const { out, signal } = context;
				return eachId(
					context,
					ids,
					(id) => timers.delete(id, { signal }),
					({ deleted: { deliveries, events } }, id) =>
						out.line(`deleted ${id} with ${deliveries} deliveries and ${events} events`),
				);
			}),
		);
	addExamples(
		command,
		"minoots delete tmr_0000000000000001",
		"minoots list --quiet --status cancelled | minoots delete --yes -",
	);
}
