/** Hands what has become ready to the polls that wait, first come first served. */
import type { Mailbox } from "./mailbox.ts";
import { backlogOf, leaseReady } from "./pull.ts";

/** Call it after whatever may have made a message ready. */
export function serveWaiting(mailbox: Mailbox, now: number): void {
	while (backlogOf(mailbox) > 0) {
		const poll = mailbox.waiting.first;
		if (poll === undefined) return;
		const answer = leaseReady(mailbox, poll.pull, now);
		// What was ready had expired: the poll waits on.
		if (answer.messages.length === 0) return;
		poll.answer(answer);
	}
}
