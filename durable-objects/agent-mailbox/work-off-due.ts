/**
 * What time does to messages: delays and leases end, messages expire, shards are told again, told
 * deliveries are forgotten. One slice a call; called by the alarm, and by a pull that comes before it.
 */
import { DUE_SLICE, STATE, TELL_AGAIN_MAX_MS, TELL_AGAIN_MS } from "./constants.ts";
import { drop, giveUp, whyGivenUp } from "./give-up.ts";
import type { Mailbox, Transaction } from "./mailbox.ts";
import { serveWaiting } from "./serve.ts";
import type { HeadRow } from "./store.ts";

/** Answers whether there may be more. Touches no storage when memory says that nothing is due. */
export function workOffDue(mailbox: Mailbox, now: number): boolean {
	if (mailbox.row === null || mailbox.nextDue === null || mailbox.nextDue > now) return false;
	const count = mailbox.transact(now, (tx) => {
		const heads = mailbox.store.dueMessages.all(now, DUE_SLICE);
		for (const head of heads) workOff(mailbox, tx, head);
		return heads.length;
	});
	mailbox.refreshDue();
	mailbox.arm();
	serveWaiting(mailbox, now);
	return count === DUE_SLICE;
}

function workOff(mailbox: Mailbox, tx: Transaction, head: HeadRow): void {
	if (head.state === STATE.told) {
		drop(mailbox, tx, head);
	} else if (head.state === STATE.settled) {
		tellAgain(mailbox, tx, head);
	} else {
		const kind = head.state === STATE.leased ? whyGivenUp(head, tx.now) : expiryOf(head, tx.now);
		if (kind === null) makeReady(mailbox, tx, head);
		else giveUp(mailbox, tx, head, kind, head.reason);
	}
}

function expiryOf(head: HeadRow, now: number): "expired" | null {
	return head.expires_at <= now ? "expired" : null;
}

function makeReady(mailbox: Mailbox, tx: Transaction, head: HeadRow): void {
	mailbox.store.returnMessage.run(STATE.ready, head.expires_at, head.reason, head.seq);
	tx.count(head.state, STATE.ready);
	tx.dueBy(head.expires_at);
}

/** The next time is as far away as the outcome is old, which doubles the pause without a counter. */
function tellAgain(mailbox: Mailbox, tx: Transaction, head: HeadRow): void {
	const age = tx.now - (head.settled_at ?? tx.now);
	const again = tx.now + Math.min(Math.max(age, TELL_AGAIN_MS), TELL_AGAIN_MAX_MS);
	mailbox.store.putDue.run(again, head.seq);
	tx.dueBy(again);
	const result = mailbox.store.getResult.first(head.seq)?.result ?? null;
	tx.settled.push({ head, result });
}
