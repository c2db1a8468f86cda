/** `minoots usage`: what is used of the plan. */
import type { Command } from "commander";
import type { Usage } from "../../../sdk/src/types.ts";
import { addExamples } from "../frame/examples.ts";
import { run } from "../frame/run.ts";

type Quota = Usage["activeTimers"];

export function configure(command: Command): void {
	command.action(
		run(async (context) => {
			const { usage } = await context.minoots();
			const answer = await usage.get({ signal: context.signal });
			const { out } = context;
			if (out.isJson) return out.json(answer);
			out.fields([
				["plan", answer.plan],
				["active timers", quotaText(answer.activeTimers)],
				["created this minute", quotaText(answer.createsThisMinute)],
				["shards", answer.shards],
			]);
		}),
	);
	addExamples(command, "minoots usage", "minoots usage --json | jq .activeTimers.used");
}

function quotaText({ used, limit }: Quota): string {
	if (limit === null) return `${used} (no limit)`;
	return `${used} of ${limit} (${Math.floor((used / limit) * 100)} %)`;
}
