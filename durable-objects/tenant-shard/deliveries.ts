/**
 * The deliveries of a timer as readers see them: from delivery rows, from the trail (delivered at
 * the first try), from the open claims, or not begun at all.
 */

import type { DeliveryState } from "../../src/contract/delivery.ts";
import { unpackFlags } from "../../src/core/timer-flags.ts";
import { deliveryStateOf, isEnded, timerStateOf } from "../../src/core/timer-state.ts";
import { parseTrail } from "../../src/core/trail.ts";
import { type DeliveryHistory, parseHistory } from "./delivery-history.ts";
import type { DeliveryRecord, PostponedRecord } from "./rpc.ts";
import type { Shard } from "./shard.ts";
import type { DeliveryRow, TimerRow } from "./store.ts";

/** Newest firing first, then by action. Empty while the timer has not fired. */
export function deliveriesOf(shard: Shard, row: TimerRow): DeliveryRecord[] {
	const trail = parseTrail(row.trail);
	const hasFired = shard.claims.isInFlight(row.id) || trail.some((entry) => entry[0] === "f");
	if (!hasFired) return [];
	const rows = shard.store.listDeliveries.all(row.id);
	const first = trail.find((entry) => entry[0] === "d");
	return Array.from({ length: unpackFlags(row.flags).actions }, (_, action) => {
		const known = rows.find((delivery) => delivery.action === action);
		if (known !== undefined) return recordOfDelivery(shard, known);
		if (first?.[0] === "d") return deliveredAtOnce(row.id, action, first);
		return untried(shard, row, action);
	});
}

export function countDeliveries(shard: Shard, row: TimerRow): number {
	return deliveriesOf(shard, row).length;
}

export function recordOfDelivery(shard: Shard, row: DeliveryRow): DeliveryRecord {
	const { timer, firing, action } = row;
	const history = parseHistory(row.history);
	const claimed = shard.claims.find({ timer, firing, action });
	const state = claimed === undefined ? deliveryStateOf(row.state) : "sending";
	return {
		timer,
		firing,
		action,
		state,
		attempts: Math.max(row.attempts, claimed?.attempt ?? 0),
		nextAttemptAt: state === "retrying" ? row.due : null,
		settledAt: row.settled_at,
		history: history.attempts,
		patch: history.patch ?? null,
		result: history.result ?? null,
		postponed: claimed === undefined ? postponedOf(history) : null,
	};
}

function postponedOf({ postponed }: DeliveryHistory): PostponedRecord | null {
	if (postponed === undefined) return null;
	const { until, reason, host } = postponed;
	return { until, reason, host };
}

function deliveredAtOnce(
	timer: number,
	action: number,
	[, firing, sentAt, durationMs, status]: readonly ["d", number, number, number, number],
): DeliveryRecord {
	return {
		timer,
		firing,
		action,
		state: "delivered",
		attempts: 1,
		nextAttemptAt: null,
		settledAt: sentAt + durationMs,
		history: [
			{
				attempt: 1,
				at: sentAt,
				durationMs,
				outcome: "delivered",
				status,
				error: null,
				excerpt: null,
			},
		],
		patch: null,
		result: null,
		postponed: null,
	};
}

function untried(shard: Shard, row: TimerRow, action: number): DeliveryRecord {
	const claimed = shard.claims.find({ timer: row.id, firing: 1, action });
	const ended = isEnded(timerStateOf(row.state));
	const state: DeliveryState = claimed !== undefined ? "sending" : ended ? "cancelled" : "queued";
	return {
		timer: row.id,
		firing: 1,
		action,
		state,
		attempts: claimed?.attempt ?? 0,
		nextAttemptAt: state === "queued" ? row.due : null,
		settledAt: null,
		history: [],
		patch: null,
		result: null,
		postponed: null,
	};
}
