/** Which deliveries of a due timer are tried now. Asked by the claim. */
import { ESCALATES, isPlain, unpackFlags } from "../../../src/core/timer-flags.ts";
import { ownerOf } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, DueRow } from "../store.ts";
import type { ClaimedDelivery } from "./claim-book.ts";

/**
 * The actions of a due timer that are to be tried now: not claimed, not done, not waiting.
 * @param rows its deliveries; undefined for a timer that fires only now
 */
export function dueDeliveries(
	shard: Shard,
	row: DueRow,
	actions: number,
	rows: readonly DeliveryRow[] | undefined,
	now: number,
): ClaimedDelivery[] {
	if (rows === undefined && actions === 1) {
		// A step of an escalation keeps its action in its delivery: its document goes with its end.
		const isOwn = row.parent === null || (row.flags & ESCALATES) === 0;
		return [claimedOf(row, 0, 1, isOwn)];
	}
	const timer = ownerOf(row);
	const due: ClaimedDelivery[] = [];
	for (let action = 0; action < actions; action++) {
		if (shard.claims.isClaimed({ timer, firing: row.firing, action })) continue;
		const known = rows?.find((delivery) => delivery.action === action);
		if (known === undefined) due.push(claimedOf(row, action, 1, false));
		else if (known.due !== null && known.due <= now) {
			due.push(claimedOf(row, action, known.attempts + 1, false));
		}
	}
	return due;
}

function claimedOf(row: DueRow, action: number, attempt: number, simple: boolean): ClaimedDelivery {
	return {
		timer: ownerOf(row),
		firing: row.firing,
		action,
		attempt,
		dueAt: row.fire_at,
		simple,
		plain: row.parent === null && isPlain(row.flags),
		full: unpackFlags(row.flags).fidelity === "full",
	};
}
