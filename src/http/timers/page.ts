/** Pages of lists: over all shards of a tenant, and over the history of one timer. */
import type { HistoryPage } from "../../../durable-objects/tenant-shard/rpc.ts";
import { LIMITS } from "../../contract/limits.ts";
import type { Page } from "../../contract/page.ts";
import { type CursorScope, decodeCursor, encodeCursor } from "../../core/cursor.ts";
import { compareNumbers, mergePages, type ShardPage } from "../../core/merge-pages.ts";
import { ok, type Result } from "../../core/result.ts";
import { type HttpFailure, refuse } from "../failure.ts";

type Position = readonly number[];

const LAST_SHARD = LIMITS.shardsMax - 1;
const LAST_ACTION = LIMITS.actionsPerTimer - 1;
const ANY = Number.MAX_SAFE_INTEGER;

/** The largest values in the cursor of each kind of list. A due time may be Infinity. */
export const TIMER_BOUNDS = [Number.POSITIVE_INFINITY, LAST_SHARD, ANY];
export const DEAD_LETTER_BOUNDS = [ANY, LAST_SHARD, ANY, ANY, LAST_ACTION];
const OFFSET_BOUNDS = [ANY];

export type PageQuery = { readonly limit: number; readonly cursor?: string | undefined };

/** What identifies a list: its cursors fit no other. */
export type List = { readonly scope: CursorScope; readonly bounds: readonly number[] };

/** Where the page starts after; null at the beginning. */
export function readCursor(
	{ cursor }: PageQuery,
	{ scope, bounds }: List,
): Result<Position | null, HttpFailure> {
	if (cursor === undefined) return ok(null);
	const position = decodeCursor(cursor, scope, bounds);
	if (position !== undefined) return ok(position);
	return refuse(
		"invalid_cursor",
		"The cursor is not one of this list: keep the filter and order of the page it came with.",
	);
}

/** One page out of what all shards answered. */
export function pageOfShards<Item>(
	parts: readonly ShardPage<Item, Position>[],
	{ limit }: PageQuery,
	{ scope }: List,
	positionOf: (item: Item) => Position,
): Page<Item> {
	const { items, next } = mergePages(parts, limit, positionOf, compareNumbers);
	return { items, nextCursor: next === null ? null : encodeCursor(next, scope) };
}

/**
 * One page of a timer's history, which one shard holds, newest first. Its cursors count items: what
 * happens between two pages is shown again, and nothing is left out.
 */
export async function pageOfHistory<View>(
	query: PageQuery,
	scope: CursorScope,
	read: (offset: number, limit: number) => Promise<Result<HistoryPage<View>, HttpFailure>>,
): Promise<Result<Page<View>, HttpFailure>> {
	const start = readCursor(query, { scope, bounds: OFFSET_BOUNDS });
	if (!start.ok) return start;
	const [offset = 0] = start.value ?? [];
	const page = await read(offset, query.limit);
	if (!page.ok) return page;
	const { items, more } = page.value;
	const nextCursor = more ? encodeCursor([offset + items.length], scope) : null;
	return ok({ items, nextCursor });
}
