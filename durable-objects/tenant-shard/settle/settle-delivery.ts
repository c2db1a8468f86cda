/**
 * The general case of settling: a failure, a retry, a timer with several actions, a late success.
 * Reads the timer and its deliveries, decides, and writes both. The common case is in settle.ts.
 */
import type { EventType } from "../../../src/contract/event.ts";
import type { JsonObject } from "../../../src/contract/json.ts";
import { nextRetryAt, toRetryPolicy } from "../../../src/core/retry-policy.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import {
	type DeliveryRowState,
	deliveryStateCode,
	deliveryStateOf,
	isEnded,
	timerStateOf,
} from "../../../src/core/timer-state.ts";
import {
	cancelEntryOf,
	formatTrail,
	parseTrail,
	type TrailEntry,
} from "../../../src/core/trail.ts";
import { type Claim, type ClaimedDelivery, firedAtOf } from "../claim/claim-book.ts";
import { escalateAfter } from "../escalation/escalate.ts";
import { relieveLate } from "../escalation/stop-escalation.ts";
import { firingEntries } from "../firing/firing-entries.ts";
import { firingRowOf } from "../firing/firing-rows.ts";
import type { AttemptRecord } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import { countDelivery } from "../shard-metrics.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { addAttempt, formatHistory, parseHistory } from "./delivery-history.ts";
import { putDelivery, putDropped } from "./put-delivery.ts";
import { type Attempted, recordAttempt } from "./settle.ts";
import { settleTimer } from "./settle-timer.ts";

/** @param claimed what `claim` held of it; undefined for an outcome of an earlier attempt */
export function settleDelivery(
	shard: Shard,
	tx: Transaction,
	claim: Claim | undefined,
	claimed: ClaimedDelivery | undefined,
	outcome: Attempted,
): void {
	const { timer, firing } = outcome;
	const row = firingRowOf(shard, timer, firing);
	const rows = shard.store.firingDeliveries.all(timer, firing);
	const known = rows.find(({ action }) => action === outcome.action);
	if (row === undefined) {
		settleLate(shard, tx, known, outcome);
		return;
	}
	if (!counts(row, known, claimed, outcome)) return;

	const trail = parseTrail(row.trail);
	const cancelled = cancelEntryOf(trail);
	const history = parseHistory(known?.history);
	const next = decide(row, tx.now, outcome, history.base, cancelled !== undefined);
	const history2 = addAttempt(history, attemptOf(outcome));
	const delivery: DeliveryRow = {
		timer,
		firing,
		action: outcome.action,
		state: deliveryStateCode(next.state),
		due: next.due,
		attempts: Math.max(known?.attempts ?? 0, outcome.attempt),
		settled_at: next.due === null ? tx.now : null,
		history: formatHistory(next.reason === null ? history2 : { ...history2, reason: next.reason }),
	};
	putDelivery(shard, delivery);
	countDelivery(tx.tally, row.lane, next.state);

	const entries: TrailEntry[] = claim === undefined ? [] : firingEntries(row, trail, claim);
	// Two chunks where the first of the events was the last of its chunk.
	for (const chunk of new Set(recordOutcome(tx, row, outcome, next))) entries.push(["c", chunk]);
	const now = [...rows.filter((other) => other !== known), delivery];
	settleTimer(shard, tx, row, now, {
		trail: formatTrail(entries),
		cancelled: cancelled ?? null,
		claimedAt: claim === undefined ? tx.tenantTimeOf(outcome.sentAt) : firedAtOf(claim),
	});
	escalateAfter(shard, tx, row, known, delivery, now);
}

