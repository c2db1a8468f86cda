/**
 * The removal of a mailbox, and of single deliveries. A mailbox goes in slices; while it goes nobody
 * is served, and messages that come in wait until it is gone. Its deliveries stay stored, without
 * their bodies, until their shards know; then the tables go too.
 */
import { PRESENCE, REMOVE_SLICE, STATE, TOLD_KEPT_MS } from "./constants.ts";
import { drop, settle } from "./give-up.ts";
import type { Mailbox, Transaction } from "./mailbox.ts";
import type { HeadRow } from "./store.ts";
import { tellSlices } from "./tell-shards.ts";

const REMOVED = "The mailbox was removed";

/** Answers how many messages it held. */
export async function removeMailbox(mailbox: Mailbox): Promise<number> {
	const { row } = mailbox;
	if (row === null || row.presence === PRESENCE.removed) return 0;
	const held = row.ready + row.delayed + row.leased + row.dead;
	mailbox.transact(Date.now(), (tx) => {
		tx.row.presence = PRESENCE.removing;
		// If the object goes under the work, the alarm takes it up.
		tx.dueBy(tx.now);
	});
	await finishRemoval(mailbox);
	return held;
}

/** Resolves when no removal is under way; goes on with one that was cut off. */
export async function finishRemoval(mailbox: Mailbox): Promise<void> {
	if (mailbox.row?.presence !== PRESENCE.removing) return;
	mailbox.removal ??= removeAll(mailbox).finally(() => {
		mailbox.removal = null;
	});
	await mailbox.removal;
}

/** Forgets a removed mailbox once nothing in it is of use. */
export async function forgetRemoved(mailbox: Mailbox): Promise<void> {
	if (mailbox.row?.presence !== PRESENCE.removed || mailbox.nextDue !== null) return;
	await mailbox.forget();
}

/** Deliveries that their shard has cancelled, leased or not. What an agent has finished stays so. */
export function withdrawMessages(mailbox: Mailbox, ids: readonly string[], now: number): void {
	if (mailbox.row === null) return;
	mailbox.transact(now, (tx) => {
		for (const id of ids) withdraw(mailbox, tx, mailbox.store.findHead.first(id));
	});
}

async function removeAll(mailbox: Mailbox): Promise<void> {
	let from = 0;
	const tell = tellSlices(mailbox);
	for (;;) {
		const next = removeSlice(mailbox, from);
		await tell();
		if (next === undefined) break;
		from = next;
		await scheduler.wait(0);
	}
	mailbox.transact(Date.now(), (tx) => {
		tx.row.presence = PRESENCE.removed;
	});
	mailbox.refreshDue();
	await forgetRemoved(mailbox);
}

function removeSlice(mailbox: Mailbox, from: number): number | undefined {
	return mailbox.transact(Date.now(), (tx) => {
		const heads = mailbox.store.messagesFrom.all(from, REMOVE_SLICE);
		for (const head of heads) removeOne(mailbox, tx, head);
		const last = heads.at(-1);
		return last && last.seq + 1;
	});
}

function removeOne(mailbox: Mailbox, tx: Transaction, head: HeadRow): void {
	if (head.state === STATE.settled || head.state === STATE.told) return;
	if (head.shard === null) drop(mailbox, tx, head);
	else settle(mailbox, tx, head, "removed", null, REMOVED);
}

/** Remembered as told, since its shard knows: a dispatch on its way still finds it. */
function withdraw(mailbox: Mailbox, tx: Transaction, head: HeadRow | undefined): void {
	if (head === undefined || head.shard === null) return;
	if (head.state === STATE.settled || head.state === STATE.told) return;
	const due = tx.now + TOLD_KEPT_MS;
	mailbox.store.markTold.run(STATE.told, due, head.seq, head.state);
	tx.count(head.state, STATE.told);
	tx.dueBy(due);
}
