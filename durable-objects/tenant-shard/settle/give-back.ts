/**
 * A claimed delivery that was not tried: its claim ends without an attempt. Called for what a sender
 * has not started, and for what it has put off.
 */
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { cancelEntryOf, parseTrail, type TrailEntry } from "../../../src/core/trail.ts";
import { type Claim, type ClaimedDelivery, keyOf } from "../claim/claim-book.ts";
import { firingRowOf } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { dropDelivery } from "./settle-delivery.ts";

type Unsent = { readonly row: TimerRow; readonly trail: readonly TrailEntry[] };

/** Answers the row of its firing; undefined where it is not to be sent any more. */
export function giveBack(
	shard: Shard,
	tx: Transaction,
	claim: Claim,
	claimed: ClaimedDelivery,
): Unsent | undefined {
	shard.claims.settle(tx, claim, keyOf(claimed));
	const row = firingRowOf(shard, claimed.timer, claimed.firing);
	if (row === undefined || isEnded(timerStateOf(row.state))) return undefined;
	const trail = parseTrail(row.trail);
	const cancelled = cancelEntryOf(trail);
	if (cancelled === undefined) return { row, trail };
	dropDelivery(shard, tx, row, claimed, cancelled);
	return undefined;
}
