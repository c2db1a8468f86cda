/** `minoots preview`: when a schedule would fire. */
import type { Command } from "commander";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { readCount, readInstant } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { formatRelative } from "../frame/times.ts";
import { addScheduleOptions, readSchedule, type ScheduleOptions } from "../frame/when.ts";

type Options = ScheduleOptions & {
	readonly count?: string;
	readonly from?: string;
	readonly inclusive?: boolean;
};

export function configure(command: Command): void {
	command.argument("[schedule]", "cron expression, RFC 5545 rule (FREQ=…) or length of time (15m)");
	addScheduleOptions(command)
		.option("--count <n>", "how many (10)")
		.option("--from <instant>", "from then on; now unless given")
		.option("--inclusive", "an occurrence at --from itself counts")
		.action(
			run(async (context, positional: string | undefined, options: Options) => {
				const schedule = readSchedule({ ...options, ...kindOf(positional) });
				if (schedule === undefined) {
					throw usageFailure("no schedule", 'For example: minoots preview "0 9 * * MON-FRI"');
				}
				const { count, from, inclusive } = options;
				const { timers } = await context.minoots();
				const { out, signal } = context;
				const answer = await timers.preview(
					{
						schedule,
						count: readCount("--count", count),
						from: from === undefined ? undefined : readInstant("--from", from),
						inclusive,
					},
					{ signal },
				);
				if (out.isJson) return out.json(answer);
				const now = Date.now();
				const rows = answer.occurrences.map(({ at, local, offset, note }) => [
					`${local.replace("T", " ")} ${offset}`,
					at,
					formatRelative(at, now),
					note,
				]);
				await out.table([options.tz ?? "UTC", "instant", "", ""], rows);
				if (rows.length === 0) out.note("It never fires.");
			}),
		);
	addExamples(
		command,
		'minoots preview "0 9 * * MON-FRI" --tz Europe/Berlin',
		'minoots preview "FREQ=MONTHLY;BYDAY=-1FR" --dtstart 2026-01-30T17:00:00 --tz Europe/Berlin',
		"minoots preview 90m --count 3",
		'minoots preview "30 2 * * *" --tz Europe/Berlin --from 2027-03-27 --count 3 --json',
	);
}

/** Which kind of schedule a word is. */
function kindOf(text: string | undefined): ScheduleOptions {
	if (text === undefined) return {};
	if (/\bFREQ=|^(RRULE|DTSTART)/i.test(text)) return { rrule: text };
	if (/^(P\S+|[\d.]+\s*(ms|s|m|h|d|w)\S*)$/i.test(text)) return { every: text };
	return { cron: [text] };
}
