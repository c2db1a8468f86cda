/**
 * What is removed by age. Events go as whole chunks, the oldest first, once the plan's period is
 * over; an ended timer goes with the chunk that holds its last end, so no index by age is needed.
 * Idempotency keys and finished jobs go in a sweep every few hours. The alarm calls this for one
 * small slice after another, and never while something is due.
 */

import { EVENT_TYPES, type EventType } from "../../../src/contract/event.ts";
import { liesAhead } from "../../../src/core/lies-ahead.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { endOfTrail, parseTrail } from "../../../src/core/trail.ts";
import { DAY } from "../../../src/core/units.ts";
import { dropDedupeKey } from "../calls/unique-keys.ts";
import { RETENTION_REST_MS, RETENTION_SLICE_EVENTS } from "../constants.ts";
import { parseChunk } from "../events/events.ts";
import { mayHaveFirings } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import { type ChunkHead, EMPTY_CHUNK } from "../statements/retention.ts";
import type { TimerRow } from "../store.ts";
import type { StoredEvent } from "../transaction.ts";
import { sweepDueAt, sweepSlice } from "./sweep.ts";

const ENDS: readonly EventType[] = [
	"timer.settled",
	"timer.failed",
	"timer.cancelled",
	"timer.skipped",
];

/** Epoch ms at which retention wants the alarm; null when there is nothing to be removed. */
export function retentionDueAt(shard: Shard, now: number): number | null {
	const { retention } = shard;
	const wishes = [chunksDueAt(shard), sweepDueAt(shard, now)].filter((at) => at !== null);
	if (wishes.length === 0) return null;
	const isPaused = liesAhead(retention.pausedUntil, RETENTION_REST_MS, now);
	return Math.max(isPaused ? retention.pausedUntil : 0, Math.min(...wishes));
}

/** One slice of what is due by `retentionDueAt`: of chunks first. */
export function retentionSlice(shard: Shard, now: number): void {
	const chunksAt = chunksDueAt(shard);
	if (chunksAt !== null && chunksAt <= now) removeSlice(shard, now);
	else sweepSlice(shard, now);
}

function chunksDueAt(shard: Shard): number | null {
	const { retention } = shard;
	if (retention.removesTo !== null) return retention.removesTo;
	retention.oldestAt ??= oldestAt(shard);
	if (retention.oldestAt === undefined) return null;
	return retention.oldestAt + keptMs(shard) + RETENTION_REST_MS;
}

function keptMs(shard: Shard): number {
	return shard.plan.historyDays * DAY;
}

/** Only the newest chunk is ever left empty, so at most one stands before the first with events. */
function oldestAt(shard: Shard): number | undefined {
	const first = shard.store.chunkAfter.first(0);
	return first?.empty === 1 ? shard.store.chunkAfter.first(first.seq)?.at : first?.at;
}

/** Goes on through the oldest chunks, in one transaction, until it has looked at a slice of events. */
function removeSlice(shard: Shard, now: number): void {
	const { retention } = shard;
	const removesTo = retention.removesTo ?? now - keptMs(shard);
	const place = shard.transact(() => {
		let left = RETENTION_SLICE_EVENTS;
		let from = retention.place;
		while (left > 0) {
			const head = removableChunk(shard, removesTo);
			if (head === undefined) return null;
			const passed = removeFrom(shard, head, from, left, removesTo);
			left -= Math.max(1, passed.events);
			from = passed.place;
		}
		return from;
	});
	retention.removesTo = place === null ? null : removesTo;
	retention.place = place ?? 0;
	retention.oldestAt = undefined;
}

type Removable = ChunkHead & { readonly isNewest: boolean };

/** The oldest chunk, if it is old enough; the newest one only while it is not empty. */
function removableChunk({ store }: Shard, removesTo: number): Removable | undefined {
	const head = store.chunkAfter.first(0);
	if (head === undefined || head.at > removesTo) return undefined;
	const isNewest = store.chunkAfter.first(head.seq) === undefined;
	return isNewest && head.empty === 1 ? undefined : { ...head, isNewest };
}

/**
 * Looks at up to `limit` events of a chunk, and removes it when none is left. The newest one is
 * emptied instead: it says which number the next one gets. Answers the place to go on from.
 */
function removeFrom(
	shard: Shard,
	{ seq, isNewest }: Removable,
	place: number,
	limit: number,
	removesTo: number,
): { readonly events: number; readonly place: number } {
	const { store } = shard;
	const chunk = store.getChunk.first(seq);
	const events = chunk === undefined ? [] : parseChunk(chunk);
	const slice = events.slice(place, place + limit);
	for (const timer of endedIn(slice)) removeEnded(shard, timer, removesTo);
	for (const { timer, firing } of failuresIn(slice)) removeFailure(shard, timer, firing);
	if (place + limit < events.length) return { events: slice.length, place: place + limit };
	if (isNewest) store.updateChunk.run(EMPTY_CHUNK, seq);
	else store.deleteChunk.run(seq);
	return { events: slice.length, place: 0 };
}

function endedIn(events: readonly StoredEvent[]): ReadonlySet<number> {
	const timers = new Set<number>();
	for (const stored of events) {
		const type = EVENT_TYPES[stored?.[0] ?? -1];
		if (stored !== null && type !== undefined && ENDS.includes(type)) timers.add(stored[1]);
	}
	return timers;
}

type Failure = { readonly timer: number; readonly firing: number };

/** The firings of recurring timers that have failed. */
function failuresIn(events: readonly StoredEvent[]): Failure[] {
	return events.flatMap((stored) => {
		if (stored === null || EVENT_TYPES[stored[0]] !== "firing.failed" || stored[3] === 0) return [];
		const firing = stored[3]["firing"];
		return typeof firing === "number" ? [{ timer: stored[1], firing }] : [];
	});
}

/** Its dead letters, which outlive the firings around it, go by age; not while it is replayed. */
function removeFailure({ store }: Shard, timer: number, firing: number): void {
	if (store.getFiring.first(timer, firing) !== undefined) return;
	store.deleteFiringDeliveries.run(timer, firing);
}

/** A timer that was replayed meanwhile goes with its later end. */
function removeEnded(shard: Shard, timer: number, removesTo: number): void {
	const row = shard.store.getTimer.first(timer);
	if (row === undefined || !isEnded(timerStateOf(row.state))) return;
	const endedAt = endOfTrail(parseTrail(row.trail));
	if (endedAt === undefined || endedAt > shard.clock.now(removesTo)) return;
	// Steps of an escalation, or a firing that is replayed: it stays until it is removed by a call.
	if (shard.store.anyFiring.first(timer) !== undefined) return;
	shard.store.deleteDeliveries.run(timer);
	shard.store.deleteTimer.run(timer);
	if (mayHaveFirings(row)) shard.store.deleteFirings.run(timer);
	freeDedupeKey(shard, row);
}

function freeDedupeKey(shard: Shard, row: TimerRow): void {
	// Parsing every document would be most of the work.
	if (!row.doc.includes('"dedupeKey"')) return;
	const { dedupeKey } = parseTimerDoc(row.doc);
	if (dedupeKey !== undefined) dropDedupeKey(shard, dedupeKey, row.id);
}
