/** Cancelling, changing and deleting a timer. Each is one decision and one write in a group commit. */

import { LIMITS } from "../../src/contract/limits.ts";
import type { CancelOutcome } from "../../src/contract/timer-calls.ts";
import { etagHolds, etagOf } from "../../src/core/etag.ts";
import { seriesOf, TIMERS_ENDED } from "../../src/core/metrics-catalog.ts";
import { mayPass, utf8Length } from "../../src/core/offload-bodies.ts";
import { err, ok, type Result } from "../../src/core/result.ts";
import { formatTimerDoc, parseTimerDoc, patchTimerDoc } from "../../src/core/timer-doc.ts";
import { DEPENDED, flagsOfDoc, unpackFlags } from "../../src/core/timer-flags.ts";
import {
	decideCancel,
	deliveryStateCode,
	isEnded,
	timerStateCode,
	timerStateOf,
} from "../../src/core/timer-state.ts";
import {
	cancelEntryOf,
	chunksOf,
	formatTrail,
	parseTrail,
	type TrailEntry,
	trimTrail,
} from "../../src/core/trail.ts";
import { countDeliveries } from "./deliveries.ts";
import { formatHistory, parseHistory } from "./delivery-history.ts";
import { tellDependents } from "./dependents.ts";
import { endTimer } from "./end-timer.ts";
import type { Erasure } from "./events.ts";
import { firingEntries } from "./firing-entries.ts";
import { laneOf } from "./lanes.ts";
import { nextDueOf } from "./next-due.ts";
import { patchPending } from "./patch-pending.ts";
import { hasBegun, isPaused, isPending } from "./pause.ts";
import { recordOf } from "./record.ts";
import type { ShardError, TimerChange, TimerRecord } from "./rpc.ts";
import { putDelivery } from "./settle-delivery.ts";
import type { Shard } from "./shard.ts";
import { countDelivery } from "./shard-metrics.ts";
import type { DeliveryRow, TimerRow } from "./store.ts";
import type { Transaction } from "./transaction.ts";
import { dropDedupeKey } from "./unique-keys.ts";
import { stopWaiting } from "./waiting.ts";
import { acceptedOf, withdraw } from "./withdraw.ts";

export function cancelTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	reason: string | null,
): CancelOutcome {
	const decision = decideCancel(timerStateOf(row.state), shard.claims.isInFlight(row.id));
	if (decision.change === "cancel") {
		stopWaitingOf(shard, row);
		dropUnclaimed(shard, tx, row);
		endTimer(shard, tx, {
			timer: row.id,
			flags: row.flags,
			state: "cancelled",
			wasActive: true,
			before: "",
			reason,
		});
	} else if (decision.change === "let_finish") letFinish(shard, tx, row, reason);
	return decision.outcome;
}

/** What is claimed finishes; nothing else is sent, and nothing is retried. */
function letFinish(shard: Shard, tx: Transaction, row: TimerRow, reason: string | null): void {
	const trail = parseTrail(row.trail);
	if (cancelEntryOf(trail) !== undefined) return;
	const claims = shard.claims.holding(row.id);
	const fired = claims[0] === undefined ? [] : firingEntries(row, trail, claims[0]);
	const entries: TrailEntry[] = [...fired, ["x", tx.now, reason]];
	// What would follow from it is cancelled now, not when it has ended.
	if ((row.flags & DEPENDED) !== 0) {
		tellDependents(shard, tx, { timer: row.id, end: "cancelled", at: tx.now, keepsAlways: true });
	}
	dropUnclaimed(shard, tx, row);
	shard.store.updateTimer.run(null, timerStateCode("firing"), formatTrail(entries), row.id);
	for (const { open } of claims) {
		for (const claimed of open.values()) if (claimed.timer === row.id) claimed.simple = false;
	}
}

/** A pending timer waits for nothing any more; it may also have been paused. */
function stopWaitingOf(shard: Shard, row: TimerRow): void {
	const state = timerStateOf(row.state);
	if (state === "pending" || state === "paused") stopWaiting(shard, row.id);
}

/** Marks the deliveries that wait for a retry, or for their first try, as cancelled. */
function dropUnclaimed(shard: Shard, tx: Transaction, row: TimerRow): void {
	if (!hasBegun(shard, row)) return;
	const rows = shard.store.listDeliveries.all(row.id);
	withdraw(shard, tx, row, acceptedOf(rows));
	const { actions } = unpackFlags(row.flags);
	for (let action = 0; action < actions; action++) {
		if (shard.claims.isClaimed({ timer: row.id, firing: 1, action })) continue;
		const known = rows.find((delivery) => delivery.action === action);
		if (known !== undefined && known.due === null) continue;
		putDelivery(shard, {
			timer: row.id,
			firing: 1,
			action,
			state: deliveryStateCode("cancelled"),
			due: null,
			attempts: known?.attempts ?? 0,
			settled_at: tx.now,
			history: known?.history ?? formatHistory(parseHistory(undefined)),
		});
		countDelivery(tx.tally, row.lane, "cancelled");
	}
}

