/**
 * Cancelling a timer: its schedule, its firings and what escalates for them. What is claimed
 * finishes; what a cancel does besides follows from the table in `core/timer-state.ts`.
 */
import type { CancelOutcome } from "../../../src/contract/timer-calls.ts";
import { decideCancel, isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { stopWaiting } from "../chain/waiting.ts";
import { giveUpTurn } from "../concurrency/turns.ts";
import { stopEscalations } from "../escalation/stop-escalation.ts";
import { cancelFiring, dropUnclaimed, letFinish } from "../firing/cancel-firing.ts";
import { endTimer } from "../firing/end-timer.ts";
import { mayHaveFirings } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";

/** Also what a timer that has ended still does is stopped: a firing that is repeated, an escalation. */
export function cancelTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	reason: string | null,
): CancelOutcome {
	const { outcome, change } = decideCancel(
		timerStateOf(row.state),
		shard.claims.isInFlight(row.id),
	);
	const stored = mayHaveFirings(row) ? stopFirings(shard, tx, row, reason) : row;
	if (change === "none" || isEnded(timerStateOf(stored.state))) return outcome;
	if (shard.claims.holdsFiring(row.id, row.firing)) letFinish(shard, tx, stored, reason);
	else {
		stopWaitingOf(shard, stored);
		giveUpTurn(shard, tx, stored);
		dropUnclaimed(shard, tx, stored);
		const { id: timer, flags } = stored;
		const end = { timer, flags, wasActive: true, before: "", reason } as const;
		endTimer(shard, tx, { ...end, state: "cancelled" });
	}
	return outcome;
}

/** Answers the timer as that leaves it: the ends are noted there, and may have been what it waited for. */
function stopFirings(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	reason: string | null,
): TimerRow {
	stopEscalations(shard, tx, row.id, tx.tenantNow, reason);
	for (const firing of shard.store.listFirings.all(row.id)) {
		cancelFiring(shard, tx, firing, reason);
	}
	return shard.store.getTimer.first(row.id) ?? row;
}

/** A pending timer waits for nothing any more; it may also have been paused. */
export function stopWaitingOf(shard: Shard, row: TimerRow): void {
	const state = timerStateOf(row.state);
	if (state === "pending" || state === "paused") stopWaiting(shard, row.id);
}
