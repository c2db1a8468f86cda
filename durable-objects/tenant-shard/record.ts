/** A row as the shard answers it: what the row says, and what only the open claims know. */

import { isEnded, type StoredTimerState, timerStateOf } from "../../src/core/timer-state.ts";
import { cancelEntryOf, endOfTrail, parseTrail, type Trail } from "../../src/core/trail.ts";
import type { FiringRecord, TimerRecord } from "./rpc.ts";
import type { Shard } from "./shard.ts";
import type { TimerRow } from "./store.ts";

export function recordOf(shard: Shard, row: TimerRow): TimerRecord {
	const trail = parseTrail(row.trail);
	const state = timerStateOf(row.state);
	const firing = firingOf(shard, row, state, trail);
	return {
		seq: row.id,
		createdAt: row.created_at,
		fireAt: row.fire_at,
		status: state === "scheduled" && firing !== null ? "firing" : state,
		version: row.version,
		doc: row.doc,
		firing,
		cancelReason: state === "cancelled" ? (cancelEntryOf(trail)?.reason ?? null) : null,
	};
}

/** The newest firing: from the trail, or from the claim that has just begun it. */
export function firingOf(
	shard: Shard,
	row: TimerRow,
	state: StoredTimerState,
	trail: Trail,
): FiringRecord | null {
	const fired = trail.findLast((entry) => entry[0] === "f");
	if (fired?.[0] === "f") {
		const [, seq, dueAt, firedAt] = fired;
		const settledAt = isEnded(state) ? (endOfTrail(trail) ?? null) : null;
		return { seq, dueAt, firedAt, settledAt, status: statusOf(state) };
	}
	const claim = shard.claims.holding(row.id)[0];
	if (claim === undefined) return null;
	const { claimedAt } = claim;
	return { seq: 1, dueAt: row.fire_at, firedAt: claimedAt, settledAt: null, status: "firing" };
}

function statusOf(state: StoredTimerState): FiringRecord["status"] {
	return state === "settled" || state === "failed" || state === "cancelled" ? state : "firing";
}
