/** Changing and deleting a timer. Each is one decision and one write in a group commit. */

import { dueOrNever, NO_INSTANT } from "../../../src/core/dependency.ts";
import { etagHolds, etagOf } from "../../../src/core/etag.ts";
import { seriesOf, TIMERS_ENDED } from "../../../src/core/metrics-catalog.ts";
import { bytesBeyondRow } from "../../../src/core/offload-bodies.ts";
import { err, ok, type Result } from "../../../src/core/result.ts";
import {
	formatTimerDoc,
	parseTimerDoc,
	patchTimerDoc,
	type TimerDoc,
} from "../../../src/core/timer-doc.ts";
import { DEPENDED, flagsOfDoc, RECURRING, unpackFlags } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { chunksOf, formatTrail, parseTrail, trimTrail } from "../../../src/core/trail.ts";
import { tellDependents } from "../chain/dependents.ts";
import { askForPolicy } from "../clock/ask-policy.ts";
import { giveUpTurn } from "../concurrency/turns.ts";
import type { Erasure } from "../events/events.ts";
import { keepRequestsBefore } from "../firing/keep-requests.ts";
import { effectiveAt, isOver } from "../firing/reschedule.ts";
import { laneOf } from "../lanes.ts";
import type { ShardError, TimerChange, TimerRecord } from "../rpc.ts";
import { nextDueOf } from "../settle/next-due.ts";
import { putDelivery } from "../settle/put-delivery.ts";
import { acceptedOf, withdraw } from "../settle/withdraw.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import { knowsInstant, listenAnew, stopListening } from "../topic/listeners.ts";
import type { Transaction } from "../transaction.ts";
import { stopWaitingOf } from "./cancel-timer.ts";
import { countDeliveries } from "./deliveries.ts";
import { patchPending } from "./patch-pending.ts";
import { hasBegun, isPaused, isPending } from "./pause.ts";
import { recordOf } from "./record.ts";
import { dropDedupeKey } from "./unique-keys.ts";

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
	const flags = doc === null ? row.flags : changedFlags(row, doc);
	if (hasFired && unpackFlags(flags).actions !== unpackFlags(row.flags).actions) {
		return err({ code: "in_flight" });
	}
	const bytes = bytesBeyondRow(text);
	if (bytes !== undefined) return err({ code: "too_large", bytes });
	if (!knowsInstant(row, { flags, doc: text }, change)) return err({ code: "no_instant" });
	// A timer that has fired and is not in flight is due with its next retry.
	const waits = hasFired
		? nextDueOf(shard, row, shard.store.firingDeliveries.all(row.id, row.firing))
		: null;
	const wasDue = row.due ?? waits ?? row.fire_at;
	// Retries wait on the real clock, and the caller speaks of the tenant's time.
	const aheadMs = hasFired ? tx.tenantNow - tx.now : 0;
	const before = parseTimerDoc(row.doc);
	const isRescheduled = change.dueAt !== null && !hasFired && begins(row, before, doc);
	const named =
		change.dueAt !== null && isRescheduled
			? effectiveAt(shard, row.id, doc ?? before, change.dueAt)
			: change.dueAt;
	const until = change.snoozeUntil ?? named;
	const due = until === null ? wasDue + (change.extendMs ?? 0) : until - aheadMs;
	if (due + aheadMs > change.horizonAt && due !== NO_INSTANT) {
		return err({ code: "beyond_horizon", horizonAt: change.horizonAt });
	}
	const { dueAt, extendMs, snoozeUntil } = change;
	const isMoved = dueAt !== null || extendMs !== null || snoozeUntil !== undefined;
	if (hasFired && isMoved) moveRetries(shard, row, due);
	if (!hasFired && isMoved) giveUpTurn(shard, tx, row);
	const lane = shard.clock.laneFor(hasFired ? "firing" : "scheduled", laneOf(flags));
	const noted =
		unpackFlags(flags).fidelity === "full"
			? formatTrail([
					[
						"c",
						tx.event("timer.updated", row.id, { dueAt: dueOrNever(due + aheadMs) }, traceparent),
					],
				])
			: "";
	const trail = trimTrail(row.trail + noted);
	if (doc !== null) keepRequestsBefore(shard, row, before, doc);
	// A timer that has fired keeps the instant it fired for; only its retries move.
	const fireAt = hasFired ? row.fire_at : due;
	const nextDue = isPaused(row) ? null : dueOrNever(due);
	const nominal = nominalAfter(row, change, isRescheduled, fireAt);
	shard.store.changeTimer.run(lane, nextDue, fireAt, nominal, flags, text, trail, row.id);
	if (doc !== null && doc.schedule?.limit !== before.schedule?.limit) {
		shard.store.setRemaining.run(doc.schedule?.limit ?? null, row.id);
	}
	if (doc !== null) listenAnew(shard, row);
	askForPolicy(shard, tx, doc?.jitterPolicy);
	if (nextDue !== null) tx.onCommit(() => shard.include(lane, nextDue, row.id));
	const changed = shard.store.getTimer.first(row.id);
	return changed === undefined ? err({ code: "not_found" }) : ok(recordOf(shard, changed));
}

