/** `minoots export`: timers as a file that `minoots import` takes. */
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { countText } from "../frame/count-text.ts";
import { addExamples } from "../frame/examples.ts";
import { operationFailure } from "../frame/failure.ts";
import { readChoice } from "../frame/input.ts";
import { run } from "../frame/run.ts";
import { addTimerFilter, readTimerFilter, type TimerFilterOptions } from "../frame/timer-filter.ts";

/** The file has the headers of actions in the open: only its owner may read it. */
const FILE_MODE = 0o600;
const FORMATS = ["ndjson", "ical"] as const;

type Options = TimerFilterOptions & { readonly format?: string };

export function configure(command: Command): void {
	command
		.argument("[file]", "where to; stdout unless given")
		.option("--format <format>", "ndjson, or ical (by the file's name, or ndjson)");
	addTimerFilter(command).action(
		run(async (context, file: string | undefined, options: Options) => {
			const format = readChoice("--format", options.format, FORMATS) ?? formatOf(file);
			const { timers } = await context.minoots();
			const query = { ...readTimerFilter(options), format };
			const text = await timers.export(query, { signal: context.signal });
			if (file === undefined || file === "-") return context.out.raw(text);
			await write(file, text);
			const mark = format === "ical" ? /^BEGIN:VEVENT/gm : /^./gm;
			const count = text.match(mark)?.length ?? 0;
			if (context.out.isJson) context.out.json({ file, format, timers: count });
			else
				context.out.note(
					`${countText(count, "timer")} written to ${file}. Keep it like a key: it has headers in the open.`,
				);
		}),
	);
	addExamples(
		command,
		"minoots export timers.ndjson",
		"minoots export --label team=ops --format ical > ops.ics",
		"minoots export | MINOOTS_PROFILE=other minoots import -",
	);
}

function formatOf(file: string | undefined): (typeof FORMATS)[number] {
	return file?.endsWith(".ics") ? "ical" : "ndjson";
}

async function write(file: string, text: string): Promise<void> {
	try {
		await writeFile(file, text, { mode: FILE_MODE });
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		throw operationFailure("unwritable_file", `${file} cannot be written: ${reason}`);
	}
}
