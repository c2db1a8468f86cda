/** What is in a mailbox, in the same few rows whatever its depth. */
import { PRESENCE, PRIORITIES } from "./constants.ts";
import type { Mailbox } from "./mailbox.ts";
import type { MailboxState } from "./rpc.ts";

export function stateOf(mailbox: Mailbox): MailboxState | null {
	const { row } = mailbox;
	if (row === null || row.presence !== PRESENCE.open) return null;
	const { ready, leased, delayed, dead, created_at } = row;
	const oldestAt = ready === 0 ? null : oldestOf(mailbox);
	return { depth: ready, leased, delayed, dead, oldestAt, createdAt: created_at };
}

/** The first of each priority is its oldest. */
function oldestOf(mailbox: Mailbox): number | null {
	const firsts = PRIORITIES.flatMap((priority) => mailbox.store.oldestReady.all(priority));
	return firsts.length === 0 ? null : Math.min(...firsts.map((first) => first.enqueued_at));
}
