/**
 * Every statement of a shard, as a named operation on typed rows. It decides nothing: callers are
 * the modules beside it, inside a transaction. Plans are asserted in test/workers/shard.
 */
import { RECURRING } from "../../src/core/timer-flags.ts";
import { createSql, type SqlSource } from "../shared/sql.ts";
import { calendarStatements } from "./calendar-statements.ts";
import { clockStatements } from "./clock-statements.ts";
import { concurrencyStatements } from "./concurrency-statements.ts";
import { dependencyStatements } from "./dependency-statements.ts";
import { firingStatements } from "./firing-statements.ts";
import { latenessStatements } from "./lateness-statements.ts";
import { outboxStatements } from "./outbox-statements.ts";
import { retentionStatements } from "./retention-statements.ts";
import type {
	ChunkRow,
	ClaimRow,
	CounterRow,
	DeliveryRow,
	DueRow,
	JobRow,
	ShardRow,
	TimerRow,
	UniqueKeyRow,
} from "./rows.ts";
import { topicStatements } from "./topic-statements.ts";

export type * from "./rows.ts";

export type Store = ReturnType<typeof createStore>;

const TIMER_COLUMNS =
	"id, lane, due, fire_at, created_at, state, flags, version, doc, trail, firing, last_firing, nominal, remaining, fired, parent";
const DELIVERY_COLUMNS = "timer, firing, action, state, due, attempts, settled_at, history";
const DUE_COLUMNS = "id, due, fire_at, state, flags, doc, firing, nominal, parent";

