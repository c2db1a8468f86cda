/**
 * The names of a tenant's mailboxes, for lists; what is in them, each mailbox knows itself. Called by
 * the registry object only.
 */
import { MAILBOX_UNSEEN_MS } from "./constants.ts";
import type { RegisteredMailbox } from "./rpc.ts";
import type { OpenRegistry } from "./store.ts";

export function addMailbox({ store }: OpenRegistry, name: string, now: number): void {
	store.putMailbox.run(name, now);
}

/** In the order of names, from after `after`. */
export function listMailboxes(
	{ store }: OpenRegistry,
	after: string | null,
	limit: number,
): readonly RegisteredMailbox[] {
	return store.listMailboxes
		.all(after ?? "", limit)
		.map(({ name, created_at }) => ({ name, createdAt: created_at }));
}

/**
 * Forgets the names of mailboxes that are gone, but only those that nobody who remembers having
 * registered them could still put something into.
 */
export function removeMailboxes(
	{ store }: OpenRegistry,
	names: readonly string[],
	now: number,
): void {
	for (const name of names) store.deleteMailbox.run(name, now - MAILBOX_UNSEEN_MS);
}
