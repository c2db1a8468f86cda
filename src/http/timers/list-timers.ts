/** Lists the timers of a tenant: asks every shard, and puts their answers into one order. */
import type { ListPosition } from "../../../durable-objects/tenant-shard/rpc.ts";
import type { Page } from "../../contract/page.ts";
import type { TimerView } from "../../contract/timer.ts";
import type { TimerListQuery } from "../../contract/timer-list.ts";
import { ok, type Result } from "../../core/result.ts";
import type { TenantContext } from "../context.ts";
import type { HttpFailure } from "../failure.ts";
import { viewInList } from "./answer.ts";
import { filterOfQuery } from "./filter.ts";
import { type List, pageOfShards, readCursor, TIMER_BOUNDS } from "./page.ts";
import { allHomes } from "./shards.ts";

export async function listTimers(
	context: TenantContext,
	query: TimerListQuery,
): Promise<Result<Page<TimerView>, HttpFailure>> {
	const filter = filterOfQuery(query);
	if (!filter.ok) return filter;
	const { order, limit } = query;
	const list: List = { scope: ["timers", order, filter.value], bounds: TIMER_BOUNDS };
	const start = readCursor(query, list);
	if (!start.ok) return start;
	const after = start.value === null ? null : positionOf(start.value);
	const answers = await Promise.all(
		allHomes(context).map(({ stub }) => stub.list({ filter: filter.value, order, after, limit })),
	);
	const parts = answers.map(({ items, scannedTo }) => ({
		items,
		scannedTo: scannedTo && numbersOf(scannedTo),
	}));
	const { items, nextCursor } = pageOfShards(parts, query, list, (item) =>
		numbersOf(item.position),
	);
	const views = items.map(({ position, timer }) => viewInList(context, position.shard, timer));
	return ok({ items: await Promise.all(views), nextCursor });
}

function numbersOf({ key, shard, seq }: ListPosition): readonly number[] {
	return [key, shard, seq];
}

function positionOf([key = 0, shard = 0, seq = 0]: readonly number[]): ListPosition {
	return { key, shard, seq };
}
