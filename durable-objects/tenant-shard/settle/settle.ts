/**
 * Settling: what the senders report becomes the state of deliveries and timers. Every change is a
 * compare-and-set: a repeated or late report changes nothing, except that a success always counts,
 * late as it may be, even for a delivery that had been given up.
 */
import type { DeliveryOutcome, OutcomeReport } from "../../../src/contract/envelope.ts";
import { formatTrail, type TrailEntry } from "../../../src/core/trail.ts";
import {
	type Claim,
	type ClaimedDelivery,
	firedAtOf,
	formatClaimed,
	keyOf,
} from "../claim/claim-book.ts";
import { noteAttempt } from "../clock/lateness.ts";
import { relieve } from "../escalation/stop-escalation.ts";
import { endFiring } from "../firing/end-firing.ts";
import { endTimer } from "../firing/end-timer.ts";
import { firingEntries } from "../firing/firing-entries.ts";
import { firingRowOf } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import { countDelivery, countExpired } from "../shard-metrics.ts";
import type { Transaction } from "../transaction.ts";
import { acceptDelivery } from "./accept-delivery.ts";
import { giveBack } from "./give-back.ts";
import { settleDelivery } from "./settle-delivery.ts";
import { settlePostponed } from "./settle-postponed.ts";
import { requeue } from "./settle-timer.ts";

export type Attempted = Extract<DeliveryOutcome, { kind: "attempted" }>;

/** Applies one report of a sender. */
export function settleReport(shard: Shard, tx: Transaction, report: OutcomeReport): void {
	const claim = shard.claims.get(report.claim);
	const held = claim?.open.size;
	for (const outcome of report.outcomes) settleOutcome(shard, tx, claim, outcome);
	if (claim === undefined) return;
	if (report.last || claim.open.size === 0) closeClaim(shard, tx, claim);
	else if (claim.open.size !== held) {
		// After a restart the row alone says what is in flight.
		shard.store.shrinkClaim.run(formatClaimed(claim.open.values()), claim.id);
	}
}

/** A lease that ran out burns an attempt of everything it still covered. */
export function expireClaim(shard: Shard, tx: Transaction, claim: Claim): void {
	countExpired(tx.tally, claim.lane, claim.open.size);
	for (const claimed of [...claim.open.values()]) {
		settleOutcome(shard, tx, claim, {
			...claimed,
			kind: "attempted",
			class: "retryable",
			outcome: "lease_expired",
			sentAt: claim.claimedAt,
			durationMs: tx.now - claim.claimedAt,
			status: null,
			error: "No sender reported an outcome before the lease ran out.",
			excerpt: null,
			retryAfterMs: null,
		});
	}
	closeClaim(shard, tx, claim);
}

/** An envelope that could not be handed to a sender: everything in it is due again. */
export function abandonClaim(shard: Shard, tx: Transaction, claim: Claim): void {
	closeClaim(shard, tx, claim);
}

/** Ends a claim; what it still holds was not started and is due again. */
function closeClaim(shard: Shard, tx: Transaction, claim: Claim): void {
	for (const claimed of [...claim.open.values()]) release(shard, tx, claim, claimed);
	shard.store.deleteClaim.run(claim.id);
	shard.claims.remove(tx, claim);
}

function settleOutcome(
	shard: Shard,
	tx: Transaction,
	claim: Claim | undefined,
	outcome: DeliveryOutcome,
): void {
	const claimed = claim?.open.get(keyOf(outcome));
	if (claim === undefined || claimed?.attempt !== outcome.attempt) {
		if (outcome.kind === "attempted") settleDelivery(shard, tx, claim, undefined, outcome);
	} else if (outcome.kind === "not_started") {
		release(shard, tx, claim, claimed);
	} else if (outcome.kind === "postponed") {
		settlePostponed(shard, tx, claim, claimed, outcome);
	} else {
		shard.claims.settle(tx, claim, keyOf(outcome));
		if (outcome.kind === "attempted") noteAttempt(tx.lateness, claim, claimed, outcome);
		if (outcome.kind === "accepted") acceptDelivery(shard, tx, claim, outcome);
		else if (claimed.simple && outcome.class === "delivered") {
			settleSimple(shard, tx, claim, claimed, outcome);
		} else {
			settleDelivery(shard, tx, claim, claimed, outcome);
		}
	}
}

/** The common case: the only action, delivered at the first try. One row written, and of a plain
 * timer none read. */
function settleSimple(
	shard: Shard,
	tx: Transaction,
	claim: Claim,
	claimed: ClaimedDelivery,
	outcome: Attempted,
): void {
	const { timer, firing, dueAt: fire_at } = claimed;
	const row = claimed.plain ? undefined : firingRowOf(shard, timer, firing);
	const { chunk, claimedAt, aheadMs } = claim;
	const trail: TrailEntry[] = [
		...firingEntries(row ?? { firing, fire_at, nominal: null }, [], {
			chunk: claimed.full ? chunk : null,
			claimedAt,
			aheadMs,
		}),
		["d", firing, outcome.sentAt, outcome.durationMs, outcome.status ?? 0],
	];
	countDelivery(tx.tally, claim.lane, "delivered");
	if (claimed.full) {
		trail.push(["c", recordAttempt(tx, outcome)]);
		tx.event("delivery.delivered", timer, { firing, action: 0, attempt: outcome.attempt });
	}
	const text = formatTrail(trail);
	if (row !== undefined) {
		endFiring(shard, tx, { row, state: "settled", trail: text, claimedAt: firedAtOf(claim) });
		relieve(shard, tx, row, claimed, []);
	} else if (claimed.plain) {
		const end = { timer, flags: 0, wasActive: true, before: text } as const;
		endTimer(shard, tx, { ...end, state: "settled" });
	}
}

export function recordAttempt(tx: Transaction, outcome: Attempted): number {
	const { firing, action, attempt, durationMs, status } = outcome;
	return tx.event("delivery.attempted", outcome.timer, {
		firing,
		action,
		attempt,
		sentAt: outcome.sentAt,
		outcome: outcome.outcome,
		status,
		durationMs,
	});
}

/** A delivery that was not started: due again at once, or dropped with a cancelled timer. */
function release(shard: Shard, tx: Transaction, claim: Claim, claimed: ClaimedDelivery): void {
	const unsent = giveBack(shard, tx, claim, claimed);
	if (unsent === undefined) return;
	const { row, trail } = unsent;
	// Without this note the next claim would take it for its first, and record the firing again.
	const fired = formatTrail(firingEntries(row, trail, claim));
	const rows = shard.store.firingDeliveries.all(claimed.timer, claimed.firing);
	requeue(shard, tx, row, rows, { trail: fired, cancelled: null });
}
