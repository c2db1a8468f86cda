/** `minoots bulk`: one thing done to everything that a filter selects. */
import type { Command } from "commander";
import type { BulkCall } from "../../../sdk/src/types.ts";
import { confirm } from "../frame/confirm.ts";
import type { Context } from "../frame/context.ts";
import { countText } from "../frame/count-text.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { readChoice } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { showBulk } from "../frame/show-bulk.ts";
import { addTimerFilter, readTimerFilter, type TimerFilterOptions } from "../frame/timer-filter.ts";

const ACTIONS = [
	"cancel",
	"delete",
	"pause",
	"resume",
	"run",
	"replay",
] as const satisfies readonly BulkCall["action"][];

type Options = TimerFilterOptions & {
	readonly all?: boolean;
	readonly reason?: string;
	readonly dryRun?: boolean;
	readonly wait?: boolean;
	readonly yes?: boolean;
};

export function configure(command: Command): void {
	command.argument("<action>", ACTIONS.join(", "));
	addTimerFilter(command)
		.option("--all", "all timers, where no filter says which")
		.option("--reason <text>", "why they are cancelled; the note of a pause or resume")
		.option("--dry-run", "only count")
		.option("-w, --wait", "until a job that this becomes is done")
		.option("-y, --yes", "do not ask")
		.action(
			run(async (context, word: string, options: Options) => {
				const action = readChoice("action", word, ACTIONS) ?? "cancel";
				const filter = readTimerFilter(options);
				if (Object.keys(filter).length === 0 && options.all !== true) {
					throw usageFailure("nothing says which timers", "--all means every one.");
				}
				const { reason, dryRun = false } = options;
				const call: BulkCall = { action, filter, dryRun, ...(reason !== undefined && { reason }) };
				if (!dryRun) await ask(context, call, options.yes === true);
				const { timers } = await context.minoots();
				const answer = await timers.bulk(call, { signal: context.signal });
				return showBulk(context, answer, options.wait === true);
			}),
		);
	addExamples(
		command,
		"minoots bulk pause --label team=ops --dry-run",
		'minoots bulk cancel --name old-report --reason "replaced" --yes',
		"minoots bulk replay --status failed --due-after 2026-12-01T09:00Z --yes --wait",
	);
}

/** How many are meant is counted first, so that the question can say it. */
async function ask(context: Context, call: BulkCall, yes: boolean): Promise<void> {
	if (yes) return;
	const { timers } = await context.minoots();
	const counted = await timers.bulk({ ...call, dryRun: true }, { signal: context.signal });
	const question = `${call.action[0]?.toUpperCase()}${call.action.slice(1)} ${countText(counted.matched, "timer")}?`;
	await confirm(context, question, yes);
}
