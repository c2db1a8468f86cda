/**
 * A shard's part of a list: its timers in the asked order from a position on, reading at most
 * `LIMITS.pageScanRows` rows, so that no filter makes a page cost more than that. The edge merges
 * the parts.
 */

import { LIMITS } from "../../../src/contract/limits.ts";
import type { TimerStatus } from "../../../src/contract/timer.ts";
import { PAGE_DOC_CHARS, SCAN_SLICE_ROWS } from "../constants.ts";
import type { ListAnswer, ListCall, ListPosition } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import { matches } from "./filter.ts";
import { recordOf } from "./record.ts";

/** Timers without a due time come after all others. */
const NEVER = Number.POSITIVE_INFINITY;
/** Before any due time, whatever clock that is on. */
const EVER = -LIMITS.instantMax;

export function listTimers(shard: Shard, call: ListCall): ListAnswer {
	if (!shard.exists) return { items: [], scannedTo: null };
	return call.order === "created" ? listByCreation(shard, call) : listByDue(shard, call);
}

function listByCreation(shard: Shard, call: ListCall): ListAnswer {
	const from = call.after === null ? 0 : firstAfter(shard, call.after);
	return collect(shard, call, byCreation(shard, from));
}

/** A row that a list has read: where it stands, and whether it belongs there. */
type Scanned = { readonly key: number; readonly row: TimerRow; readonly isListed: boolean };

function* byCreation(shard: Shard, from: number): Generator<Scanned> {
	for (const row of rowsFrom(shard, from)) yield { key: row.created_at, row, isListed: true };
}

/** What is due in time order, then what is due no more. */
function listByDue(shard: Shard, call: ListCall): ListAnswer {
	return collect(shard, call, byDue(shard, call));
}

function collect(shard: Shard, call: ListCall, scan: Iterable<Scanned>): ListAnswer {
	const now = shard.clock.now(Date.now());
	const home = shard.identity.shard;
	const items: ListAnswer["items"][number][] = [];
	let read = 0;
	let chars = 0;
	for (const { key, row, isListed } of scan) {
		read += 1;
		const position: ListPosition = { key, shard: home, seq: row.id };
		if (isListed && matches(shard, row, call.filter, now)) {
			items.push({ position, timer: recordOf(shard, row) });
			chars += row.doc.length;
		}
		const isFull = items.length === call.limit || chars >= PAGE_DOC_CHARS;
		if (isFull || read === LIMITS.pageScanRows) {
			return { items, scannedTo: position };
		}
	}
	return { items, scannedTo: null };
}

function* rowsFrom(shard: Shard, from: number): Generator<TimerRow> {
	let next = from;
	while (true) {
		const rows = shard.store.timersFrom.all(next, SCAN_SLICE_ROWS);
		yield* rows;
		const last = rows.at(-1);
		if (last === undefined || rows.length < SCAN_SLICE_ROWS) return;
		next = last.id + 1;
	}
}

/** States of timers that have a due time, and of those that have none; `firing` may be either. */
const WAITING: readonly TimerStatus[] = ["scheduled", "armed"];
const ENDED: readonly TimerStatus[] = ["settled", "failed", "cancelled", "skipped"];

function* byDue(shard: Shard, { filter, after }: ListCall): Generator<Scanned> {
	const home = shard.identity.shard;
	const asksOnly = (kind: readonly TimerStatus[]) =>
		filter.statuses?.every((status) => kind.includes(status)) ?? false;
	if (after?.key !== NEVER && !asksOnly(ENDED)) {
		// A timer is due when its schedule says or, retried, later: nothing earlier can match.
		const start =
			filter.dueAfter === null || (after !== null && after.key >= filter.dueAfter)
				? after
				: { key: filter.dueAfter, shard: home, seq: Number.MAX_SAFE_INTEGER };
		for (const due of dueRowsAfter(shard, start)) yield { ...due, isListed: true };
	}
	if (asksOnly(WAITING)) return;
	let from = 0;
	if (after?.key === NEVER) {
		if (after.shard > home) return;
		if (after.shard === home) from = after.seq + 1;
	}
	// Those that have a due time were listed above: they are only read past, and counted.
	for (const row of rowsFrom(shard, from)) yield { key: NEVER, row, isListed: row.due === null };
}

type DueRow = Pick<Scanned, "key" | "row">;

/** Merges the lanes, each of which the index holds in order. */
function* dueRowsAfter(shard: Shard, after: ListPosition | null): Generator<DueRow> {
	const now = Date.now();
	const { clock } = shard;
	const lanes = clock.lanes.map((lane) =>
		dueRowsOfLane(shard, lane, clock.now(now) - clock.nowOf(lane, now), after),
	);
	const heads = lanes.map((lane) => lane.next());
	while (true) {
		let first: number | undefined;
		heads.forEach((head, lane) => {
			if (head.done === true) return;
			const best = first === undefined ? undefined : heads[first];
			if (best === undefined || best.done === true || isBefore(head.value, best.value))
				first = lane;
		});
		if (first === undefined) return;
		const head = heads[first];
		if (head === undefined || head.done === true) return;
		yield head.value;
		const lane = lanes[first];
		if (lane !== undefined) heads[first] = lane.next();
	}
}

function isBefore(a: DueRow, b: DueRow): boolean {
	return a.key < b.key || (a.key === b.key && a.row.id < b.row.id);
}

/** @param aheadMs how far the tenant's time, in which a list is ordered, is ahead of the lane's clock */
function* dueRowsOfLane(
	shard: Shard,
	lane: number,
	aheadMs: number,
	after: ListPosition | null,
): Generator<DueRow> {
	const start = startOf(shard.identity.shard, after);
	let due = start.due - aheadMs;
	let { id } = start;
	while (true) {
		const rows = shard.store.pendingTimers.all(lane, due, id, lane, due, SCAN_SLICE_ROWS);
		for (const row of rows) yield { key: (row.due ?? NEVER) + aheadMs, row };
		const last = rows.at(-1);
		if (last?.due == null || rows.length < SCAN_SLICE_ROWS) return;
		due = last.due;
		id = last.id;
	}
}

/** The (due, id) after which this shard's part goes on; ties between shards go by shard number. */
function startOf(home: number, after: ListPosition | null): { due: number; id: number } {
	if (after === null) return { due: EVER, id: 0 };
	if (after.shard === home) return { due: after.key, id: after.seq };
	return { due: after.key, id: after.shard < home ? 0 : Number.MAX_SAFE_INTEGER };
}

/**
 * The first timer behind a position, by binary search: within a shard `created_at` never falls
 * with the id, so no index is needed.
 */
function firstAfter(shard: Shard, after: ListPosition): number {
	const home = shard.identity.shard;
	if (after.shard === home) return after.seq + 1;
	// A timer of the same millisecond comes later in the list when its shard does.
	const isBehind = (createdAt: number) =>
		createdAt > after.key || (createdAt === after.key && home > after.shard);
	let low = 0;
	let high = (shard.store.newestTimer.first()?.id ?? 0) + 1;
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		const row = shard.store.createdFrom.first(middle);
		if (row === undefined || isBehind(row.created_at)) high = middle;
		else low = row.id + 1;
	}
	return low;
}
