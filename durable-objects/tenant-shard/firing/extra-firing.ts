/**
 * Firings that a call or an escalation adds to a timer, besides those of its schedule. Each gets a
 * firing row; one of a paused timer waits for its resume.
 */

import { holdFiring, isPaused } from "../calls/pause.ts";
import type { Shard } from "../shard.ts";
import type { Transaction } from "../transaction.ts";
import { type NewFiring, startFiring } from "./firing-rows.ts";

/** Adds one; answers its number, and undefined when the timer is gone. */
export function addFiring(
	shard: Shard,
	tx: Transaction,
	timer: number,
	firing: NewFiring,
): number | undefined {
	const owner = shard.store.getTimer.first(timer);
	if (owner === undefined) return undefined;
	const number = startFiring(shard, tx, owner, firing);
	if (!isPaused(owner)) return number;
	const row = shard.store.getFiring.first(timer, number);
	if (row !== undefined) holdFiring(shard, tx, row, { state: "paused", due: null });
	return number;
}
