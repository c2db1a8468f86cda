/** Replaying all dead letters that a filter selects. Called by the object only. */
import { SECOND } from "../../../src/core/units.ts";
import { yieldToOthers } from "../claim/claim-due.ts";
import { SCAN_SLICE_ROWS } from "../constants.ts";
import { submitWithRoom } from "../quota.ts";
import type { BulkReplayed, DeadLetterFilter } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import {
	type DeadRowKey,
	deadLetterOf,
	FIRST_DEAD,
	keyOf,
	matches,
	replay,
} from "./dead-letters.ts";

/**
 * Replays all that match, `ratePerSecond` of them a second from `startAt` on, as far as the quota
 * has room; slice by slice, so that other calls come in between. What dies again meanwhile is not
 * replayed twice.
 */
export async function replayMatching(
	shard: Shard,
	filter: DeadLetterFilter,
	startAt: number,
	ratePerSecond: number,
): Promise<BulkReplayed> {
	const diedBy = Date.now();
	const total = { replayed: 0, refused: 0, lastAt: null as number | null };
	let from: DeadRowKey | null = FIRST_DEAD;
	while (from !== null) {
		const rows: readonly DeliveryRow[] = shard.store.deadDeliveries.all(...from, SCAN_SLICE_ROWS);
		const letters = rows.filter((row) => {
			const letter = deadLetterOf(shard, row);
			return letter !== undefined && letter.deadAt <= diedBy && matches(letter, filter);
		});
		if (letters.length > 0) {
			await submitWithRoom(shard, letters.length, (tx) => {
				const slice = replaySlice(shard, tx, letters, (nth) => {
					return startAt + Math.floor(((total.replayed + nth) * SECOND) / ratePerSecond);
				});
				// With the commit: a group that fails is run again, call by call.
				tx.onCommit(() => {
					total.replayed += slice.replayed;
					total.refused += slice.refused;
					total.lastAt = slice.lastAt ?? total.lastAt;
				});
			});
		}
		const last = rows.at(-1);
		const isLast = last === undefined || rows.length < SCAN_SLICE_ROWS;
		from = isLast || (last.settled_at ?? 0) > diedBy ? null : keyOf(last);
		if (from !== null) await yieldToOthers();
	}
	return total;
}

/** @param dueAtOf when the nth of the slice is due, counted from 0 */
function replaySlice(
	shard: Shard,
	tx: Transaction,
	letters: readonly DeliveryRow[],
	dueAtOf: (nth: number) => number,
): BulkReplayed {
	let replayed = 0;
	let refused = 0;
	let lastAt: number | null = null;
	for (const letter of letters) {
		const dueAt = dueAtOf(replayed);
		const done = replay(shard, tx, letter, null, dueAt);
		if (done.ok) {
			replayed += 1;
			lastAt = dueAt;
		} else if (done.error.code === "quota_exceeded") refused += 1;
	}
	return { replayed, refused, lastAt };
}
