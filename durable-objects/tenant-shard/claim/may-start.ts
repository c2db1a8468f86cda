/**
 * Whether a due timer that is not plain starts its firing now: it may wait for a condition, be late, or
 * be held by a guard. Asked by the claim, before anything of the firing goes out.
 */
import { GUARDED } from "../../../src/core/timer-flags.ts";
import { hasQueued } from "../concurrency/turns.ts";
import { endFiring } from "../firing/end-firing.ts";
import { decideStart } from "../guards/guards.ts";
import { isLate, moveIfLate } from "../guards/late-start.ts";
import type { Shard } from "../shard.ts";
import type { DueRow } from "../store.ts";
import { pollIfDue } from "../topic/poll-condition.ts";
import type { Transaction } from "../transaction.ts";

/** Whether the firing of a timer that is not plain starts now. Where not, the row has been written. */
export function mayStart(shard: Shard, tx: Transaction, due: DueRow): boolean {
	if ((due.flags & GUARDED) === 0 && !isLate(due, tx.tenantNow)) return true;
	// What was claimed before it in this slice may have changed it.
	const row = shard.store.getTimer.first(due.id);
	if (row === undefined || row.due === null || row.due > tx.tenantNow) return false;
	if (pollIfDue(shard, tx, row)) return false;
	if (!hasQueued(shard, row) && moveIfLate(shard, tx, row)) return false;
	const start = decideStart(shard, tx, row);
	switch (start.kind) {
		case "fire":
			return true;
		case "moved":
			return false;
		case "wait":
			shard.store.updateTimer.run(start.due, row.state, "", row.id);
			if (start.due !== null) shard.includeOnCommit(tx, row.lane, start.due, row.id);
			return false;
		case "skip": {
			const { reason, data } = start;
			const skipped = { row, state: "skipped", trail: "", claimedAt: tx.tenantNow } as const;
			endFiring(shard, tx, { ...skipped, reason, data });
			return false;
		}
	}
}
