/** `minoots list`: timers, by what they are and when they are due. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { readChoice } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { addIdListOptions, type ListOptions, pageSizeOf, showList } from "../frame/show-list.ts";
import { TIMER_HEAD, timerRow } from "../frame/show-timer.ts";
import { addTimerFilter, readTimerFilter, type TimerFilterOptions } from "../frame/timer-filter.ts";

type Options = ListOptions & TimerFilterOptions & { readonly order?: string };

export function configure(command: Command): void {
	addIdListOptions(addTimerFilter(command))
		.option("--order <order>", "due or created (default)")
		.action(
			run(async (context, options: Options) => {
				const query = {
					...readTimerFilter(options),
					order: readChoice("--order", options.order, ["due", "created"]),
					limit: pageSizeOf(context, options),
				};
				const { timers } = await context.minoots();
				await showList(context, timers.list(query, { signal: context.signal }), options, {
					head: TIMER_HEAD,
					row: (timer) => timerRow(context, timer),
					idOf: (timer) => timer.id,
					noun: "timers",
				});
			}),
		);
	addExamples(
		command,
		"minoots list",
		"minoots list --status scheduled --label team=ops --order due",
		"minoots list --quiet --status failed | minoots get -",
		"minoots list --json | jq -r 'select(.firedCount > 0) | .id'",
	);
}
