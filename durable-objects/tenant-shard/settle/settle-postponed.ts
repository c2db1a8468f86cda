/**
 * Settling what was not sent, to spare a host that ails: the delivery waits without having used an
 * attempt. Called for outcomes that the claim still holds; nothing else is postponed.
 */
import type { DeliveryOutcome } from "../../../src/contract/envelope.ts";
import { postponedDueAt, postponedTooLong } from "../../../src/core/postpone.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { deliveryStateCode } from "../../../src/core/timer-state.ts";
import { formatTrail, type TrailEntry } from "../../../src/core/trail.ts";
import { type Claim, type ClaimedDelivery, firedAtOf } from "../claim/claim-book.ts";
import { firingEntries } from "../firing/firing-entries.ts";
import type { Shard } from "../shard.ts";
import type { DeliveryRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { formatHistory, parseHistory } from "./delivery-history.ts";
import { giveBack } from "./give-back.ts";
import { putDelivery } from "./put-delivery.ts";
import { settleDelivery } from "./settle-delivery.ts";
import { settleTimer } from "./settle-timer.ts";

type Postponed = Extract<DeliveryOutcome, { kind: "postponed" }>;

/** @param claimed what `claim` holds of it, of this very attempt */
export function settlePostponed(
	shard: Shard,
	tx: Transaction,
	claim: Claim,
	claimed: ClaimedDelivery,
	outcome: Postponed,
): void {
	const unsent = giveBack(shard, tx, claim, claimed);
	if (unsent === undefined) return;
	const { row, trail } = unsent;
	const { timer, firing, action, attempt } = claimed;
	const rows = shard.store.firingDeliveries.all(timer, firing);
	const known = rows.find((other) => other.action === action);
	// A late success of an earlier attempt has ended it.
	if (known !== undefined && known.due === null) return;

	const { until, reason, host } = outcome;
	const history = parseHistory(known?.history);
	const since = history.postponed?.since ?? tx.now;
	if (postponedTooLong(since, tx.now)) {
		settleDelivery(shard, tx, claim, claimed, unreachable(outcome, tx.now));
		return;
	}
	const due = postponedDueAt(until, tx.now, Math.random());
	const delivery: DeliveryRow = {
		timer,
		firing,
		action,
		state: deliveryStateCode("retrying"),
		due,
		attempts: known?.attempts ?? 0,
		settled_at: null,
		history: formatHistory({ ...history, postponed: { until, reason, host, since } }),
	};
	putDelivery(shard, delivery);
	const entries: TrailEntry[] = firingEntries(row, trail, claim);
	if (unpackFlags(row.flags).fidelity === "full") {
		const data = { firing, action, attempt, nextAt: due, reason, host };
		entries.push(["c", tx.event("delivery.retrying", timer, data)]);
	}
	settleTimer(shard, tx, row, [...rows.filter((other) => other !== known), delivery], {
		trail: formatTrail(entries),
		cancelled: null,
		claimedAt: firedAtOf(claim),
	});
}

/** The failed attempt that a host costs which has been spared for too long. */
function unreachable(
	{ timer, firing, action, attempt, host }: Postponed,
	now: number,
): Extract<DeliveryOutcome, { kind: "attempted" }> {
	return {
		timer,
		firing,
		action,
		attempt,
		kind: "attempted",
		class: "retryable",
		outcome: "connection_failed",
		sentAt: now,
		durationMs: 0,
		status: null,
		error: `Nothing was sent: ${host} has ailed for too long.`,
		excerpt: null,
		retryAfterMs: null,
	};
}
