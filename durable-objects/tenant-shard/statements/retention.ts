/**
 * The statements of retention: the oldest chunks, and the rows that a sweep looks at. Part of the
 * store, like all statements of a shard.
 */
import type { Sql } from "../../shared/sql.ts";

/** A chunk without its events; `empty` is 1 when they have been removed. */
export type ChunkHead = { seq: number; at: number; empty: number };

export type SweptKey = { key: string; expires_at: number | null };

/** The text of a chunk whose events have been removed, while it is the newest. */
export const EMPTY_CHUNK = "[]";

export function retentionStatements(sql: Sql) {
	return {
		chunkAfter: sql.prepare<ChunkHead, [seq: number]>(
			`SELECT seq, at, body = '${EMPTY_CHUNK}' AS empty FROM event_chunk WHERE seq > ? ORDER BY seq LIMIT 1`,
		),
		deleteChunk: sql.prepare<never, [seq: number]>("DELETE FROM event_chunk WHERE seq = ?"),
		/** Idempotency keys alone: a dedupe key goes with its timer. ';' follows ':'. */
		keysAfter: sql.prepare<SweptKey, [key: string, limit: number]>(
			"SELECT key, expires_at FROM unique_key WHERE key > ? AND key < 'i;' ORDER BY key LIMIT ?",
		),
		deleteJobs: sql.prepare<never, [finishedBy: number]>("DELETE FROM job WHERE finished_at <= ?"),
		firstFinished: sql.prepare<{ at: number | null }>("SELECT min(finished_at) AS at FROM job"),
		getSweep: sql.prepare<{ sweep_at: number }>("SELECT sweep_at FROM retention WHERE id = 1"),
		putSweep: sql.prepare<never, [sweepAt: number]>(
			"UPDATE retention SET sweep_at = ? WHERE id = 1",
		),
	} as const;
}
