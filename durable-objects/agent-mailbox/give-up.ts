/**
 * The end of a message in this mailbox. A delivery is settled, kept and told to its shard; a message
 * put in by hand is gone when acknowledged, and dead when given up.
 */
import { STATE, TELL_AGAIN_MS } from "./constants.ts";
import type { Mailbox, Transaction } from "./mailbox.ts";
import type { HeadRow, OutcomeKind } from "./store.ts";

/** An agent has done it. */
export function acknowledge(
	mailbox: Mailbox,
	tx: Transaction,
	head: HeadRow,
	result: string | null,
): void {
	if (head.shard === null) drop(mailbox, tx, head);
	else settle(mailbox, tx, head, "acknowledged", result, null);
}

/** Nobody will do it. */
export function giveUp(
	mailbox: Mailbox,
	tx: Transaction,
	head: HeadRow,
	kind: "expired" | "exhausted",
	reason: string | null,
): void {
	if (head.shard !== null) {
		settle(mailbox, tx, head, kind, null, reason);
		return;
	}
	mailbox.store.buryMessage.run(STATE.dead, tx.now, reason ?? kind, head.seq);
	tx.count(head.state, STATE.dead);
}

/** Why `head` may not be leased again, or null when it may. */
export function whyGivenUp(head: HeadRow, now: number): "expired" | "exhausted" | null {
	if (head.attempts >= head.max_attempts) return "exhausted";
	return head.expires_at <= now ? "expired" : null;
}

export function settle(
	mailbox: Mailbox,
	tx: Transaction,
	head: HeadRow,
	outcome: OutcomeKind,
	result: string | null,
	reason: string | null,
): void {
	const again = tx.now + TELL_AGAIN_MS;
	mailbox.store.settleMessage.run(STATE.settled, again, outcome, tx.now, result, reason, head.seq);
	tx.count(head.state, STATE.settled);
	tx.dueBy(again);
	tx.settled.push({
		head: { ...head, state: STATE.settled, outcome, settled_at: tx.now, reason },
		result,
	});
}

export function drop(mailbox: Mailbox, tx: Transaction, head: HeadRow): void {
	mailbox.store.deleteMessage.run(head.seq);
	tx.count(head.state, null);
}