/** Whether a new due time begins a schedule; otherwise it moves one firing of the one there is. */
function begins(row: TimerRow, before: TimerDoc, after: TimerDoc | null): boolean {
	if ((row.flags & RECURRING) === 0) return true;
	if (after === null) return false;
	return JSON.stringify(before.schedule) !== JSON.stringify(after.schedule);
}

/** The occurrence that the timer stands for after a change; null where it is `fireAt` itself. */
function nominalAfter(
	row: TimerRow,
	{ dueAt }: TimerChange,
	isRescheduled: boolean,
	fireAt: number,
): number | null {
	if (isRescheduled) return dueAt === fireAt ? null : dueAt;
	// Moved once, a recurring timer goes on from the occurrence that it was to fire for.
	const nominal = (row.flags & RECURRING) === 0 ? row.nominal : (row.nominal ?? row.fire_at);
	return nominal === fireAt ? null : nominal;
}

/** The flags of a changed document; who waits for the timer's end is not in it. */
function changedFlags(row: TimerRow, doc: TimerDoc): number {
	return flagsOfDoc(doc) | (row.flags & DEPENDED);
}

function moveRetries(shard: Shard, row: TimerRow, due: number): void {
	for (const delivery of shard.store.firingDeliveries.all(row.id, row.firing)) {
		if (delivery.due !== null) putDelivery(shard, { ...delivery, due });
	}
}

function refuseTag(shard: Shard, row: TimerRow, ifMatch: string | null): ShardError | undefined {
	if (ifMatch === null) return undefined;
	const etag = etagOf(recordOf(shard, row));
	return etagHolds(ifMatch, etag) ? undefined : { code: "precondition_failed", etag };
}

function refuseChange(shard: Shard, row: TimerRow, ifMatch: string | null): ShardError | undefined {
	const stale = refuseTag(shard, row, ifMatch);
	if (stale !== undefined) return stale;
	const state = timerStateOf(row.state);
	if (isEnded(state)) return { code: "already_settled", status: state };
	// Firings with rows of their own have documents of their own: no change reaches them.
	if (shard.claims.holdsFiring(row.id, row.firing) || acceptedBy(shard, row).length > 0) {
		return { code: "in_flight" };
	}
	// Its schedule is over: there is no next firing to change.
	if (isOver(row)) return { code: "in_flight" };
	return undefined;
}

/** The deliveries that mailboxes hold. Only a timer that fires can have some. */
function acceptedBy(shard: Shard, row: TimerRow): readonly DeliveryRow[] {
	if (!hasBegun(shard, row)) return [];
	return acceptedOf(shard.store.firingDeliveries.all(row.id, row.firing));
}

/** Removes a timer and its history; `erasure` gathers its events, for the caller to erase. */
export function deleteTimer(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	ifMatch: string | null,
	erasure: Erasure,
): Result<{ readonly deliveries: number }, ShardError> {
	const stale = refuseTag(shard, row, ifMatch);
	if (stale !== undefined) return err(stale);
	if (shard.claims.isInFlight(row.id)) return err({ code: "in_flight" });
	const deliveries = countDeliveries(shard, row);
	const firings = shard.store.listFirings.all(row.id);
	for (const { trail } of [row, ...firings]) {
		for (const chunk of chunksOf(parseTrail(trail))) erasure.add(chunk, row.id);
	}
	erasure.unstored += tx.eraseEvents(row.id);
	for (const each of [row, ...firings]) {
		const held = shard.store.firingDeliveries.all(row.id, each.firing);
		withdraw(shard, tx, each, acceptedOf(held));
	}
	shard.store.deleteFirings.run(row.id);
	shard.store.deleteDeliveries.run(row.id);
	shard.store.deleteTimer.run(row.id);
	stopWaitingOf(shard, row);
	stopListening(shard, row);
	for (const each of [row, ...firings]) giveUpTurn(shard, tx, each);
	const { dedupeKey } = parseTimerDoc(row.doc);
	if (dedupeKey !== undefined) dropDedupeKey(shard, dedupeKey, row.id);
	if (!isEnded(timerStateOf(row.state))) {
		tx.counter.active -= 1;
		tx.tally.count(seriesOf(TIMERS_ENDED, "deleted"));
	}
	tx.event("timer.deleted", row.id, null);
	tx.onCommit(() => shard.announceEnd(row.id));
	if ((row.flags & DEPENDED) !== 0) {
		tellDependents(shard, tx, { timer: row.id, end: "deleted", at: tx.tenantNow });
	}
	return ok({ deliveries });
}
