/** What agents say of the leases they hold. A lease that has ended is `stale` and changes nothing. */
import { LIMITS } from "../../src/contract/limits.ts";
import { PRESENCE, STATE } from "./constants.ts";
import { acknowledge, giveUp } from "./give-up.ts";
import { parseLeaseId } from "./lease-id.ts";
import type { Mailbox, Transaction } from "./mailbox.ts";
import type { Ack, AckAnswer, LeaseOutcome, Retry } from "./rpc.ts";
import type { HeadRow } from "./store.ts";

type Extension = { readonly leaseId: string; readonly byMs: number };

export function settleLeases(
	mailbox: Mailbox,
	acks: readonly Ack[],
	retries: readonly Retry[],
	now: number,
): AckAnswer {
	if (mailbox.row === null) return { acks: acks.map(stale), retries: retries.map(stale) };
	return mailbox.transact(now, (tx) => ({
		acks: acks.map((ack) => settleAck(mailbox, tx, ack)),
		retries: retries.map((retry) => settleRetry(mailbox, tx, retry)),
	}));
}

export function extendLeases(
	mailbox: Mailbox,
	leases: readonly Extension[],
	now: number,
): readonly LeaseOutcome[] {
	if (mailbox.row === null) return leases.map(stale);
	return mailbox.transact(now, (tx) => leases.map((lease) => extend(mailbox, tx, lease)));
}

function settleAck(mailbox: Mailbox, tx: Transaction, ack: Ack): LeaseOutcome {
	const head = findLeased(mailbox, tx, ack.leaseId);
	if (head === undefined) return stale(ack);
	acknowledge(mailbox, tx, head, ack.result);
	return outcomeOf(ack.leaseId, "acknowledged");
}

function settleRetry(mailbox: Mailbox, tx: Transaction, retry: Retry): LeaseOutcome {
	const { leaseId, delayMs, reason, notStarted } = retry;
	const head = findLeased(mailbox, tx, leaseId);
	if (head === undefined) return stale(retry);
	if (!notStarted && head.attempts >= head.max_attempts) {
		giveUp(mailbox, tx, head, "exhausted", reason);
		return outcomeOf(leaseId, "dead");
	}
	const state = delayMs > 0 ? STATE.delayed : STATE.ready;
	const due = delayMs > 0 ? Math.min(tx.now + delayMs, head.expires_at) : head.expires_at;
	const { returnMessage, unleaseMessage } = mailbox.store;
	(notStarted ? unleaseMessage : returnMessage).run(state, due, reason, head.seq);
	tx.count(STATE.leased, state);
	tx.dueBy(due);
	return outcomeOf(leaseId, "retried");
}

/** Moves the end further away, at most to the longest lease there is, from now. */
function extend(mailbox: Mailbox, tx: Transaction, { leaseId, byMs }: Extension): LeaseOutcome {
	const head = findLeased(mailbox, tx, leaseId);
	if (head === undefined || head.due === null) return stale({ leaseId });
	const leaseExpiresAt = Math.min(head.due + byMs, tx.now + LIMITS.leaseMsMax);
	mailbox.store.putDue.run(leaseExpiresAt, head.seq);
	tx.dueBy(leaseExpiresAt);
	return { leaseId, outcome: "extended", leaseExpiresAt };
}

/** The message under this very lease, while it lasts. It ends at its instant, however late the alarm. */
function findLeased(mailbox: Mailbox, tx: Transaction, leaseId: string): HeadRow | undefined {
	const name = parseLeaseId(leaseId);
	if (name === undefined || tx.row.presence !== PRESENCE.open) return undefined;
	const head = mailbox.store.getHead.first(name.seq);
	if (head === undefined || head.state !== STATE.leased) return undefined;
	if (head.lease_key !== name.key || head.attempts !== name.attempt) return undefined;
	return head.due !== null && head.due > tx.now ? head : undefined;
}

function outcomeOf(leaseId: string, outcome: LeaseOutcome["outcome"]): LeaseOutcome {
	return { leaseId, outcome, leaseExpiresAt: null };
}

function stale({ leaseId }: { readonly leaseId: string }): LeaseOutcome {
	return outcomeOf(leaseId, "stale");
}
