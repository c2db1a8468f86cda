/** Leases what is ready, most urgent and oldest first. */
import {
	ANSWER_CHARS,
	EXPIRED_SLICES_PER_PULL,
	LEASE_KEY_LENGTH,
	PRESENCE,
	STATE,
} from "./constants.ts";
import { giveUp } from "./give-up.ts";
import { leaseIdOf } from "./lease-id.ts";
import type { Mailbox, Transaction } from "./mailbox.ts";
import type { LeasedMessage, PullAnswer, PullCall } from "./rpc.ts";
import type { MessageRow } from "./store.ts";

/** Touches no storage when memory says that nothing is ready. */
export function leaseReady(mailbox: Mailbox, pull: PullCall, now: number): PullAnswer {
	if (backlogOf(mailbox) === 0) return { messages: [], backlog: 0 };
	const messages = mailbox.transact(now, (tx) => lease(mailbox, tx, pull));
	return { messages, backlog: backlogOf(mailbox) };
}

/** Messages that wait for an agent. */
export function backlogOf({ row }: Mailbox): number {
	return row !== null && row.presence === PRESENCE.open ? row.ready : 0;
}

function lease(mailbox: Mailbox, tx: Transaction, pull: PullCall): LeasedMessage[] {
	const key = newLeaseKey();
	const leased: LeasedMessage[] = [];
	let chars = 0;
	for (let slice = 0; slice < EXPIRED_SLICES_PER_PULL; slice++) {
		const rows = mailbox.store.readyMessages.all(pull.batchSize - leased.length);
		for (const row of rows) {
			if (row.expires_at <= tx.now) {
				// The alarm is late. Whoever pulls does not get what nobody wants any more.
				giveUp(mailbox, tx, row, "expired", null);
				continue;
			}
			chars += row.body.length;
			if (leased.length > 0 && chars > ANSWER_CHARS) return leased;
			leased.push(leaseOne(mailbox, tx, row, pull, key));
		}
		if (rows.length === 0 || leased.length === pull.batchSize) return leased;
	}
	return leased;
}

function leaseOne(
	mailbox: Mailbox,
	tx: Transaction,
	row: MessageRow,
	pull: PullCall,
	key: string,
): LeasedMessage {
	const leaseExpiresAt = tx.now + (pull.visibilityTimeoutMs ?? row.ack_timeout_ms);
	mailbox.store.leaseMessage.run(STATE.leased, leaseExpiresAt, tx.now, key, row.seq);
	tx.count(STATE.ready, STATE.leased);
	tx.dueBy(leaseExpiresAt);
	const attempts = row.attempts + 1;
	return {
		id: row.id,
		leaseId: leaseIdOf({ seq: row.seq, attempt: attempts, key }),
		attempts,
		priority: row.priority,
		enqueuedAt: row.enqueued_at,
		leaseExpiresAt,
		body: row.body,
		traceparent: row.traceparent,
	};
}

/** One for all leases of a pull: they go to the same agent. */
function newLeaseKey(): string {
	return crypto.randomUUID().replaceAll("-", "").slice(0, LEASE_KEY_LENGTH);
}