export function createStore(storage: SqlSource) {
	const sql = createSql(storage);
	return {
		sql,
		...latenessStatements(sql),
		...dependencyStatements(sql),
		...outboxStatements(sql),
		...retentionStatements(sql),
		...topicStatements(sql),
		...concurrencyStatements(sql),
		...calendarStatements(sql),
		...firingStatements(sql, TIMER_COLUMNS, DELIVERY_COLUMNS),
		...clockStatements(sql),

		insertTimer: sql.prepare<
			never,
			[
				id: number,
				lane: number,
				due: number | null,
				fireAt: number,
				nominal: number | null,
				createdAt: number,
				state: number,
				flags: number,
				doc: string,
				trail: string,
				remaining: number | null,
			]
		>(
			`INSERT INTO timer (id, lane, due, fire_at, nominal, created_at, state, flags, version, doc,
			 trail, remaining) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?)`,
		),
		getTimer: sql.prepare<TimerRow, [id: number]>(
			`SELECT ${TIMER_COLUMNS} FROM timer WHERE id = ?`,
		),
		timersFrom: sql.prepare<TimerRow, [id: number, limit: number]>(
			`SELECT ${TIMER_COLUMNS} FROM timer WHERE id >= ? ORDER BY id LIMIT ?`,
		),
		/** The first timer at or after an id: one step of a binary search by `created_at`. */
		createdFrom: sql.prepare<Pick<TimerRow, "id" | "created_at">, [id: number]>(
			"SELECT id, created_at FROM timer WHERE id >= ? ORDER BY id LIMIT 1",
		),
		newestTimer: sql.prepare<Pick<TimerRow, "id" | "created_at">>(
			"SELECT id, created_at FROM timer ORDER BY id DESC LIMIT 1",
		),
		/** A slice of due timers of a lane, on from (due, id). Two seeks, merged: see decision 0004. */
		dueTimers: sql.prepare<
			DueRow,
			[
				lane: number,
				due: number,
				id: number,
				lane2: number,
				due2: number,
				now: number,
				limit: number,
			]
		>(
			`SELECT ${DUE_COLUMNS} FROM (
				SELECT ${DUE_COLUMNS} FROM timer WHERE lane = ? AND due = ? AND id > ?
				UNION ALL
				SELECT ${DUE_COLUMNS} FROM timer WHERE lane = ? AND due > ? AND due <= ?
			) ORDER BY due, id LIMIT ?`,
		),
		/** All timers of a lane that have a due time, on from (due, id), for lists. */
		pendingTimers: sql.prepare<
			TimerRow,
			[lane: number, due: number, id: number, lane2: number, due2: number, limit: number]
		>(
			`SELECT ${TIMER_COLUMNS} FROM (
				SELECT ${TIMER_COLUMNS} FROM timer WHERE lane = ? AND due = ? AND id > ?
				UNION ALL
				SELECT ${TIMER_COLUMNS} FROM timer WHERE lane = ? AND due > ?
			) ORDER BY due, id LIMIT ?`,
		),
		/** Whether the scan stopped among timers that share one due time. */
		dueWith: sql.prepare<{ due: number }, [lane: number, due: number, id: number]>(
			"SELECT due FROM timer WHERE lane = ? AND due = ? AND id > ? LIMIT 1",
		),
		dueAfter: sql.prepare<{ due: number }, [lane: number, due: number]>(
			"SELECT due FROM timer WHERE lane = ? AND due > ? ORDER BY due LIMIT 1",
		),
		countDue: sql.prepare<{ n: number }, [lane: number, now: number, limit: number]>(
			"SELECT count(*) AS n FROM (SELECT 1 FROM timer WHERE lane = ? AND due <= ? LIMIT ?)",
		),
		/** What is due behind a cursor, as far as `limit`. */
		countUnclaimed: sql.prepare<
			{ n: number },
			[
				lane: number,
				due: number,
				id: number,
				lane2: number,
				due2: number,
				now: number,
				limit: number,
			]
		>(
			`SELECT count(*) AS n FROM (
				SELECT 1 FROM timer WHERE lane = ? AND due = ? AND id > ?
				UNION ALL
				SELECT 1 FROM timer WHERE lane = ? AND due > ? AND due <= ?
				LIMIT ?)`,
		),
		/**
		 * The one write of a webhook delivered at its first try. A recurring timer that has ended stands
		 * for none of its firings: one that is taken up again has a row of its own.
		 */
		settleTimer: sql.prepare<never, [state: number, trail: string, id: number]>(
			`UPDATE timer SET due = NULL, state = ?, version = version + 1, trail = trail || ?,
			 firing = iif(flags & ${RECURRING}, 0, firing) WHERE id = ?`,
		),
		/** A timer whose firing has begun waits on the real clock from then on; others on theirs. */
		updateTimer: sql.prepare<never, [due: number | null, state: number, trail: string, id: number]>(
			"UPDATE timer SET due = ?1, state = ?2, lane = iif(?2 = 1, lane % 3, lane), version = version + 1, trail = trail || ?3 WHERE id = ?4",
		),
		noteTimer: sql.prepare<never, [state: number, trail: string, id: number]>(
			"UPDATE timer SET state = ?, version = version + 1, trail = trail || ? WHERE id = ?",
		),
		changeTimer: sql.prepare<
			never,
			[
				lane: number,
				due: number | null,
				fireAt: number,
				nominal: number | null,
				flags: number,
				doc: string,
				trail: string,
				id: number,
			]
		>(
			"UPDATE timer SET lane = ?, due = ?, fire_at = ?, nominal = ?, flags = ?, doc = ?, version = version + 1, trail = ? WHERE id = ?",
		),
		/** Pauses or resumes. */
		holdTimer: sql.prepare<
			never,
			[lane: number, state: number, due: number | null, doc: string, trail: string, id: number]
		>(
			"UPDATE timer SET lane = ?, state = ?, due = ?, doc = ?, version = version + 1, trail = ? WHERE id = ?",
		),
		/** Changes a document's notes of its firings, and nothing that its schedule follows. */
		noteDoc: sql.prepare<never, [doc: string, trail: string, id: number]>(
			"UPDATE timer SET doc = ?, version = version + 1, trail = trail || ? WHERE id = ?",
		),
		deleteTimer: sql.prepare<never, [id: number]>("DELETE FROM timer WHERE id = ?"),

		insertClaim: sql.prepare<
			never,
			[
				id: number,
				due: number,
				epoch: string,
				claimedAt: number,
				lane: number,
				chunk: number | null,
				deliveries: string,
				aheadMs: number,
			]
		>(
			"INSERT INTO claim (id, due, epoch, claimed_at, lane, chunk, deliveries, ahead_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		),
		listClaims: sql.prepare<ClaimRow>(
			"SELECT id, due, epoch, claimed_at, lane, chunk, deliveries, ahead_ms FROM claim ORDER BY id",
		),
		renewClaim: sql.prepare<never, [due: number, epoch: string, deliveries: string, id: number]>(
			"UPDATE claim SET due = ?, epoch = ?, deliveries = ? WHERE id = ?",
		),
		shrinkClaim: sql.prepare<never, [deliveries: string, id: number]>(
			"UPDATE claim SET deliveries = ? WHERE id = ?",
		),
		deleteClaim: sql.prepare<never, [id: number]>("DELETE FROM claim WHERE id = ?"),

		putDelivery: sql.prepare<
			never,
			[
				timer: number,
				firing: number,
				action: number,
				state: number,
				due: number | null,
				attempts: number,
				settledAt: number | null,
				history: string,
			]
		>(
			`INSERT INTO delivery (${DELIVERY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
			 ON CONFLICT DO UPDATE SET state = excluded.state, due = excluded.due,
			 attempts = excluded.attempts, settled_at = excluded.settled_at, history = excluded.history`,
		),
		getDelivery: sql.prepare<DeliveryRow, [timer: number, firing: number, action: number]>(
			`SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE timer = ? AND firing = ? AND action = ?`,
		),
		listDeliveries: sql.prepare<DeliveryRow, [timer: number]>(
			`SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE timer = ? ORDER BY firing, action`,
		),
		deleteDeliveries: sql.prepare<never, [timer: number]>("DELETE FROM delivery WHERE timer = ?"),
		/** Dead letters on from a position; the literal 2 lets the partial index serve it. */
		deadDeliveries: sql.prepare<
			DeliveryRow,
			[settledAt: number, timer: number, firing: number, action: number, limit: number]
		>(
			`SELECT ${DELIVERY_COLUMNS} FROM delivery WHERE state = 2
			 AND (settled_at, timer, firing, action) > (?, ?, ?, ?)
			 ORDER BY settled_at, timer, firing, action LIMIT ?`,
		),

		insertChunk: sql.prepare<never, [seq: number, at: number, body: string]>(
			"INSERT INTO event_chunk (seq, at, body) VALUES (?, ?, ?)",
		),
		updateChunk: sql.prepare<never, [body: string, seq: number]>(
			"UPDATE event_chunk SET body = ? WHERE seq = ?",
		),
		chunksFrom: sql.prepare<ChunkRow, [seq: number, limit: number]>(
			"SELECT seq, at, body FROM event_chunk WHERE seq >= ? ORDER BY seq LIMIT ?",
		),
		getHub: sql.prepare<{ until: number }>("SELECT until FROM hub WHERE id = 1"),
		putHub: sql.prepare<never, [until: number]>(
			"INSERT OR REPLACE INTO hub (id, until) VALUES (1, ?)",
		),
		getChunk: sql.prepare<ChunkRow, [seq: number]>(
			"SELECT seq, at, body FROM event_chunk WHERE seq = ?",
		),
		newestChunk: sql.prepare<{ seq: number }>(
			"SELECT seq FROM event_chunk ORDER BY seq DESC LIMIT 1",
		),

		getKey: sql.prepare<UniqueKeyRow, [key: string]>(
			"SELECT key, timer, body_hash, answer, expires_at FROM unique_key WHERE key = ?",
		),
		putKey: sql.prepare<
			never,
			[
				key: string,
				timer: number | null,
				bodyHash: string | null,
				answer: string | null,
				expiresAt: number | null,
			]
		>(
			"INSERT OR REPLACE INTO unique_key (key, timer, body_hash, answer, expires_at) VALUES (?, ?, ?, ?, ?)",
		),
		deleteKey: sql.prepare<never, [key: string]>("DELETE FROM unique_key WHERE key = ?"),

		insertJob: sql.prepare<never, [id: number, body: string]>(
			"INSERT OR IGNORE INTO job (id, body, position, done, processed, changed) VALUES (?, ?, 0, 0, 0, 0)",
		),
		getJob: sql.prepare<JobRow, [id: number]>(
			"SELECT id, body, position, done, processed, changed FROM job WHERE id = ?",
		),
		openJob: sql.prepare<JobRow>(
			"SELECT id, body, position, done, processed, changed FROM job WHERE done = 0 ORDER BY id LIMIT 1",
		),
		updateJob: sql.prepare<
			never,
			[
				position: number,
				done: number,
				finishedAt: number | null,
				processed: number,
				changed: number,
				id: number,
			]
		>(
			"UPDATE job SET position = ?, done = ?, finished_at = ?, processed = ?, changed = ? WHERE id = ?",
		),

		getCounter: sql.prepare<CounterRow>(
			"SELECT next_timer, last_created_at, active, granted, minute, creates FROM counter WHERE id = 1",
		),
		putCounter: sql.prepare<
			never,
			[
				nextTimer: number,
				lastCreatedAt: number,
				active: number,
				granted: number,
				minute: number,
				creates: number,
			]
		>(
			"UPDATE counter SET next_timer = ?, last_created_at = ?, active = ?, granted = ?, minute = ?, creates = ? WHERE id = 1",
		),

		getShard: sql.prepare<ShardRow>(
			"SELECT tenant, shard, config, watched FROM shard WHERE id = 1",
		),
		putShard: sql.prepare<never, [tenant: string, shard: number, config: string, watched: number]>(
			"INSERT OR REPLACE INTO shard (id, tenant, shard, config, watched) VALUES (1, ?, ?, ?, ?)",
		),
	} as const;
}
