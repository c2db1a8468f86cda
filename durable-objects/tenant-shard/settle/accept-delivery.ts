/**
 * Deliveries that a mailbox has stored (decision 20). The mailbox owns them from then on: it leases
 * them, counts attempts, and tells the shard how they ended (settle-messages.ts). The shard keeps
 * one due time, a while after the message expires, in case it is never told.
 */
import type { DeliveryOutcome } from "../../../src/contract/envelope.ts";
import { deliveryStateCode } from "../../../src/core/timer-state.ts";
import {
	cancelEntryOf,
	formatTrail,
	parseTrail,
	type TrailEntry,
} from "../../../src/core/trail.ts";
import { type Claim, firedAtOf } from "../claim/claim-book.ts";
import { ACCEPTED_GRACE_MS } from "../constants.ts";
import { escalateAfter } from "../escalation/escalate.ts";
import { firingEntries } from "../firing/firing-entries.ts";
import { firingRowOf, ownerOf } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import { countDelivery } from "../shard-metrics.ts";
import type { DeliveryRow, TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { formatHistory, parseHistory } from "./delivery-history.ts";
import { putDelivery } from "./put-delivery.ts";
import { settleTimer } from "./settle-timer.ts";
import { acceptedOf, withdraw } from "./withdraw.ts";

/** Why a message that nobody acknowledged is dead. */
export const EXPIRED_REASON = "Not acknowledged before it expired.";

/** Its mailbox holds the delivery: it is not sent again, and due only to be given up. */
export function acceptDelivery(
	shard: Shard,
	tx: Transaction,
	claim: Claim,
	outcome: Extract<DeliveryOutcome, { kind: "accepted" }>,
): void {
	const { timer, firing, action, attempt, expiresAt } = outcome;
	const row = firingRowOf(shard, timer, firing);
	if (row === undefined) return;
	const rows = shard.store.firingDeliveries.all(timer, firing);
	const known = rows.find((other) => other.action === action);
	// An agent was faster than the sender's report.
	if (known !== undefined && known.due === null) return;

	const trail = parseTrail(row.trail);
	const cancelled = cancelEntryOf(trail);
	const isHeld = cancelled === undefined;
	if (!isHeld) withdraw(shard, tx, row, [outcome]);
	const delivery: DeliveryRow = {
		timer,
		firing,
		action,
		state: deliveryStateCode(isHeld ? "accepted" : "cancelled"),
		due: isHeld ? expiresAt + ACCEPTED_GRACE_MS : null,
		attempts: Math.max(known?.attempts ?? 0, attempt),
		settled_at: isHeld ? null : tx.now,
		history: known?.history ?? formatHistory(parseHistory(undefined)),
	};
	putDelivery(shard, delivery);
	if (!isHeld) countDelivery(tx.tally, row.lane, "cancelled");
	settleTimer(shard, tx, row, [...rows.filter((other) => other !== known), delivery], {
		trail: formatTrail(firingEntries(row, trail, claim)),
		cancelled: cancelled ?? null,
		claimedAt: firedAtOf(claim),
	});
}

/**
 * Gives up those of a timer's deliveries whose mailbox has not told their end long after they
 * expired. Answers the deliveries as they stand then.
 */
export function giveUpOverdue(
	shard: Shard,
	tx: Transaction,
	due: Pick<TimerRow, "id" | "parent">,
	rows: readonly DeliveryRow[],
): readonly DeliveryRow[] {
	const overdue = acceptedOf(rows).filter((row) => row.due !== null && row.due <= tx.now);
	const row = overdue.length === 0 ? undefined : shard.store.getTimer.first(due.id);
	if (row === undefined) return rows;
	const chunks = new Set<number>();
	const after = rows.map((delivery) => {
		if (!overdue.includes(delivery)) return delivery;
		const history = { ...parseHistory(delivery.history), reason: EXPIRED_REASON };
		const dead: DeliveryRow = {
			...delivery,
			state: deliveryStateCode("dead"),
			due: null,
			settled_at: tx.now,
			history: formatHistory(history),
		};
		putDelivery(shard, dead);
		countDelivery(tx.tally, row.lane, "dead");
		const { firing, action, attempts: attempt } = delivery;
		const data = { firing, action, attempt, reason: EXPIRED_REASON };
		chunks.add(tx.event("delivery.dead", ownerOf(row), data));
		return dead;
	});
	withdraw(shard, tx, row, overdue);
	const entries = [...chunks].map((chunk): TrailEntry => ["c", chunk]);
	settleTimer(shard, tx, row, after, {
		trail: formatTrail(entries),
		cancelled: null,
		claimedAt: tx.tenantNow,
	});
	for (const before of overdue) {
		const dead = after.find(({ action }) => action === before.action);
		if (dead !== undefined) escalateAfter(shard, tx, row, before, dead, after);
	}
	return after;
}
