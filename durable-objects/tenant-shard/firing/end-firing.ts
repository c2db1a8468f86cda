/**
 * The end of a firing, in one place for all kinds: a one-shot timer ends with it, a recurring one
 * goes on to its next occurrence, and a firing row is removed and its timer told.
 */
import type { EventType } from "../../../src/contract/event.ts";
import type { JsonObject } from "../../../src/contract/json.ts";
import { RECURRING } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import {
	FIRING_ENDS,
	type FiringEndState,
	formatTrail,
	parseTrail,
	type TrailEntry,
	trimFirings,
} from "../../../src/core/trail.ts";
import { fillNext } from "../calls/run-now.ts";
import { tellOfFiring } from "../chain/dependents.ts";
import { giveUpTurn } from "../concurrency/turns.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { endTimer } from "./end-timer.ts";
import { ownerOf } from "./firing-rows.ts";
import { keepFiring } from "./keep-firing.ts";
import { keepRequestsOfFiring } from "./keep-requests.ts";
import { awaitsFirings, moveOn } from "./reschedule.ts";

const FIRING_EVENTS = {
	settled: "firing.settled",
	failed: "firing.failed",
	cancelled: "firing.cancelled",
	skipped: "timer.skipped",
} as const satisfies Record<FiringEndState, EventType>;

/** Deliveries are kept of so many of a timer's latest firings, beside all dead letters. */
const FIRINGS_KEPT = 20;

export type FiringEnd = {
	/** The row that stands for the firing, as it is stored. */
	readonly row: TimerRow;
	readonly state: FiringEndState;
	/** Text to append to the trail before the end itself. */
	readonly trail: string;
	/** Epoch ms at which the firing was claimed, in the tenant's time. */
	readonly claimedAt: number;
	readonly reason?: string | null;
	readonly data?: JsonObject;
	/** A cancel stops a schedule as well; one of a firing row stops that alone. */
	readonly endsTimer?: boolean;
};

/** Runs in the transaction of a firing's end, for firings of timers that are not plain. */
export type AfterFiring = (shard: Shard, tx: Transaction, end: FiringEnd) => void;

const releaseTurn: AfterFiring = (shard, tx, { row }) => giveUpTurn(shard, tx, row);

const AFTER_FIRING: readonly AfterFiring[] = [
	releaseTurn,
	tellOfFiring,
	keepRequestsOfFiring,
	keepFiring,
	fillNext,
];

export function endFiring(shard: Shard, tx: Transaction, end: FiringEnd): void {
	const { row, state } = end;
	if (row.parent !== null) endFiringRow(shard, tx, end);
	else if ((row.flags & RECURRING) !== 0) endOccurrence(shard, tx, end);
	else {
		const { trail: before, data } = end;
		// What was delivered although it was cancelled has settled, and needs no reason.
		const reason = state === "settled" ? null : (end.reason ?? null);
		endTimer(shard, tx, {
			timer: row.id,
			flags: row.flags,
			state,
			wasActive: !isEnded(timerStateOf(row.state)),
			before,
			reason,
			...(data !== undefined && { data: { ...(reason !== null && { reason }), ...data } }),
		});
	}
	for (const after of AFTER_FIRING) after(shard, tx, end);
	// Only now: another firing may follow from this one.
	if (row.parent !== null) endIfAwaited(shard, tx, row.parent);
}

function endOccurrence(shard: Shard, tx: Transaction, end: FiringEnd): void {
	const { row, state, claimedAt, endsTimer = false, reason = null } = end;
	const trail = end.trail + formatTrail(firingEnd(tx, end));
	if (row.firing > FIRINGS_KEPT) {
		shard.store.deleteOldDeliveries.run(row.id, row.firing - FIRINGS_KEPT);
	}
	const hasFired = state !== "skipped";
	if (endsTimer) {
		const { id: timer, flags } = row;
		const fired = row.fired + (hasFired ? 1 : 0);
		shard.store.noteFiring.run(row.state, row.last_firing, fired, row.trail, timer);
		const ended = { timer, flags, state: "cancelled", wasActive: true } as const;
		endTimer(shard, tx, { ...ended, before: trail, reason });
		return;
	}
	const endState = state === "failed" ? { endState: "failed" as const } : {};
	moveOn(shard, tx, row, { claimedAt, trail, hasFired, isOver: true, ...endState });
}

/** What a firing leaves behind: an event, and where to find it. */
function firingEnd(tx: Transaction, { row, state, reason, data }: FiringEnd): TrailEntry[] {
	const { firing } = row;
	const chunk = tx.event(FIRING_EVENTS[state], ownerOf(row), {
		firing,
		...(state === "skipped" && { dueAt: row.nominal ?? row.fire_at }),
		// What was delivered although it was cancelled has settled, and needs no reason.
		...(reason != null && state !== "settled" && { reason }),
		...data,
	});
	if (state === "skipped") return [["c", chunk]];
	return [
		["c", chunk],
		["e", firing, tx.tenantNow, FIRING_ENDS.indexOf(state)],
	];
}

function endFiringRow(shard: Shard, tx: Transaction, end: FiringEnd): void {
	const { row, state } = end;
	const entries = ofFiring(row.trail + end.trail) + formatTrail(firingEnd(tx, end));
	shard.store.deleteTimer.run(row.id);
	const owner = shard.store.getTimer.first(ownerOf(row));
	if (owner === undefined) return;
	const isCounted = state === "skipped" || row.fired > 0;
	const fired = owner.fired + (isCounted ? 0 : 1);
	const trail = trimFirings(owner.trail + entries);
	shard.store.noteFiring.run(owner.state, owner.last_firing, fired, trail, owner.id);
	if (row.firing > FIRINGS_KEPT) {
		shard.store.deleteOldDeliveries.run(owner.id, row.firing - FIRINGS_KEPT);
	}
}

/** A firing's trail without its cancels and replays: in its timer's they would be of the timer. */
function ofFiring(text: string): string {
	return formatTrail(parseTrail(text).filter(([kind]) => kind !== "x" && kind !== "r"));
}

/** Ends a timer whose schedule is over once the last of its firings is gone. */
export function endIfAwaited(shard: Shard, tx: Transaction, timer: number): void {
	const row = shard.store.getTimer.first(timer);
	if (row === undefined || !awaitsFirings(row)) return;
	if (shard.store.anyFiring.first(timer) !== undefined) return;
	const { flags } = row;
	const last = parseTrail(row.trail).findLast((entry) => entry[0] === "e");
	const hasFailed = last?.[0] === "e" && FIRING_ENDS[last[3]] === "failed";
	const state = hasFailed ? "failed" : "settled";
	endTimer(shard, tx, { timer, flags, state, wasActive: true, before: "" });
}
