/** `minoots deliveries <id>`: what was sent for a timer, and how it went. */

import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { run } from "../frame/run.ts";
import { addListOptions, type ListOptions, showList } from "../frame/show-list.ts";
import { paintStatus } from "../frame/style.ts";
import { targetText } from "../frame/target-text.ts";

export function configure(command: Command): void {
	addListOptions(command)
		.argument("<id>", "id of a timer")
		.action(
			run(async (context, id: string, options: ListOptions) => {
				const { timers } = await context.minoots();
				const { out, signal } = context;
				await showList(context, timers.deliveries(id, {}, { signal }), options, {
					head: ["id", "firing", "status", "attempts", "to", "last answer", "next attempt"],
					row: (one) => [
						one.id,
						one.firing,
						paintStatus(out.style, one.status),
						one.attempts,
						targetText(one),
						one.lastAttempt?.status ?? one.lastAttempt?.error ?? one.lastAttempt?.outcome,
						one.nextAttemptAt === null ? "" : out.time(one.nextAttemptAt),
					],
					noun: "deliveries",
				});
			}),
		);
	addExamples(
		command,
		"minoots deliveries tmr_0000000000000001",
		"minoots deliveries tmr_0000000000000001 --json | jq .lastAttempt",
	);
}
