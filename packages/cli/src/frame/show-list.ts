/**
 * Lists. For people a table, the first 50 rows unless more are asked for, and a note where there are
 * more. With `--json` all of it as it comes, one object a line, so that memory and `head` are fine.
 */
import type { Command } from "commander";
import type { Context } from "./context.ts";
import { readCount } from "./input.ts";
import type { Cell } from "./output.ts";

/** What a screen or two hold. */
const ROWS_DEFAULT = 50;
/** Rows whose widths are known before they are printed: what streams on is aligned by page. */
const ROWS_PER_TABLE = 1_000;
/** The largest page that the API answers. */
const PAGE_MAX = 1_000;

export type ListOptions = {
	readonly limit?: string | undefined;
	readonly all?: boolean | undefined;
	/** Only what `idOf` answers, one a line. */
	readonly quiet?: boolean | undefined;
};

export type ListView<T> = {
	readonly head: readonly string[];
	readonly row: (item: T) => readonly Cell[];
	readonly idOf?: ((item: T) => string) | undefined;
	/** What there is none of, for people: `timers`. */
	readonly noun: string;
};

export function addListOptions(command: Command): Command {
	return command
		.option("--limit <n>", "show so many at most (50, or all with --json)")
		.option("--all", "show all");
}

/** Those of a list whose items have ids. */
export function addIdListOptions(command: Command): Command {
	return addListOptions(command).option("-q, --quiet", "print ids only, one a line");
}

/** How many items to ask the API for at once: one more than are shown tells whether there are more. */
export function pageSizeOf(context: Context, options: ListOptions): number {
	return Math.min(limitOf(context, options) + 1, PAGE_MAX);
}

/** How many items a list is to show. */
function limitOf({ out }: Context, { limit, all }: ListOptions): number {
	const named = readCount("--limit", limit);
	if (named !== undefined) return named;
	return all === true || out.isJson ? Number.POSITIVE_INFINITY : ROWS_DEFAULT;
}

export async function showList<T>(
	context: Context,
	items: AsyncIterable<T>,
	options: ListOptions,
	view: ListView<T>,
): Promise<void> {
	const { out } = context;
	const limit = limitOf(context, options);
	const rows: (readonly Cell[])[] = [];
	let shown = 0;
	for await (const item of items) {
		if (shown === limit) {
			if (options.limit === undefined) out.note(`There are more ${view.noun}: --all shows them.`);
			break;
		}
		shown += 1;
		if (out.isJson) out.json(item);
		else if (options.quiet === true) out.line(view.idOf?.(item));
		else rows.push(view.row(item));
		if (rows.length === ROWS_PER_TABLE) await out.table(view.head, rows.splice(0));
	}
	if (rows.length > 0) await out.table(view.head, rows);
	if (shown === 0) out.note(`No ${view.noun}.`);
}
