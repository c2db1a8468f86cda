/**
 * Bulk calls: one action on everything a filter selects. Few matches are worked off at once;
 * many become a job, of which every ring of the alarm does a slice.
 */

import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { JOB_SLICE_TIMERS, SCAN_SLICE_ROWS } from "../constants.ts";
import { Erasure, eraseEvents } from "../events/events.ts";
import type { BulkAction, JobProgress, TimerFilter } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { cancelTimer } from "./cancel-timer.ts";
import { deleteTimer } from "./control.ts";
import { matches } from "./filter.ts";
import { isPaused, pauseTimer, resumeTimer } from "./pause.ts";
import { replayFiring, runTimer } from "./run-now.ts";

type JobBody = {
	readonly action: BulkAction;
	readonly filter: TimerFilter;
	readonly reason: string | null;
	readonly matched: number;
	/** Timers created later are not meant. */
	readonly upTo: number;
};

/** Counts what matches, letting other calls in between slices. */
export async function countMatching(shard: Shard, filter: TimerFilter): Promise<number> {
	if (!shard.exists) return 0;
	let count = 0;
	let position = 0;
	while (true) {
		const rows = shard.store.timersFrom.all(position + 1, SCAN_SLICE_ROWS);
		const now = shard.clock.now(Date.now());
		for (const row of rows) if (matches(shard, row, filter, now)) count += 1;
		const last = rows.at(-1);
		if (last === undefined || rows.length < SCAN_SLICE_ROWS) return count;
		position = last.id;
		await new Promise((resolve) => setTimeout(resolve, 0));
	}
}

/** Applies the action to all that matches now. */
export async function applyToMatching(
	shard: Shard,
	action: BulkAction,
	filter: TimerFilter,
	reason: string | null,
): Promise<{ matched: number; changed: number }> {
	const total = { matched: 0, changed: 0 };
	if (!shard.exists) return total;
	const upTo = shard.counter.next_timer - 1;
	let position: number | null = 0;
	while (position !== null) {
		const from: number = position;
		const slice = shard.transact((tx) =>
			applySlice(shard, tx, { action, filter, reason, upTo }, from),
		);
		total.matched += slice.matched;
		total.changed += slice.changed;
		position = slice.next;
		await new Promise((resolve) => setTimeout(resolve, 0));
	}
	return total;
}

export function startJob(shard: Shard, job: number, body: Omit<JobBody, "upTo">): void {
	const upTo = shard.counter.next_timer - 1;
	const text: JobBody = { ...body, upTo };
	shard.transact(() => shard.store.insertJob.run(job, JSON.stringify(text)));
	shard.hasJob = true;
	shard.ringBy(Date.now());
}

export function jobProgress(shard: Shard, job: number): JobProgress | null {
	const row = shard.exists ? shard.store.getJob.first(job) : undefined;
	if (row === undefined) return null;
	const { action, matched } = parseBody(row.body);
	const { processed, changed } = row;
	return { action, done: row.done === 1, matched, processed, changed };
}

/** One slice of the oldest open job. */
export function workOffJob(shard: Shard): void {
	if (!shard.hasJob) return;
	shard.transact((tx) => {
		const row = shard.store.openJob.first();
		if (row === undefined) {
			tx.onCommit(() => {
				shard.hasJob = false;
			});
			return;
		}
		const slice = applySlice(shard, tx, parseBody(row.body), row.position);
		shard.store.updateJob.run(
			slice.next ?? row.position,
			slice.next === null ? 1 : 0,
			slice.next === null ? tx.now : null,
			row.processed + slice.matched,
			row.changed + slice.changed,
			row.id,
		);
	});
}

type Slice = { readonly next: number | null; readonly matched: number; readonly changed: number };

function applySlice(
	shard: Shard,
	tx: Transaction,
	{ action, filter, reason, upTo }: Omit<JobBody, "matched">,
	position: number,
): Slice {
	const rows = shard.store.timersFrom.all(position + 1, SCAN_SLICE_ROWS);
	const erasure = new Erasure();
	let matched = 0;
	let changed = 0;
	let next: number | null = rows.length < SCAN_SLICE_ROWS ? null : (rows.at(-1)?.id ?? null);
	for (const listed of rows) {
		if (listed.id > upTo) {
			next = null;
			break;
		}
		if (matched === JOB_SLICE_TIMERS) {
			next = listed.id - 1;
			break;
		}
		if (!matches(shard, listed, filter, tx.tenantNow)) continue;
		// Those before it may have ended it: what depends on a timer is cancelled with it.
		const row = shard.store.getTimer.first(listed.id);
		if (row === undefined) continue;
		matched += 1;
		if (apply(shard, tx, row, action, reason, erasure)) changed += 1;
	}
	eraseEvents(shard, erasure);
	return { next, matched, changed };
}

function apply(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	action: BulkAction,
	reason: string | null,
	erasure: Erasure,
): boolean {
	switch (action) {
		case "cancel":
			return (
				!isEnded(timerStateOf(row.state)) && cancelTimer(shard, tx, row, reason) !== "already_fired"
			);
		case "delete":
			return deleteTimer(shard, tx, row, null, erasure).ok;
		case "pause":
			return !isPaused(row) && pauseTimer(shard, tx, row, reason).ok;
		case "resume":
			return isPaused(row) && resumeTimer(shard, tx, row, reason).ok;
		case "run":
			return runTimer(shard, tx, row, null).ok;
		case "replay":
			return replayFiring(shard, tx, row, null, null).ok;
	}
}

function parseBody(text: string): JobBody {
	// Only `startJob` writes this text.
	return JSON.parse(text) as JobBody;
}
