/**
 * Pausing and resuming a timer. A paused timer has no due time, so nothing claims it; what is in
 * flight finishes, and what it leaves to retry waits. Its schedule is kept: resumed, it is due as it
 * had been, and one whose time has passed fires as any timer that is late.
 */
import { dueOrNever } from "../../../src/core/dependency.ts";
import { err, ok, type Result } from "../../../src/core/result.ts";
import {
	formatTimerDoc,
	type PauseDoc,
	parseTimerDoc,
	type TimerDoc,
} from "../../../src/core/timer-doc.ts";
import { RECURRING, unpackFlags } from "../../../src/core/timer-flags.ts";
import {
	isEnded,
	type StoredTimerState,
	timerStateCode,
	timerStateOf,
} from "../../../src/core/timer-state.ts";
import { cancelEntryOf, formatTrail, parseTrail, trimTrail } from "../../../src/core/trail.ts";
import { giveUpTurn } from "../concurrency/turns.ts";
import { endIfAwaited } from "../firing/end-firing.ts";
import { ownerOf } from "../firing/firing-rows.ts";
import { isOver, skipTo } from "../firing/reschedule.ts";
import type { ShardError, TimerRecord } from "../rpc.ts";
import { nextDueOf } from "../settle/next-due.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { recordOf } from "./record.ts";

export function isPaused(row: Pick<TimerRow, "state">): boolean {
	return timerStateOf(row.state) === "paused";
}

/** Whether the timer waits for others, be it paused or not. */
export function isPending(row: Pick<TimerRow, "state" | "doc">): boolean {
	if (isPaused(row)) return parseTimerDoc(row.doc).pause?.pending === true;
	return timerStateOf(row.state) === "pending";
}

/** Whether the firing that the row stands for has begun: some of it is in flight, tried or done. */
export function hasBegun(shard: Shard, row: TimerRow): boolean {
	const { firing } = row;
	if (timerStateOf(row.state) === "firing") return true;
	if (shard.claims.holdsFiring(ownerOf(row), firing)) return true;
	return parseTrail(row.trail).some((entry) => entry[0] === "f" && entry[1] === firing);
}

/** Pausing again changes nothing. Refused after the end, and while a cancel lets a claim finish. */
export function pauseTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	note: string | null,
): Result<TimerRecord, ShardError> {
	const state = timerStateOf(row.state);
	if (isEnded(state)) return err({ code: "already_settled", status: state });
	if (state === "paused") return ok(recordOf(shard, row));
	if (cancelEntryOf(parseTrail(row.trail)) !== undefined) return err({ code: "in_flight" });
	const pause: PauseDoc = {
		at: tx.tenantNow,
		...(note !== null && { note }),
		...(state === "pending" && { pending: true }),
	};
	const doc = { ...parseTimerDoc(row.doc), pause };
	const firings = shard.store.listFirings.all(row.id);
	for (const each of [row, ...firings]) {
		if (!hasBegun(shard, each)) giveUpTurn(shard, tx, each);
	}
	for (const firing of firings) {
		holdFiring(shard, tx, firing, { state: "paused", due: null });
	}
	return hold(shard, tx, row, { state: "paused", due: null, doc, event: "timer.paused", note });
}

/** Resuming what is not paused changes nothing. */
export function resumeTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	note: string | null,
): Result<TimerRecord, ShardError> {
	const state = timerStateOf(row.state);
	if (isEnded(state)) {
		// Its own firing was in flight when it was paused; others may still be held.
		const isHeld = resumeFirings(shard, tx, row.id);
		return isHeld ? ok(recordOf(shard, row)) : err({ code: "already_settled", status: state });
	}
	if (state !== "paused") return ok(recordOf(shard, row));
	const { pause, ...doc } = parseTimerDoc(row.doc);
	const isBehind = !hasBegun(shard, row) && row.fire_at <= tx.tenantNow;
	resumeFirings(shard, tx, row.id);
	const back = resumed(shard, row, pause);
	const held = hold(shard, tx, row, { ...back, doc, event: "timer.resumed", note });
	// Paused, it may have lost the last of the firings that it waited for.
	endIfAwaited(shard, tx, row.id);
	const stored = shard.store.getTimer.first(row.id);
	if (stored !== undefined && isEnded(timerStateOf(stored.state))) {
		return ok(recordOf(shard, stored));
	}
	// A schedule goes on from now: what has passed while it was paused is not made up for.
	if (stored === undefined || !isBehind || back.state !== "scheduled") return held;
	if ((stored.flags & RECURRING) === 0) return held;
	skipTo(shard, tx, stored, tx.tenantNow, "");
	return ok(recordOf(shard, shard.store.getTimer.first(row.id) ?? stored));
}

/** The firings of a timer with rows of their own go on with it. Answers whether any was held. */
function resumeFirings(shard: Shard, tx: Transaction, timer: number): boolean {
	const held = shard.store.listFirings.all(timer).filter(isPaused);
	for (const row of held) holdFiring(shard, tx, row, resumed(shard, row, undefined));
	return held.length > 0;
}

/** Pauses or resumes one firing with a row of its own. */
export function holdFiring(
	shard: Shard,
	tx: Transaction,
	{ id, doc, trail, lane: before }: TimerRow,
	{ state, due }: Pick<Hold, "state" | "due">,
): void {
	const lane = shard.clock.laneFor(state, before);
	shard.store.holdTimer.run(lane, timerStateCode(state), due, doc, trail, id);
	if (due !== null) tx.onCommit(() => shard.include(lane, due, id));
}

function resumed(
	shard: Shard,
	row: TimerRow,
	pause: PauseDoc | undefined,
): { readonly state: StoredTimerState; readonly due: number | null } {
	if (isOver(row)) return { state: "firing", due: null };
	if (!hasBegun(shard, row)) {
		return pause?.pending === true
			? { state: "pending", due: null }
			: { state: "scheduled", due: dueOrNever(row.fire_at) };
	}
	return {
		state: "firing",
		due: nextDueOf(shard, row, shard.store.firingDeliveries.all(ownerOf(row), row.firing)),
	};
}

type Hold = {
	readonly state: StoredTimerState;
	readonly due: number | null;
	readonly doc: TimerDoc;
	readonly event: "timer.paused" | "timer.resumed";
	readonly note: string | null;
};

function hold(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	{ state, due, doc, event, note }: Hold,
): Result<TimerRecord, ShardError> {
	const isFull = unpackFlags(row.flags).fidelity === "full";
	const data = note === null ? null : { note };
	const noted = isFull ? formatTrail([["c", tx.event(event, row.id, data)]]) : "";
	const trail = trimTrail(row.trail + noted);
	const lane = shard.clock.laneFor(state, row.lane);
	const code = timerStateCode(state);
	shard.store.holdTimer.run(lane, code, due, formatTimerDoc(doc), trail, row.id);
	if (due !== null) tx.onCommit(() => shard.include(lane, due, row.id));
	const after = shard.store.getTimer.first(row.id);
	return after === undefined ? err({ code: "not_found" }) : ok(recordOf(shard, after));
}
