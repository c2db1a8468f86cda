/** Whether a timer matches a filter. The document is parsed only when the filter asks for it. */

import type { TimerStatus } from "../../../src/contract/timer.ts";
import { NO_INSTANT } from "../../../src/core/dependency.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { endOfTrail, parseTrail } from "../../../src/core/trail.ts";
import { SECOND } from "../../../src/core/units.ts";
import type { TimerFilter } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";

/** A scheduled timer is `armed` once it is due within this many ms (architecture, "States"). */
const ARMED_WITHIN_MS = SECOND;

export function matches(shard: Shard, row: TimerRow, filter: TimerFilter, now: number): boolean {
	// A firing is no timer of its own.
	if (row.parent !== null) return false;
	const { dueBefore, dueAfter, endedBefore, statuses, name, labels } = filter;
	if (dueBefore !== null && row.fire_at >= dueBefore) return false;
	if (dueAfter !== null && (row.fire_at <= dueAfter || row.fire_at === NO_INSTANT)) return false;
	if (statuses !== null && !statuses.includes(statusOf(shard, row, now))) return false;
	if (endedBefore !== undefined && !hasEndedBefore(row, endedBefore)) return false;
	if (name === null && labels.length === 0) return true;
	const doc = parseTimerDoc(row.doc);
	if (name !== null && doc.name !== name) return false;
	return labels.every(([key, value]) => doc.labels?.[key] === value);
}

function hasEndedBefore(row: TimerRow, at: number): boolean {
	const endedAt = isEnded(timerStateOf(row.state)) ? endOfTrail(parseTrail(row.trail)) : undefined;
	return endedAt !== undefined && endedAt < at;
}

/** The status as a reader sees it, `armed` and `firing` derived. */
export function statusOf(shard: Shard, row: TimerRow, now: number): TimerStatus {
	const state = timerStateOf(row.state);
	if (state !== "scheduled") return state;
	if (shard.claims.isInFlight(row.id)) return "firing";
	return row.fire_at - now <= ARMED_WITHIN_MS ? "armed" : "scheduled";
}
