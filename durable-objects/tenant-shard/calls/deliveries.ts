/**
 * The deliveries of a timer as readers see them: from delivery rows, from the trail (delivered at
 * the first try), from the open claims, or not begun at all.
 */

import type { DeliveryState } from "../../../src/contract/delivery.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { deliveryStateOf } from "../../../src/core/timer-state.ts";
import { parseTrail, type TrailEntry } from "../../../src/core/trail.ts";
import { ownRequest } from "../firing/keep-requests.ts";
import type { DeliveryRecord, FiringRecord, PostponedRecord } from "../rpc.ts";
import { type DeliveryHistory, parseHistory } from "../settle/delivery-history.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import { firingsOf } from "./record.ts";

type DeliveredAtOnce = Extract<TrailEntry, readonly ["d", ...unknown[]]>;

/** Newest firing first, then by action. Empty while the timer has not fired. */
export function deliveriesOf(shard: Shard, row: TimerRow): DeliveryRecord[] {
	const rows = shard.store.listDeliveries.all(row.id);
	const atOnce = new Map<number, DeliveredAtOnce>();
	for (const entry of parseTrail(row.trail)) if (entry[0] === "d") atOnce.set(entry[1], entry);
	const actions = unpackFlags(row.flags).actions;
	const seen = new Set<number>();
	const shown = firingsOf(shard, row).flatMap(({ seq: firing, status }) => {
		seen.add(firing);
		const standing = shard.store.getFiring.first(row.id, firing) ?? row;
		const own = rows.filter((other) => other.firing === firing);
		const hasEnded = standing === row && firing !== row.firing;
		// Those of a step of an escalation, or of actions that the timer has no longer.
		if (hasEnded && own.some(({ history }) => parseHistory(history).request !== undefined)) {
			return own.map((delivery) => recordOfDelivery(shard, delivery));
		}
		const count = standing === row ? actions : unpackFlags(standing.flags).actions;
		return Array.from({ length: count }, (_, action): DeliveryRecord | undefined => {
			const known = own.find((other) => other.action === action);
			if (known !== undefined) return recordOfDelivery(shard, known);
			const delivered = atOnce.get(firing);
			if (delivered !== undefined && action === 0) return deliveredAtOnce(row.id, 0, delivered);
			// What has ended without a trace was pruned, or cancelled before it was tried.
			const isPast = status !== "firing" && firing !== row.firing;
			return isPast ? undefined : untried(shard, standing, row.id, firing, action, status);
		}).filter((record) => record !== undefined);
	});
	// Dead letters of firings that the trail has forgotten.
	const older = rows.filter(({ firing }) => !seen.has(firing)).reverse();
	return [...shown, ...older.map((delivery) => recordOfDelivery(shard, delivery))];
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
		request: history.request ?? ownRequest(shard, row),
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
	[, firing, sentAt, durationMs, status]: DeliveredAtOnce,
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
		request: null,
		result: null,
		postponed: null,
	};
}

function untried(
	shard: Shard,
	row: Pick<TimerRow, "due">,
	timer: number,
	firing: number,
	action: number,
	status: FiringRecord["status"],
): DeliveryRecord {
	const claimed = shard.claims.find({ timer, firing, action });
	const ended = status !== "firing";
	const state: DeliveryState = claimed !== undefined ? "sending" : ended ? "cancelled" : "queued";
	return {
		timer,
		firing,
		action,
		state,
		attempts: claimed?.attempt ?? 0,
		nextAttemptAt: state === "queued" ? row.due : null,
		settledAt: null,
		history: [],
		patch: null,
		request: ownRequest(shard, { timer, firing, action }),
		result: null,
		postponed: null,
	};
}
