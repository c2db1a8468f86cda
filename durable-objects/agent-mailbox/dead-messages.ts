/** Messages put in by hand that were given up: listed, put back, deleted. */
import { ANSWER_CHARS, STATE } from "./constants.ts";
import { drop } from "./give-up.ts";
import type { Mailbox } from "./mailbox.ts";
import type { DeadMessage } from "./rpc.ts";
import { serveWaiting } from "./serve.ts";
import type { HeadRow, MessageRow } from "./store.ts";

type DeadPage = { readonly items: readonly DeadMessage[]; readonly more: boolean };

/** Oldest first, on from the message `after`; from the start when that is gone meanwhile. */
export function listDead(mailbox: Mailbox, after: string | null, limit: number): DeadPage {
	if (mailbox.row === null) return { items: [], more: false };
	const from = after === null ? undefined : findDead(mailbox, after);
	const rows = mailbox.store.deadMessages.all(from?.settled_at ?? 0, from?.seq ?? 0, limit + 1);
	const items: DeadMessage[] = [];
	let chars = 0;
	for (const row of rows.slice(0, limit)) {
		chars += row.body.length;
		if (items.length > 0 && chars > ANSWER_CHARS) break;
		items.push(deadOf(row));
	}
	return { items, more: items.length < rows.length };
}

/** Puts it back with all its attempts and its whole time before it. */
export function replayDead(mailbox: Mailbox, id: string, now: number): boolean {
	const head = findDead(mailbox, id);
	if (head === undefined) return false;
	const expiresAt = now + (head.expires_at - head.enqueued_at);
	mailbox.transact(now, (tx) => {
		mailbox.store.reviveMessage.run(STATE.ready, expiresAt, expiresAt, head.seq);
		tx.count(STATE.dead, STATE.ready);
		tx.dueBy(expiresAt);
	});
	serveWaiting(mailbox, now);
	return true;
}

export function deleteDead(mailbox: Mailbox, id: string, now: number): boolean {
	const head = findDead(mailbox, id);
	if (head === undefined) return false;
	mailbox.transact(now, (tx) => drop(mailbox, tx, head));
	return true;
}

function findDead(mailbox: Mailbox, id: string): HeadRow | undefined {
	if (mailbox.row === null) return undefined;
	const head = mailbox.store.findHead.first(id);
	return head?.state === STATE.dead ? head : undefined;
}

function deadOf(row: MessageRow): DeadMessage {
	return {
		id: row.id,
		body: row.body,
		priority: row.priority,
		attempts: row.attempts,
		enqueuedAt: row.enqueued_at,
		deadAt: row.settled_at ?? row.enqueued_at,
		reason: row.reason ?? "",
	};
}
