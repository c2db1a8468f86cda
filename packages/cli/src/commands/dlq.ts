/** `minoots dlq`: deliveries that were given up, to be looked at, edited and sent again. */
import type { Command } from "commander";
import { addFilterOptions, type FilterOptions, readFilter } from "../dead-letters/filter.ts";
import { configureReplay } from "../dead-letters/replay-command.ts";
import { DEAD_LETTER_HEAD, deadLetterRow, showDeadLetter } from "../dead-letters/show.ts";
import { eachGone, eachId } from "../frame/each-id.ts";
import { addExamples } from "../frame/examples.ts";
import { run } from "../frame/run.ts";
import { addIdListOptions, type ListOptions, pageSizeOf, showList } from "../frame/show-list.ts";

export function configure(command: Command): void {
	command.helpCommand(false);
	configureList(command.command("list").summary("List dead letters, oldest first"));
	configureShow(command.command("show").summary("Show dead letters with every attempt"));
	configureReplay(command.command("replay").summary("Send dead letters again, edited or not"));
	configureDelete(command.command("delete").summary("Remove dead letters"));
	addExamples(
		command,
		"minoots dlq list --host api.example.com",
		"minoots dlq show dlv_…",
		"minoots dlq replay dlv_… --set url=https://api.example.com/v2/hooks",
		"minoots dlq replay --host api.example.com --rate 50",
	);
}

function configureList(command: Command): void {
	addIdListOptions(addFilterOptions(command)).action(
		run(async (context, options: FilterOptions & ListOptions) => {
			const query = { ...readFilter(options), limit: pageSizeOf(context, options) };
			const { deadLetters } = await context.minoots();
			await showList(context, deadLetters.list(query, { signal: context.signal }), options, {
				head: DEAD_LETTER_HEAD,
				row: (letter) => deadLetterRow(context, letter),
				idOf: (letter) => letter.id,
				noun: "dead letters",
			});
		}),
	);
	addExamples(
		command,
		"minoots dlq list --label team=billing",
		"minoots dlq list --host api.example.com --dead-after 2026-12-01T09:00Z --json | jq .reason",
	);
}

function configureShow(command: Command): void {
	command.argument("<id...>", "ids of dead letters, - for those on stdin").action(
		run(async (context, ids: readonly string[]) => {
			const { deadLetters } = await context.minoots();
			const { signal } = context;
			return eachId(
				context,
				ids,
				(id) => deadLetters.get(id, { signal }),
				(letter) => showDeadLetter(context, letter),
			);
		}),
	);
	addExamples(command, "minoots dlq show dlv_…", "minoots dlq show dlv_… --json | jq .history");
}

function configureDelete(command: Command): void {
	command.argument("<id...>", "ids of dead letters, - for those on stdin").action(
		run(async (context, ids: readonly string[]) => {
			const { deadLetters } = await context.minoots();
			const { signal } = context;
			const remove = (id: string) => deadLetters.delete(id, { signal });
			return eachGone(context, ids, remove, (id) => `deleted ${id}`);
		}),
	);
	addExamples(command, "minoots dlq list --quiet --host gone.example.com | minoots dlq delete -");
}
