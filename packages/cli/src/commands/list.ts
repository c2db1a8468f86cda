/** `minoots list`: timers, by what they are and when they are due. */
import type { Command } from "commander";
import type { TimerStatus } from "../../../sdk/src/types.ts";
import { addExamples } from "../frame/examples.ts";
import { collect, readChoice, readInstant, readPairs } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { type ListOptions, limitOf, showList } from "../frame/show-list.ts";
import { TIMER_HEAD, timerRow } from "../frame/show-timer.ts";

const STATUSES = [
	"scheduled",
	"armed",
	"firing",
	"settled",
	"failed",
	"cancelled",
	"paused",
	"pending",
	"skipped",
] as const satisfies readonly TimerStatus[];
/** The largest page that the API answers. */
const PAGE_MAX = 1_000;

type Options = ListOptions & {
	readonly status?: readonly string[];
	readonly label?: readonly string[];
	readonly name?: string;
	readonly dueBefore?: string;
	readonly dueAfter?: string;
	readonly order?: string;
};

export function configure(command: Command): void {
	command
		.option("--status <status>", `${STATUSES.join(", ")}; may be repeated`, collect)
		.option("--label <key=value>", "only timers with this label; all of several", collect)
		.option("--name <name>", "only timers of this name")
		.option("--due-before <instant>", "only timers due before, as 2026-12-01T09:00Z")
		.option("--due-after <instant>", "only timers due after")
		.option("--order <order>", "due or created (default)")
		.option("--limit <n>", "show so many at most (50, or all with --json)")
		.option("--all", "show all")
		.option("-q, --quiet", "print ids only, one a line")
		.action(
			run(async (context, options: Options) => {
				const limit = limitOf(context, options);
				const query = { ...queryOf(options), limit: Math.min(limit + 1, PAGE_MAX) };
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

function queryOf({ status = [], label, name, dueBefore, dueAfter, order }: Options) {
	const statuses = status.flatMap((text) => readChoice("--status", text, STATUSES) ?? []);
	const labels = Object.entries(readPairs("--label", label));
	return {
		status: statuses,
		label: labels.map(([key, value]) => `${key}:${value}`),
		name,
		dueBefore: dueBefore && readInstant("--due-before", dueBefore),
		dueAfter: dueAfter && readInstant("--due-after", dueAfter),
		order: readChoice("--order", order, ["due", "created"]),
	};
}
