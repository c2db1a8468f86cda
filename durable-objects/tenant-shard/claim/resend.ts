/**
 * Claims of another epoch: the runtime that made them has died, and with it the queues that carried
 * their envelopes. Each is sent again under its own claim, with the same attempt numbers: the
 * process's death is no fault of a delivery. What had been settled before is left out.
 */
import { leaseMs } from "../../../src/core/lease.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { firingRowOf } from "../firing/firing-rows.ts";
import type { Shard } from "../shard.ts";
import type { Transaction } from "../transaction.ts";
import type { Outgoing } from "./claim.ts";
import { type Claim, formatClaimed } from "./claim-book.ts";
import { envelopeDelivery, timeoutOf } from "./envelope-delivery.ts";

/** Renews one claim; `undefined` when nothing of it is left to send. */
export function renewClaim(shard: Shard, tx: Transaction, claim: Claim): Outgoing | undefined {
	const deliveries: Outgoing["deliveries"][number][] = [];
	let timeoutMs = 0;
	for (const [key, claimed] of [...claim.open]) {
		const row = firingRowOf(shard, claimed.timer, claimed.firing);
		const known =
			row && shard.store.getDelivery.first(claimed.timer, claimed.firing, claimed.action);
		const isSettled =
			row === undefined ||
			isEnded(timerStateOf(row.state)) ||
			(known !== undefined && (known.due === null || known.attempts >= claimed.attempt));
		if (isSettled) {
			shard.claims.settle(tx, claim, key);
			continue;
		}
		const delivery = envelopeDelivery(shard, claimed, row);
		timeoutMs = Math.max(timeoutMs, timeoutOf(delivery, unpackFlags(row.flags).timeoutMs));
		deliveries.push(delivery);
	}
	if (deliveries.length === 0) {
		shard.store.deleteClaim.run(claim.id);
		shard.claims.remove(tx, claim);
		return undefined;
	}
	const leaseUntil = tx.now + leaseMs(deliveries.length, timeoutMs);
	shard.store.renewClaim.run(
		leaseUntil,
		shard.env.BOOT_ID,
		formatClaimed(claim.open.values()),
		claim.id,
	);
	tx.onCommit(() => {
		claim.epoch = shard.env.BOOT_ID;
		claim.leaseUntil = leaseUntil;
	});
	return { claim, timeoutMs, deliveries };
}

/** The claims that another epoch left behind, oldest first. */
export function foreignClaims(shard: Shard): readonly Claim[] {
	return [...shard.claims.list()].filter((claim) => claim.epoch !== shard.env.BOOT_ID);
}
