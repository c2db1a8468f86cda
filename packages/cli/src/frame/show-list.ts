/**
 * Lists. For people a table, the first 50 rows unless more are asked for, and a note where there are
 * more. With `--json` all of it as it comes, one object a line, so that memory and `head` are fine.
 */
import type { Context } from "./context.ts";
import { readCount } from "./input.ts";
import type { Cell } from "./output.ts";

/** What a screen or two hold. */
const ROWS_DEFAULT = 50;
/** Rows whose widths are known before they are printed: what streams on is aligned by page. */
const ROWS_PER_TABLE = 1_000;

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

/** How many items a list is to show; also what the API may be asked for at once. */
export function limitOf({ out }: Context, { limit, all }: ListOptions): number {
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
