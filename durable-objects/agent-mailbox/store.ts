/**
 * Every statement of a mailbox, as a named operation on typed rows. It decides nothing: callers are
 * the modules beside it. Row types say what `migrations/` declares.
 */
import { createSql, type SqlSource } from "../shared/sql.ts";
import type { MessageReport } from "./rpc.ts";

export type OutcomeKind = MessageReport["outcomes"][number]["kind"];

export type MailboxRow = {
	tenant: string;
	name: string;
	created_at: number;
	next_seq: number;
	ready: number;
	delayed: number;
	leased: number;
	dead: number;
	presence: number;
};

/** A message without what can be large. */
export type HeadRow = {
	seq: number;
	id: string;
	state: number;
	due: number | null;
	priority: number;
	shard: number | null;
	timer: number | null;
	firing: number | null;
	action: number | null;
	attempt: number | null;
	enqueued_at: number;
	expires_at: number;
	ack_timeout_ms: number;
	max_attempts: number;
	traceparent: string | null;
	attempts: number;
	leased_at: number | null;
	lease_key: string | null;
	outcome: OutcomeKind | null;
	settled_at: number | null;
	reason: string | null;
};

export type MessageRow = HeadRow & { body: string };

export type Store = ReturnType<typeof createStore>;

const MAILBOX = "tenant, name, created_at, next_seq, ready, delayed, leased, dead, presence";
const HEAD =
	"seq, id, state, due, priority, shard, timer, firing, action, attempt, enqueued_at, expires_at, ack_timeout_ms, max_attempts, traceparent, attempts, leased_at, lease_key, outcome, settled_at, reason";

export function createStore(storage: SqlSource) {
	const sql = createSql(storage);
	return {
		transaction: sql.transaction,

		getMailbox: sql.prepare<MailboxRow>(`SELECT ${MAILBOX} FROM mailbox`),
		insertMailbox: sql.prepare<never, [tenant: string, name: string, createdAt: number]>(
			`INSERT INTO mailbox (id, ${MAILBOX}) VALUES (1, ?, ?, ?, 1, 0, 0, 0, 0, 0)`,
		),
		updateMailbox: sql.prepare<
			never,
			[
				createdAt: number,
				nextSeq: number,
				ready: number,
				delayed: number,
				leased: number,
				dead: number,
				presence: number,
			]
		>(
			"UPDATE mailbox SET created_at = ?, next_seq = ?, ready = ?, delayed = ?, leased = ?, dead = ?, presence = ?",
		),

		insertMessage: sql.prepare<
			never,
			[
				seq: number,
				id: string,
				state: number,
				due: number,
				priority: number,
				body: string,
				shard: number | null,
				timer: number | null,
				firing: number | null,
				action: number | null,
				attempt: number | null,
				enqueuedAt: number,
				expiresAt: number,
				ackTimeoutMs: number,
				maxAttempts: number,
				traceparent: string | null,
			]
		>(
			"INSERT INTO message (seq, id, state, due, priority, body, shard, timer, firing, action, attempt, enqueued_at, expires_at, ack_timeout_ms, max_attempts, traceparent, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
		),
		getHead: sql.prepare<HeadRow, [seq: number]>(`SELECT ${HEAD} FROM message WHERE seq = ?`),
		findHead: sql.prepare<HeadRow, [id: string]>(`SELECT ${HEAD} FROM message WHERE id = ?`),
		/** Most urgent and oldest first. */
		readyMessages: sql.prepare<MessageRow, [limit: number]>(
			`SELECT ${HEAD}, body FROM message WHERE state = 0 ORDER BY priority, seq LIMIT ?`,
		),
		oldestReady: sql.prepare<Pick<HeadRow, "enqueued_at">, [priority: number]>(
			"SELECT enqueued_at FROM message WHERE state = 0 AND priority = ? ORDER BY seq LIMIT 1",
		),
		dueMessages: sql.prepare<HeadRow, [now: number, limit: number]>(
			`SELECT ${HEAD} FROM message WHERE due <= ? ORDER BY due LIMIT ?`,
		),
		firstDue: sql.prepare<{ due: number }>(
			"SELECT due FROM message WHERE due IS NOT NULL ORDER BY due LIMIT 1",
		),
		messagesFrom: sql.prepare<HeadRow, [seq: number, limit: number]>(
			`SELECT ${HEAD} FROM message WHERE seq >= ? ORDER BY seq LIMIT ?`,
		),

		leaseMessage: sql.prepare<
			never,
			[state: number, due: number, leasedAt: number, leaseKey: string, seq: number]
		>(
			"UPDATE message SET state = ?, due = ?, leased_at = ?, lease_key = ?, attempts = attempts + 1 WHERE seq = ?",
		),
		/** Leases that began after `now`, as the clock has it: they begin now, and last as long. */
		beginLeasesAnew: sql.prepare<
			never,
			[now: number, now2: number, now3: number, state: number, now4: number]
		>(
			`UPDATE message SET due = ? + due - leased_at, leased_at = ?
			 WHERE due > ? AND state = ? AND leased_at > ?`,
		),
		/** Back to the others, ready or delayed. */
		returnMessage: sql.prepare<
			never,
			[state: number, due: number, reason: string | null, seq: number]
		>("UPDATE message SET state = ?, due = ?, reason = ?, lease_key = NULL WHERE seq = ?"),
		/** As if it had not been leased. */
		unleaseMessage: sql.prepare<
			never,
			[state: number, due: number, reason: string | null, seq: number]
		>(
			"UPDATE message SET state = ?, due = ?, reason = ?, lease_key = NULL, attempts = attempts - 1 WHERE seq = ?",
		),
		putDue: sql.prepare<never, [due: number, seq: number]>(
			"UPDATE message SET due = ? WHERE seq = ?",
		),
		putAttempt: sql.prepare<never, [attempt: number, seq: number]>(
			"UPDATE message SET attempt = ? WHERE seq = ?",
		),
		settleMessage: sql.prepare<
			never,
			[
				state: number,
				due: number,
				outcome: OutcomeKind,
				settledAt: number,
				result: string | null,
				reason: string | null,
				seq: number,
			]
		>(
			"UPDATE message SET state = ?, due = ?, outcome = ?, settled_at = ?, result = ?, reason = ?, body = '', lease_key = NULL WHERE seq = ?",
		),
		getResult: sql.prepare<{ result: string | null }, [seq: number]>(
			"SELECT result FROM message WHERE seq = ?",
		),
		markTold: sql.prepare<never, [state: number, due: number, seq: number, from: number]>(
			"UPDATE message SET state = ?, due = ?, result = NULL, body = '', lease_key = NULL WHERE seq = ? AND state = ?",
		),
		deleteMessage: sql.prepare<never, [seq: number]>("DELETE FROM message WHERE seq = ?"),

		buryMessage: sql.prepare<
			never,
			[state: number, settledAt: number, reason: string, seq: number]
		>(
			"UPDATE message SET state = ?, due = NULL, settled_at = ?, reason = ?, lease_key = NULL WHERE seq = ?",
		),
		deadMessages: sql.prepare<MessageRow, [settledAt: number, seq: number, limit: number]>(
			`SELECT ${HEAD}, body FROM message WHERE state = 5 AND (settled_at, seq) > (?, ?) ORDER BY settled_at, seq LIMIT ?`,
		),
		reviveMessage: sql.prepare<never, [state: number, expiresAt: number, due: number, seq: number]>(
			"UPDATE message SET state = ?, expires_at = ?, due = ?, attempts = 0, leased_at = NULL, settled_at = NULL, reason = NULL WHERE seq = ?",
		),
	};
}
