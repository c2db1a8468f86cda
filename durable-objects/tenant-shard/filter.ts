/** Whether a timer matches a filter. The document is parsed only when the filter asks for it. */

import type { TimerStatus } from "../../src/contract/timer.ts";
import { parseTimerDoc } from "../../src/core/timer-doc.ts";
import { timerStateOf } from "../../src/core/timer-state.ts";
import { SECOND } from "../../src/core/units.ts";
import type { TimerFilter } from "./rpc.ts";
import type { Shard } from "./shard.ts";
import type { TimerRow } from "./store.ts";

/** A scheduled timer is `armed` once it is due within this many ms (architecture, "States"). */
const ARMED_WITHIN_MS = SECOND;

export function matches(shard: Shard, row: TimerRow, filter: TimerFilter, now: number): boolean {
	const { dueBefore, dueAfter, statuses, name, labels } = filter;
	if (dueBefore !== null && row.fire_at >= dueBefore) return false;
	if (dueAfter !== null && row.fire_at <= dueAfter) return false;
	if (statuses !== null && !statuses.includes(statusOf(shard, row, now))) return false;
	if (name === null && labels.length === 0) return true;
	const doc = parseTimerDoc(row.doc);
	if (name !== null && doc.name !== name) return false;
	return labels.every(([key, value]) => doc.labels?.[key] === value);
}

/** The status as a reader sees it, `armed` and `firing` derived. */
export function statusOf(shard: Shard, row: TimerRow, now: number): TimerStatus {
	const state = timerStateOf(row.state);
	if (state !== "scheduled") return state;
	if (shard.claims.isInFlight(row.id)) return "firing";
	return row.fire_at - now <= ARMED_WITHIN_MS ? "armed" : "scheduled";
}
