/**
 * When a timer's row is due, given its deliveries: with the first that is neither done nor in
 * flight. The scan of due timers looks at rows alone, so whoever changes a delivery or gives one
 * back asks here what the row must say.
 */
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { ownerOf } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";

/** Real epoch ms at which the first delivery waits to be sent; null when none waits. */
export function nextDueOf(
	shard: Shard,
	row: Pick<TimerRow, "id" | "parent" | "firing" | "flags" | "fire_at">,
	deliveries: readonly DeliveryRow[],
): number | null {
	let next: number | null = null;
	const { actions } = unpackFlags(row.flags);
	const firedAt = row.fire_at - shard.clock.aheadMs(Date.now());
	for (let action = 0; action < actions; action++) {
		if (shard.claims.isClaimed({ timer: ownerOf(row), firing: row.firing, action })) continue;
		const known = deliveries.find((delivery) => delivery.action === action);
		// What was never tried has been due since the timer fired, on whichever clock that was.
		const due = known === undefined ? firedAt : known.due;
		if (due !== null && (next === null || due < next)) next = due;
	}
	return next;
}
