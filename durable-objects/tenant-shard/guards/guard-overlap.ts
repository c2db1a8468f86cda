/**
 * The guard of recurring timers whose firings may overlap. The occurrence that is due gets a row of
 * its own, and the timer's row goes on to the next one at once, so that it is on time for it.
 */
import { RECURRING } from "../../../src/core/timer-flags.ts";
import { isStep } from "../escalation/stop-escalation.ts";
import { cancelFiring } from "../firing/cancel-firing.ts";
import { startFiring } from "../firing/firing-rows.ts";
import { moveOn } from "../firing/reschedule.ts";
import type { Guard } from "./guards.ts";

export const handOver: Guard = (shard, tx, row, doc) => {
	const { overlap } = doc;
	if ((row.flags & RECURRING) === 0) return undefined;
	if (overlap !== "allow" && overlap !== "cancel_other") return undefined;
	if (overlap === "cancel_other") {
		for (const other of shard.store.listFirings.all(row.id)) {
			if (!isStep(other)) cancelFiring(shard, tx, other, "The next occurrence took its place.");
		}
	}
	// Cancelling has written the row.
	const owner = shard.store.getTimer.first(row.id) ?? row;
	const nominalAt = row.nominal ?? row.fire_at;
	const { fire_at: dueAt, firing } = row;
	startFiring(shard, tx, owner, { dueAt, nominalAt, firing });
	moveOn(shard, tx, owner, { claimedAt: tx.tenantNow, trail: "", hasFired: true, isOver: false });
	return { kind: "moved" };
};
