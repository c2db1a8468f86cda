/**
 * Stopping one firing: what is claimed of it finishes, nothing else of it is sent, and nothing is
 * retried. Called for a timer that is cancelled, and for firings that another takes the place of.
 */
import { DEPENDED, unpackFlags } from "../../../src/core/timer-flags.ts";
import { timerStateCode } from "../../../src/core/timer-state.ts";
import {
	cancelEntryOf,
	formatTrail,
	parseTrail,
	type TrailEntry,
} from "../../../src/core/trail.ts";
import { hasBegun } from "../calls/pause.ts";
import { tellDependents } from "../chain/dependents.ts";
import { putDropped } from "../settle/put-delivery.ts";
import { acceptedOf, withdraw } from "../settle/withdraw.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { endFiring } from "./end-firing.ts";
import { firingEntries } from "./firing-entries.ts";
import { ownerOf } from "./firing-rows.ts";

/** Cancels a firing that has a row of its own. Answers whether it is over with that. */
export function cancelFiring(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	reason: string | null,
): boolean {
	if (shard.claims.holdsFiring(ownerOf(row), row.firing)) {
		letFinish(shard, tx, row, reason);
		return false;
	}
	dropUnclaimed(shard, tx, row);
	endFiring(shard, tx, { row, state: "cancelled", trail: "", claimedAt: tx.tenantNow, reason });
	return true;
}

/** What is claimed finishes; nothing else is sent, and nothing is retried. */
export function letFinish(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	reason: string | null,
): void {
	const trail = parseTrail(row.trail);
	if (cancelEntryOf(trail) !== undefined) return;
	const claims = shard.claims.holding(ownerOf(row), row.firing);
	const fired = claims[0] === undefined ? [] : firingEntries(row, trail, claims[0]);
	const entries: TrailEntry[] = [...fired, ["x", tx.tenantNow, reason]];
	// What would follow from it is cancelled now, not when it has ended.
	if ((row.flags & DEPENDED) !== 0) {
		tellDependents(shard, tx, {
			timer: row.id,
			end: "cancelled",
			at: tx.tenantNow,
			keepsAlways: true,
		});
	}
	dropUnclaimed(shard, tx, row);
	shard.store.updateTimer.run(null, timerStateCode("firing"), formatTrail(entries), row.id);
	for (const { open } of claims) {
		for (const claimed of open.values()) {
			if (claimed.timer === ownerOf(row) && claimed.firing === row.firing) claimed.simple = false;
		}
	}
}

/** Marks the deliveries that wait for a retry, or for their first try, as cancelled. */
export function dropUnclaimed(shard: Shard, tx: Transaction, row: TimerRow): void {
	const timer = ownerOf(row);
	const { firing } = row;
	if (!hasBegun(shard, row)) return;
	const rows = shard.store.firingDeliveries.all(timer, firing);
	withdraw(shard, tx, row, acceptedOf(rows));
	const { actions } = unpackFlags(row.flags);
	for (let action = 0; action < actions; action++) {
		if (shard.claims.isClaimed({ timer, firing, action })) continue;
		const known = rows.find((delivery) => delivery.action === action);
		if (known !== undefined && known.due === null) continue;
		putDropped(shard, tx, row, { timer, firing, action }, known);
	}
}