export function patchTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	change: TimerChange,
	traceparent: string | null,
): Result<TimerRecord, ShardError> {
	const refused = refuseChange(shard, row, change.ifMatch);
	if (refused !== undefined) return err(refused);
	if (isPending(row)) {
		return patchPending(shard, tx, row, change, traceparent);
	}
	const hasFired = hasBegun(shard, row);
	const doc =
		change.docPatch === null ? null : patchTimerDoc(parseTimerDoc(row.doc), change.docPatch);
	const text = doc === null ? row.doc : formatTimerDoc(doc);
	const flags = doc === null ? row.flags : flagsOfDoc(doc) | (row.flags & DEPENDED);
	if (hasFired && unpackFlags(flags).actions !== unpackFlags(row.flags).actions) {
		return err({ code: "in_flight" });
	}
	const bytes = mayPass(text, LIMITS.timerBytes) ? utf8Length(text) : 0;
	if (bytes > LIMITS.timerBytes) return err({ code: "too_large", bytes });
	// A timer that has fired and is not in flight is due with its next retry.
	const waits = hasFired ? nextDueOf(shard, row, shard.store.listDeliveries.all(row.id)) : null;
	const wasDue = row.due ?? waits ?? row.fire_at;
	const due = change.snoozeUntil ?? change.dueAt ?? wasDue + (change.extendMs ?? 0);
	if (due > change.horizonAt) {
		return err({ code: "beyond_horizon", horizonAt: change.horizonAt });
	}
	const { dueAt, extendMs, snoozeUntil } = change;
	const isMoved = dueAt !== null || extendMs !== null || snoozeUntil !== undefined;
	if (hasFired && isMoved) moveRetries(shard, row.id, due);
	const lane = laneOf(flags);
	const noted =
		unpackFlags(flags).fidelity === "full"
			? formatTrail([["c", tx.event("timer.updated", row.id, { dueAt: due }, traceparent)]])
			: "";
	const trail = trimTrail(row.trail + noted);
	// A timer that has fired keeps the instant it fired for; only its retries move.
	const fireAt = hasFired ? row.fire_at : due;
	const nextDue = isPaused(row) ? null : due;
	shard.store.changeTimer.run(lane, nextDue, fireAt, flags, text, trail, row.id);
	if (nextDue !== null) tx.onCommit(() => shard.include(lane, nextDue, row.id));
	const changed = shard.store.getTimer.first(row.id);
	return changed === undefined ? err({ code: "not_found" }) : ok(recordOf(shard, changed));
}

function moveRetries(shard: Shard, timer: number, due: number): void {
	for (const delivery of shard.store.listDeliveries.all(timer)) {
		if (delivery.due !== null) putDelivery(shard, { ...delivery, due });
	}
}

function refuseChange(shard: Shard, row: TimerRow, ifMatch: string | null): ShardError | undefined {
	const record = recordOf(shard, row);
	const state = timerStateOf(row.state);
	if (ifMatch !== null && !etagHolds(ifMatch, etagOf(record))) {
		return { code: "precondition_failed", etag: etagOf(record) };
	}
	if (isEnded(state)) return { code: "already_settled", status: state };
	if (shard.claims.isInFlight(row.id) || acceptedBy(shard, row).length > 0) {
		return { code: "in_flight" };
	}
	return undefined;
}

/** The deliveries that mailboxes hold. Only a timer that fires can have some. */
function acceptedBy(shard: Shard, row: TimerRow): readonly DeliveryRow[] {
	if (!hasBegun(shard, row)) return [];
	return acceptedOf(shard.store.listDeliveries.all(row.id));
}

/** Removes a timer and its history; `erasure` gathers its events, for the caller to erase. */
export function deleteTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	ifMatch: string | null,
	erasure: Erasure,
): Result<{ readonly deliveries: number }, ShardError> {
	const record = recordOf(shard, row);
	if (ifMatch !== null && !etagHolds(ifMatch, etagOf(record))) {
		return err({ code: "precondition_failed", etag: etagOf(record) });
	}
	if (shard.claims.isInFlight(row.id)) return err({ code: "in_flight" });
	const deliveries = countDeliveries(shard, row);
	for (const chunk of chunksOf(parseTrail(row.trail))) erasure.add(chunk, row.id);
	erasure.unstored += tx.eraseEvents(row.id);
	withdraw(shard, tx, row, acceptedBy(shard, row));
	shard.store.deleteDeliveries.run(row.id);
	shard.store.deleteTimer.run(row.id);
	stopWaitingOf(shard, row);
	const { dedupeKey } = parseTimerDoc(row.doc);
	if (dedupeKey !== undefined) dropDedupeKey(shard, dedupeKey, row.id);
	if (!isEnded(timerStateOf(row.state))) {
		tx.counter.active -= 1;
		tx.tally.count(seriesOf(TIMERS_ENDED, "deleted"));
	}
	tx.event("timer.deleted", row.id, null);
	tx.onCommit(() => shard.announceEnd(row.id));
	if ((row.flags & DEPENDED) !== 0) {
		tellDependents(shard, tx, { timer: row.id, end: "deleted", at: tx.now });
	}
	return ok({ deliveries });
}
