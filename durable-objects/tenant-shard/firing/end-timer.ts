/** The end of a timer: one write, one event, the count of active timers, and whoever waits for it. */
import type { EventType } from "../../../src/contract/event.ts";
import type { JsonObject } from "../../../src/contract/json.ts";
import { seriesOf, TIMERS_ENDED } from "../../../src/core/metrics-catalog.ts";
import { DEPENDED, GUARDED } from "../../../src/core/timer-flags.ts";
import { type EndState, timerStateCode } from "../../../src/core/timer-state.ts";
import { formatTrail, type TrailEntry } from "../../../src/core/trail.ts";
import { tellDependents } from "../chain/dependents.ts";
import type { Shard } from "../shard.ts";
import { stopListening } from "../topic/listeners.ts";
import type { Transaction } from "../transaction.ts";

const END_EVENTS = {
	settled: "timer.settled",
	failed: "timer.failed",
	cancelled: "timer.cancelled",
	skipped: "timer.skipped",
} as const satisfies Record<EndState, EventType>;

export type TimerEnd = {
	readonly timer: number;
	/** Those of its row. */
	readonly flags: number;
	readonly state: EndState;
	/** False when it had ended before: a late success changes how, not whether. */
	readonly wasActive: boolean;
	/** Text to append to the trail before the end itself. */
	readonly before: string;
	readonly reason?: string | null;
	/** What its event says; the reason alone where this is absent. */
	readonly data?: JsonObject;
};

function endEntry(tx: Transaction, end: TimerEnd, data: JsonObject | null): TrailEntry {
	if (end.state === "cancelled") return ["x", tx.tenantNow, end.reason ?? null];
	const why = end.state === "skipped" ? data?.["reason"] : undefined;
	return typeof why === "string" ? ["s", tx.tenantNow, why] : ["s", tx.tenantNow];
}

export function endTimer(shard: Shard, tx: Transaction, end: TimerEnd): void {
	const reason = end.reason ?? null;
	const data = end.data ?? (reason === null ? null : { reason });
	const chunk = tx.event(END_EVENTS[end.state], end.timer, data);
	const trail = end.before + formatTrail([["c", chunk], endEntry(tx, end, data)]);
	shard.store.settleTimer.run(timerStateCode(end.state), trail, end.timer);
	if (end.wasActive) {
		tx.counter.active -= 1;
		tx.tally.count(seriesOf(TIMERS_ENDED, end.state));
	}
	tx.onCommit(() => shard.announceEnd(end.timer));
	const row = (end.flags & GUARDED) === 0 ? undefined : shard.store.getTimer.first(end.timer);
	if (row !== undefined) stopListening(shard, row);
	if ((end.flags & DEPENDED) === 0) return;
	tellDependents(shard, tx, { timer: end.timer, end: end.state, at: tx.tenantNow });
}