/** An attempt of a firing that has ended, while its timer goes on, has reached its receiver. */
function settleLate(
	shard: Shard,
	tx: Transaction,
	known: DeliveryRow | undefined,
	outcome: Attempted,
): void {
	if (known === undefined || outcome.class !== "delivered") return;
	if (deliveryStateOf(known.state) === "delivered") return;
	const owner = shard.store.getTimer.first(known.timer);
	if (owner === undefined) return;
	putDelivery(shard, {
		...known,
		state: deliveryStateCode("delivered"),
		due: null,
		attempts: Math.max(known.attempts, outcome.attempt),
		settled_at: tx.now,
		history: formatHistory(addAttempt(parseHistory(known.history), attemptOf(outcome))),
	});
	countDelivery(tx.tally, owner.lane, "delivered");
	const chunks = recordOutcome(tx, owner, outcome, { state: "delivered", due: null, reason: null });
	const entries = [...new Set(chunks)].map((chunk): TrailEntry => ["c", chunk]);
	if (entries.length > 0) shard.store.noteTimer.run(owner.state, formatTrail(entries), owner.id);
	relieveLate(shard, tx, owner, known);
}

/** A claimed delivery of a cancelled timer that was never started: dropped, without an attempt. */
export function dropDelivery(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	claimed: ClaimedDelivery,
	cancelled: { readonly reason: string | null },
): void {
	const rows = shard.store.firingDeliveries.all(claimed.timer, claimed.firing);
	const known = rows.find((other) => other.action === claimed.action);
	// An earlier attempt has succeeded after all.
	if (known !== undefined && known.due === null) return;
	const dropped = putDropped(shard, tx, row, claimed, known);
	const others = rows.filter((other) => other !== known);
	settleTimer(shard, tx, row, [...others, dropped], {
		trail: "",
		cancelled,
		claimedAt: tx.tenantNow,
	});
}

/** Whether this outcome may change anything: see the file's head. */
function counts(
	row: TimerRow,
	known: DeliveryRow | undefined,
	claimed: ClaimedDelivery | undefined,
	outcome: Attempted,
): boolean {
	const state = known === undefined ? undefined : deliveryStateOf(known.state);
	if (state === "delivered") return false;
	// Delivered at the first try, which leaves no row: the timer has settled.
	if (known === undefined && isEnded(timerStateOf(row.state))) return false;
	return outcome.class === "delivered" || claimed !== undefined;
}

type Next = {
	readonly state: DeliveryRowState;
	readonly due: number | null;
	readonly reason: string | null;
};

function decide(
	row: TimerRow,
	now: number,
	outcome: Attempted,
	base: number,
	isCancelled: boolean,
): Next {
	switch (outcome.class) {
		case "delivered":
			return { state: "delivered", due: null, reason: null };
		case "terminal":
		case "gone":
			return { state: "dead", due: null, reason: reasonOf(outcome) };
		case "retryable": {
			if (isCancelled) return { state: "cancelled", due: null, reason: "The timer was cancelled." };
			const due = nextRetryAt({
				policy: toRetryPolicy(parseTimerDoc(row.doc).retry),
				attempt: outcome.attempt - base,
				now,
				random: Math.random(),
				retryAfterMs: outcome.retryAfterMs ?? undefined,
			});
			if (due !== undefined) return { state: "retrying", due, reason: null };
			return { state: "dead", due: null, reason: `All attempts failed: ${reasonOf(outcome)}` };
		}
	}
}

function reasonOf(outcome: Attempted): string {
	return outcome.error ?? (outcome.status === null ? outcome.outcome : `HTTP ${outcome.status}`);
}

function attemptOf(outcome: Attempted): AttemptRecord {
	const { attempt, durationMs, status, error, excerpt } = outcome;
	return {
		attempt,
		at: outcome.sentAt,
		durationMs,
		outcome: outcome.outcome,
		status,
		error,
		excerpt,
	};
}

/** Events: every step in `full`, only a dead letter in `fast`. Answers the chunks that hold them. */
function recordOutcome(tx: Transaction, row: TimerRow, outcome: Attempted, next: Next): number[] {
	const isFull = unpackFlags(row.flags).fidelity === "full";
	const { firing, action, attempt } = outcome;
	const chunks = isFull ? [recordAttempt(tx, outcome)] : [];
	const record = (type: EventType, more: JsonObject) =>
		chunks.push(tx.event(type, outcome.timer, { firing, action, attempt, ...more }));
	if (next.state === "dead") record("delivery.dead", { reason: next.reason });
	else if (isFull && next.state === "delivered") record("delivery.delivered", {});
	else if (isFull && next.due !== null) record("delivery.retrying", { nextAt: next.due });
	return chunks;
}
