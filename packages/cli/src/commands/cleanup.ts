/** `minoots cleanup`: timers that ended long ago, removed with their history. */
import type { Command } from "commander";
import type { CleanupCall } from "../../../sdk/src/types.ts";
import { confirm } from "../frame/confirm.ts";
import { countText } from "../frame/count-text.ts";
import { addExamples } from "../frame/examples.ts";
import { collect, readChoice } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { showBulk } from "../frame/show-bulk.ts";

const ENDED = ["settled", "failed", "cancelled", "skipped"] as const;
/** The founding client's `cleanup` took all that had ended. A day of it is worth a look back. */
const OLDER_THAN_DEFAULT = "1d";

type Options = {
	readonly olderThan: string;
	readonly status?: readonly string[];
	readonly dryRun?: boolean;
	readonly wait?: boolean;
	readonly yes?: boolean;
};

export function configure(command: Command): void {
	command
		.option("--older-than <duration>", "ended at least so long ago", OLDER_THAN_DEFAULT)
		.option("--status <status>", `only ${ENDED.join(", ")}; may be repeated`, collect)
		.option("--dry-run", "only count")
		.option("-w, --wait", "until a job that this becomes is done")
		.option("-y, --yes", "do not ask")
		.action(
			run(async (context, { olderThan, status, dryRun = false, wait, yes }: Options) => {
				const statuses = status
					?.flatMap((text) => text.split(","))
					.flatMap((text) => readChoice("--status", text, ENDED) ?? []);
				const call: CleanupCall = { olderThan, dryRun, ...(statuses && { statuses }) };
				const { timers } = await context.minoots();
				const { signal } = context;
				if (!dryRun && yes !== true) {
					const { matched } = await timers.cleanup({ ...call, dryRun: true }, { signal });
					await confirm(context, `Remove ${countText(matched, "timer")} with all history?`, false);
				}
				return showBulk(context, await timers.cleanup(call, { signal }), wait === true);
			}),
		);
	addExamples(
		command,
		"minoots cleanup --dry-run",
		"minoots cleanup --older-than 30d --status settled --yes",
	);
}
