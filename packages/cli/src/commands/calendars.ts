/** `minoots calendars`: named sets of dates, such as holidays, that schedules refer to. */
import type { Command } from "commander";
import type { CalendarSummary } from "../../../sdk/src/types.ts";
import type { Context } from "../frame/context.ts";
import { countText } from "../frame/count-text.ts";
import { eachGone } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { usageFailure } from "../frame/failure.ts";
import { collect, readFileOrStdin } from "../frame/input.ts";
import { run } from "../frame/run.ts";

export function configure(command: Command): void {
	command.helpCommand(false);
	configurePut(command.command("put").summary("Put a calendar, new or in place of one"));
	configureList(command.command("list").summary("List calendars"));
	configureGet(command.command("get").summary("Show a calendar with its dates"));
	configureDelete(command.command("delete").summary("Remove calendars"));
	addExamples(
		command,
		"minoots calendars put holidays-de holidays.ics",
		"minoots calendars put company --date 2026-12-24 --date 2026-12-31",
		"minoots calendars get company",
	);
}

type PutOptions = { readonly date?: readonly string[] };

function configurePut(command: Command): void {
	command
		.argument("<calendar>", "its name")
		.argument("[file]", "iCalendar, or a date a line; - for stdin")
		.option("--date <date>", "2026-12-25; may be repeated", collect)
		.action(
			run(async (context, name: string, file: string | undefined, { date }: PutOptions) => {
				if ((file === undefined) === (date === undefined)) {
					throw usageFailure("expected a file, or --date");
				}
				const text = file === undefined ? "" : await readFileOrStdin("file", file);
				const isIcal = /^\s*BEGIN:VCALENDAR/i.test(text);
				const dates = [...(date ?? text.split(/\s+/).filter(Boolean))];
				const { calendars } = await context.minoots();
				const put = isIcal ? { ical: text } : { dates };
				const summary = await calendars.put(name, put, { signal: context.signal });
				if (context.out.isJson) context.out.json(summary);
				else context.out.line(`put ${summaryText(summary)}`);
			}),
		);
	addExamples(
		command,
		"minoots calendars put holidays-de holidays.ics",
		"minoots calendars put company --date 2026-12-24",
		"curl -s https://example.com/holidays.ics | minoots calendars put holidays -",
	);
}

function summaryText({ name, version, count }: CalendarSummary): string {
	return `${name}, version ${version}, ${countText(count, "date")}`;
}

function configureList(command: Command): void {
	command.option("-q, --quiet", "print names only, one a line").action(
		run(async (context, { quiet }: { readonly quiet?: boolean }) => {
			const { calendars } = await context.minoots();
			const list = await calendars.list({ signal: context.signal });
			const { out } = context;
			if (out.isJson) for (const one of list) out.json(one);
			else if (quiet) for (const { name } of list) out.line(name);
			else await showTable(context, list);
		}),
	);
}

async function showTable({ out }: Context, list: readonly CalendarSummary[]): Promise<void> {
	if (list.length === 0) return out.note("No calendars.");
	await out.table(
		["name", "version", "dates", "first", "last", "changed"],
		list.map(({ name, version, count, firstDate, lastDate, updatedAt }) => [
			name,
			version,
			count,
			firstDate,
			lastDate,
			out.time(updatedAt),
		]),
	);
}

function configureGet(command: Command): void {
	command.argument("<calendar>", "its name").action(
		run(async (context, name: string) => {
			const { calendars } = await context.minoots();
			const calendar = await calendars.get(name, { signal: context.signal });
			const { out } = context;
			if (out.isJson) return out.json(calendar);
			out.fields([
				["name", out.style.bold(calendar.name)],
				["version", calendar.version],
				["changed", out.time(calendar.updatedAt)],
				["dates", calendar.dates.join(" ")],
			]);
		}),
	);
}

function configureDelete(command: Command): void {
	command.argument("<calendar...>", "names, - for those on stdin").action(
		run(async (context, names: readonly string[]) => {
			const { calendars } = await context.minoots();
			const { signal } = context;
			const remove = (name: string) => calendars.delete(name, { signal });
			return eachGone(context, names, remove, (name) => `deleted ${name}`, "name");
		}),
	);
}
