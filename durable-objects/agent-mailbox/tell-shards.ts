/**
 * Tells shards what became of the deliveries held for them: one call a shard, and nobody waits longer
 * than 2 s for it. What was not answered stays stored, and the alarm repeats it until a shard has
 * taken it; a shard that knew already ignores it.
 */
import { logLine } from "../shared/log.ts";
import { shardOf } from "../shared/object-names.ts";
import { ANSWER_CHARS, STATE, TELL_PAUSE_MS, TOLD_KEPT_MS } from "./constants.ts";
import type { Mailbox, Settled } from "./mailbox.ts";
import type { MessageReport } from "./rpc.ts";

type Told = MessageReport["outcomes"][number];

/**
 * Tells of all that transactions have left to tell. Resolves after `limitMs` at the latest: whether
 * every shard had answered by then.
 */
export async function tellShards(mailbox: Mailbox, limitMs: number): Promise<boolean> {
	const settled = mailbox.untold;
	if (settled.length === 0) return true;
	mailbox.untold = [];
	const shards = new Set(settled.flatMap(({ head }) => head.shard ?? []));
	const told = [...shards].map((shard) => {
		const ofShard = settled.filter(({ head }) => head.shard === shard);
		return tellInParts(mailbox, shard, ofShard);
	});
	const answered = Promise.all(told).then((all) => all.every((taken) => taken));
	return await new Promise((resolve, reject) => {
		const timer = setTimeout(() => resolve(false), limitMs);
		void answered.then(resolve, reject).finally(() => clearTimeout(timer));
	});
}

/**
 * Tells slice after slice, for work that settles much. Once a shard has not answered in time nothing
 * more is told: it is stored, and the alarm repeats it.
 */
export function tellSlices(mailbox: Mailbox): () => Promise<void> {
	let isAnswered = true;
	return async () => {
		if (isAnswered) isAnswered = await tellShards(mailbox, TELL_PAUSE_MS);
		else mailbox.untold = [];
	};
}

/** Several calls only where the results are too long for one. */
async function tellInParts(
	mailbox: Mailbox,
	shard: number,
	settled: readonly Settled[],
): Promise<boolean> {
	for (const part of partsOf(settled)) {
		try {
			await shardOf(mailbox.env, mailbox.row?.tenant ?? "", shard).settleMessages(
				reportOf(mailbox, part),
			);
		} catch (error) {
			logFailure(mailbox, shard, part.length, error);
			return false;
		}
		noteTold(mailbox, part);
	}
	return true;
}

/** An answer that comes after the 2 s counts too: the shard has taken it. */
function noteTold(mailbox: Mailbox, told: readonly Settled[]): void {
	// Gone, when the mailbox was forgotten meanwhile.
	if (mailbox.row === null) return;
	mailbox.transact(Date.now(), (tx) => {
		const due = tx.now + TOLD_KEPT_MS;
		for (const { head } of told) {
			mailbox.store.markTold.run(STATE.told, due, head.seq, STATE.settled);
		}
		tx.dueBy(due);
	});
}

function* partsOf(settled: readonly Settled[]): Generator<readonly Settled[]> {
	let part: Settled[] = [];
	let chars = 0;
	for (const one of settled) {
		chars += one.result?.length ?? 0;
		if (part.length > 0 && chars > ANSWER_CHARS) {
			yield part;
			part = [];
			chars = one.result?.length ?? 0;
		}
		part.push(one);
	}
	if (part.length > 0) yield part;
}

function reportOf(mailbox: Mailbox, settled: readonly Settled[]): MessageReport {
	return { mailbox: mailbox.row?.name ?? "", outcomes: settled.flatMap(outcomeOf) };
}

function outcomeOf({ head, result }: Settled): Told[] {
	const { timer, firing, action, attempt, outcome, settled_at } = head;
	if (timer === null || firing === null || action === null || attempt === null) return [];
	if (outcome === null || settled_at === null) return [];
	return [
		{
			timer,
			firing,
			action,
			attempt,
			kind: outcome,
			attempts: head.attempts,
			leasedAt: head.leased_at,
			at: settled_at,
			result,
			reason: head.reason,
		},
	];
}

function logFailure(mailbox: Mailbox, shard: number, count: number, error: unknown): void {
	const { tenant = "", name = "" } = mailbox.row ?? {};
	const record = { at: Date.now(), kind: "mailbox_report_failed", tenant, mailbox: name, shard };
	logLine(mailbox.env, { ...record, count, error: String(error) }, mailbox.ctx);
}
