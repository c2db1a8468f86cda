/**
 * Settling what mailboxes held: an acknowledgement delivers, an expiry or the last failed lease is a
 * dead letter. Mailboxes repeat a report until the shard has answered it, and a report may overtake
 * the sender's own, so each outcome is a compare-and-set as in settle.ts.
 */
import type { EventType } from "../../../src/contract/event.ts";
import type { JsonObject } from "../../../src/contract/json.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import {
	type DeliveryRowState,
	deliveryStateCode,
	deliveryStateOf,
} from "../../../src/core/timer-state.ts";
import {
	cancelEntryOf,
	formatTrail,
	parseTrail,
	type TrailEntry,
} from "../../../src/core/trail.ts";
import type { MessageReport } from "../../agent-mailbox/rpc.ts";
import { type Claim, firedAtOf, formatClaimed, keyOf } from "../claim/claim-book.ts";
import { escalateAfter } from "../escalation/escalate.ts";
import { relieveLate } from "../escalation/stop-escalation.ts";
import { firingEntries } from "../firing/firing-entries.ts";
import type { Shard } from "../shard.ts";
import { countDelivery } from "../shard-metrics.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { EXPIRED_REASON } from "./accept-delivery.ts";
import {
	addAttempt,
	type DeliveryHistory,
	formatHistory,
	parseHistory,
} from "./delivery-history.ts";
import { putDelivery } from "./put-delivery.ts";
import { settleTimer } from "./settle-timer.ts";

type MessageOutcome = MessageReport["outcomes"][number];

export function settleMessages(shard: Shard, tx: Transaction, report: MessageReport): void {
	for (const outcome of report.outcomes) settleMessage(shard, tx, report.mailbox, outcome);
}

function settleMessage(
	shard: Shard,
	tx: Transaction,
	mailbox: string,
	outcome: MessageOutcome,
): void {
	const { timer, firing, action } = outcome;
	const owner = shard.store.getTimer.first(timer);
	if (owner === undefined) return;
	const row = owner.firing === firing ? owner : shard.store.getFiring.first(timer, firing);
	const rows = shard.store.firingDeliveries.all(timer, firing);
	const known = rows.find((other) => other.action === action);
	// Its firing has ended: only a dead letter that is acknowledged after all changes anything.
	if (row === undefined && (known === undefined || outcome.kind !== "acknowledged")) return;
	const history = parseHistory(known?.history);
	if (!counts(known && deliveryStateOf(known.state), history.base, outcome)) return;

	const reason = reasonOf(outcome);
	// Dispatches that failed before the mailbox took it, and the leases that it has had since.
	const attempts = Math.max(
		known?.attempts ?? 0,
		outcome.attempt - 1 + Math.max(1, outcome.attempts),
	);
	const delivery: DeliveryRow = {
		timer,
		firing,
		action,
		state: deliveryStateCode(reason === null ? "delivered" : "dead"),
		due: null,
		attempts,
		settled_at: tx.now,
		history: formatHistory(historyAfter(history, outcome, attempts, reason)),
	};
	putDelivery(shard, delivery);
	countDelivery(tx.tally, owner.lane, reason === null ? "delivered" : "dead");

	const chunks = [...new Set(recordOutcome(tx, owner, mailbox, outcome, attempts, reason))];
	const noted = chunks.map((chunk): TrailEntry => ["c", chunk]);
	if (row === undefined) {
		shard.store.noteTimer.run(owner.state, formatTrail(noted), owner.id);
		relieveLate(shard, tx, owner, delivery);
		return;
	}
	const trail = parseTrail(row.trail);
	const claim = takeOffClaim(shard, tx, outcome);
	const entries: TrailEntry[] = claim === undefined ? [] : firingEntries(row, trail, claim);
	entries.push(...noted);
	const now = [...rows.filter((other) => other !== known), delivery];
	settleTimer(shard, tx, row, now, {
		trail: formatTrail(entries),
		cancelled: cancelEntryOf(trail) ?? null,
		claimedAt: claim === undefined ? tx.tenantTimeOf(outcome.leasedAt ?? tx.now) : firedAtOf(claim),
	});
	escalateAfter(shard, tx, row, known, delivery, now);
}

/**
 * An acknowledgement counts however late, like every success. What failed counts for a delivery that
 * is open, unless it was dispatched before the dead letter's last replay.
 */
function counts(
	state: DeliveryRowState | undefined,
	base: number,
	outcome: MessageOutcome,
): boolean {
	if (outcome.kind === "acknowledged") return state !== "delivered";
	const isOpen = state === undefined || state === "retrying" || state === "accepted";
	return isOpen && outcome.attempt > base;
}

/**
 * The sender may not have reported yet that the mailbox took it. The row says so too, since after a
 * restart it alone tells what is in flight.
 */
function takeOffClaim(shard: Shard, tx: Transaction, outcome: MessageOutcome): Claim | undefined {
	const key = keyOf(outcome);
	const claim = shard.claims.holding(outcome.timer).find(({ open }) => open.has(key));
	if (claim === undefined) return undefined;
	shard.claims.settle(tx, claim, key);
	shard.store.shrinkClaim.run(formatClaimed(claim.open.values()), claim.id);
	return claim;
}

/** Why it is dead, in words; null when it was delivered. */
function reasonOf({ kind, reason }: MessageOutcome): string | null {
	switch (kind) {
		case "acknowledged":
			return null;
		case "expired":
			return EXPIRED_REASON;
		case "exhausted":
			return `All attempts failed: ${reason ?? "no agent acknowledged it"}`;
		case "removed":
			return "Its mailbox was removed.";
	}
}

function historyAfter(
	history: DeliveryHistory,
	outcome: MessageOutcome,
	attempt: number,
	reason: string | null,
): DeliveryHistory {
	const { leasedAt, at, result } = outcome;
	const leased =
		leasedAt === null
			? history
			: addAttempt(history, {
					attempt,
					at: leasedAt,
					durationMs: Math.max(0, at - leasedAt),
					outcome: reason === null ? "delivered" : "not_acknowledged",
					status: null,
					error: reason === null ? null : outcome.reason,
					excerpt: null,
				});
	return {
		...leased,
		...(reason !== null && { reason }),
		...(result !== null && { result }),
	};
}

/** Events: every step in `full`, only a dead letter in `fast`. Answers the chunks that hold them. */
function recordOutcome(
	tx: Transaction,
	row: TimerRow,
	mailbox: string,
	outcome: MessageOutcome,
	attempt: number,
	reason: string | null,
): readonly number[] {
	const { firing, action, kind, leasedAt } = outcome;
	const chunks: number[] = [];
	const record = (type: EventType, more: JsonObject) =>
		chunks.push(tx.event(type, row.id, { firing, action, attempt, ...more }));
	if (unpackFlags(row.flags).fidelity === "full") {
		if (leasedAt !== null) record("message.leased", { mailbox, leasedAt });
		if (kind === "acknowledged") {
			record("message.acknowledged", { mailbox });
			record("delivery.delivered", {});
		} else if (kind === "expired") record("message.expired", { mailbox });
	}
	if (reason !== null) record("delivery.dead", { reason });
	return chunks;
}
