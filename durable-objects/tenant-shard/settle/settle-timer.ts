/**
 * How a timer, or the row of a firing, stands once its deliveries have changed: ended, due with its
 * next retry, or in flight. Called by whatever settles, drops or accepts a delivery.
 */
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import {
	deliveryStateOf,
	isEnded,
	standingOf,
	timerStateCode,
	timerStateOf,
} from "../../../src/core/timer-state.ts";
import { isPaused } from "../calls/pause.ts";
import { endFiring } from "../firing/end-firing.ts";
import { laneOn } from "../lanes.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { nextDueOf } from "./next-due.ts";

type Context = {
	/** Text to append to the trail. */
	readonly trail: string;
	/** The cancel that let this claim finish, if there was one. */
	readonly cancelled: { readonly reason: string | null } | null;
	/** Epoch ms at which the firing was claimed. */
	readonly claimedAt: number;
};

/** Writes the timer, or the row of its firing, as its deliveries leave it: ended, or due at its next retry. */
export function settleTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	rows: readonly DeliveryRow[],
	context: Context,
): void {
	const states = Array.from({ length: unpackFlags(row.flags).actions }, (_, action) => {
		const delivery = rows.find((candidate) => candidate.action === action);
		return delivery === undefined ? undefined : deliveryStateOf(delivery.state);
	});
	const standing = standingOf(states, context.cancelled !== null);
	const was = timerStateOf(row.state);
	if (standing === was && isEnded(was)) {
		// A late success of one action, where another has failed: the end was recorded.
		shard.store.noteTimer.run(row.state, context.trail, row.id);
		return;
	}
	if (standing === "settled" || standing === "failed" || standing === "cancelled") {
		endFiring(shard, tx, {
			row,
			state: standing,
			trail: context.trail,
			claimedAt: context.claimedAt,
			reason: context.cancelled?.reason ?? null,
			endsTimer: context.cancelled !== null,
		});
		return;
	}
	requeue(shard, tx, row, rows, context);
}

/**
 * Writes a timer that fires on: due with what waits, or not at all while the rest is in flight, or
 * while it is paused.
 */
export function requeue(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	rows: readonly DeliveryRow[],
	context: Pick<Context, "trail" | "cancelled">,
): void {
	const isHeld = context.cancelled !== null || isPaused(row);
	const due = isHeld ? null : nextDueOf(shard, row, rows);
	const state = isPaused(row) ? row.state : timerStateCode("firing");
	// Given back again and again, as by a queue that is down, the row is written once.
	if (context.trail !== "" || due !== row.due || row.state !== state) {
		shard.store.updateTimer.run(due, state, context.trail, row.id);
	}
	if (due !== null) tx.onCommit(() => shard.include(laneOn("real", row.lane), due, row.id));
}
