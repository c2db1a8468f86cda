/** Takes messages in. An id that is held already is left alone, unless its shard dispatches it anew. */
import { PRESENCE, STATE } from "./constants.ts";
import type { Mailbox, Transaction } from "./mailbox.ts";
import type { MailboxCall, NewMessage } from "./rpc.ts";
import { serveWaiting } from "./serve.ts";
import type { HeadRow } from "./store.ts";

export function acceptMessages(
	mailbox: Mailbox,
	call: MailboxCall,
	messages: readonly NewMessage[],
	now: number,
): void {
	if (messages.length === 0) return;
	mailbox.ctx.storage.transactionSync(() => mailbox.found(call, now));
	mailbox.transact(now, (tx) => {
		reopen(tx);
		for (const message of messages) accept(mailbox, tx, message);
	});
	serveWaiting(mailbox, now);
}

function accept(mailbox: Mailbox, tx: Transaction, message: NewMessage): void {
	const held = mailbox.store.findHead.first(message.id);
	if (held !== undefined) {
		if (message.origin === null || message.origin.attempt <= (held.attempt ?? 0)) return;
		if (isAcknowledged(held)) {
			// What an agent has finished stays finished: the shard is told so under its new attempt.
			mailbox.store.putAttempt.run(message.origin.attempt, held.seq);
			return;
		}
		mailbox.store.deleteMessage.run(held.seq);
		tx.count(held.state, null);
	}
	insert(mailbox, tx, message);
}

function insert(mailbox: Mailbox, tx: Transaction, message: NewMessage): void {
	const { id, origin, body, priority, visibleAt, expiresAt } = message;
	const isDelayed = visibleAt > tx.now;
	const state = isDelayed ? STATE.delayed : STATE.ready;
	const due = isDelayed ? Math.min(visibleAt, expiresAt) : expiresAt;
	mailbox.store.insertMessage.run(
		tx.row.next_seq++,
		id,
		state,
		due,
		priority,
		body,
		origin?.shard ?? null,
		origin?.timer ?? null,
		origin?.firing ?? null,
		origin?.action ?? null,
		origin?.attempt ?? null,
		tx.now,
		expiresAt,
		message.ackTimeoutMs,
		message.maxAttempts,
		message.traceparent,
	);
	tx.count(null, state);
	tx.dueBy(due);
}

function isAcknowledged(held: HeadRow): boolean {
	return held.state === STATE.settled && held.outcome === "acknowledged";
}

/** A mailbox that was removed begins anew with its next message. */
function reopen(tx: Transaction): void {
	if (tx.row.presence === PRESENCE.open) return;
	tx.row.presence = PRESENCE.open;
	tx.row.created_at = tx.now;
}
