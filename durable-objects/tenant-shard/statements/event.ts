/** The statements of event chunks, and of the hub that is told of them. Part of the store. */
import type { Sql } from "../../shared/sql.ts";
import type { ChunkRow } from "../rows.ts";

export function eventStatements(sql: Sql) {
	return {
		insertChunk: sql.prepare<never, [seq: number, at: number, body: string]>(
			"INSERT INTO event_chunk (seq, at, body) VALUES (?, ?, ?)",
		),
		updateChunk: sql.prepare<never, [body: string, seq: number]>(
			"UPDATE event_chunk SET body = ? WHERE seq = ?",
		),
		chunksFrom: sql.prepare<ChunkRow, [seq: number, limit: number]>(
			"SELECT seq, at, body FROM event_chunk WHERE seq >= ? ORDER BY seq LIMIT ?",
		),
		getChunk: sql.prepare<ChunkRow, [seq: number]>(
			"SELECT seq, at, body FROM event_chunk WHERE seq = ?",
		),
		newestChunk: sql.prepare<{ seq: number }>(
			"SELECT seq FROM event_chunk ORDER BY seq DESC LIMIT 1",
		),
		getHub: sql.prepare<{ until: number }>("SELECT until FROM hub WHERE id = 1"),
		putHub: sql.prepare<never, [until: number]>(
			"INSERT OR REPLACE INTO hub (id, until) VALUES (1, ?)",
		),
	} as const;
}
