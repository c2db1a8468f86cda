/** `minoots import`: timers from files: exports, crontabs, calendars, the founding module's folder. */
import type { Command } from "commander";
import type { ImportAnswer } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { addExamples } from "../frame/examples.ts";
import { EXIT } from "../frame/exit-codes.ts";
import { readChoice } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { FORMATS, readSource, type Source } from "../import/read-source.ts";
import { reportOf, showReport } from "../import/report.ts";

type Options = {
	readonly format?: string;
	readonly webhook?: string;
	readonly mailbox?: string;
	readonly tz?: string;
	readonly dryRun?: boolean;
	readonly again?: boolean;
	readonly quiet?: boolean;
};

export function configure(command: Command): void {
	command
		.argument("<file>", "file, - for stdin, or the founding module's folder active_timers")
		.option("--format <format>", `${FORMATS.join(", ")} (by its name, or by how it begins)`)
		.option("--webhook <url>", "what is called by a timer that names no action of its own")
		.option("--mailbox <mailbox>", "who gets a message of a timer that names no action")
		.option("--tz <zone>", "zone of local times that come without one (UTC)")
		.option("--dry-run", "only say what would happen")
		.option("--again", "create again what an earlier import has created")
		.option("-q, --quiet", "print ids of the timers only, one a line")
		.action(
			run(async (context, file: string, options: Options) => {
				const source = await readSource(file, readChoice("--format", options.format, FORMATS));
				const report = await send(context, source, options);
				const { out } = context;
				if (out.isJson) out.json(report);
				else if (!options.quiet) await showReport(context, report);
				else for (const result of report.results) if ("id" in result) out.line(result.id);
				warnOfProcesses(context, source);
				return report.failed > 0 ? EXIT.failed : EXIT.ok;
			}),
		);
	addExamples(
		command,
		"minoots import active_timers --dry-run",
		"minoots import timers.ndjson",
		"crontab -l | minoots import - --mailbox cron --tz Europe/Berlin",
		"minoots import team.ics --webhook https://example.com/hooks/meeting",
	);
}

async function send(context: Context, source: Source, options: Options) {
	const { webhook: url, mailbox, tz: timezone, dryRun = false, again = false } = options;
	const query = {
		format: source.format,
		url,
		mailbox,
		timezone,
		dryRun,
		once: !again,
	};
	const { timers } = await context.minoots();
	const { partsOf } = await import("../import/parts.ts");
	const answers: ImportAnswer[] = [];
	const parts = partsOf(source);
	for (const [at, part] of parts.entries()) {
		answers.push(await timers.import(part, query, { signal: context.signal }));
		if (parts.length > 1) context.out.note(`part ${at + 1} of ${parts.length}`);
	}
	return reportOf(answers, source, dryRun);
}

/** What the founding module has started runs on by itself, and fires as well. */
function warnOfProcesses({ out }: Context, { pids }: Source): void {
	const running = [...new Set(pids)].filter(isRunning);
	if (running.length === 0) return;
	out.note(
		`These timers still run as processes of the founding module, and would fire there too. End them: kill ${running.join(" ")}`,
	);
}

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false; // it has ended, or it is another user's and so not one of ours
	}
}
