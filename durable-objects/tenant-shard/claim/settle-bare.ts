/** Firing a timer that has nothing to do. Called by the claim. */
import { isPlain } from "../../../src/core/timer-flags.ts";
import { formatTrail } from "../../../src/core/trail.ts";
import { endFiring } from "../firing/end-firing.ts";
import { endTimer } from "../firing/end-timer.ts";
import { firingEntries } from "../firing/firing-entries.ts";
import type { Shard } from "../shard.ts";
import type { DueRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";

/** A timer without actions fires and settles in one step. */
export function settleBare(shard: Shard, tx: Transaction, row: DueRow, chunk: number | null): void {
	const claim = { chunk, claimedAt: tx.now, aheadMs: tx.tenantNow - tx.now };
	const trail = formatTrail(firingEntries(row, [], claim));
	const isWhole = row.parent === null && isPlain(row.flags);
	const stored = isWhole ? undefined : shard.store.getTimer.first(row.id);
	if (stored === undefined) {
		endTimer(shard, tx, {
			timer: row.id,
			flags: 0,
			state: "settled",
			wasActive: true,
			before: trail,
		});
	} else endFiring(shard, tx, { row: stored, state: "settled", trail, claimedAt: tx.tenantNow });
}
