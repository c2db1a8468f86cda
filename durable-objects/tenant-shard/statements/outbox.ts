/** The statements of the outbox. Part of the store, like all statements of a shard. */
import type { Sql } from "../../shared/sql.ts";

export type OutboxRow = { id: number; due: number; shard: number; attempts: number; body: string };

const OUTBOX_COLUMNS = "id, due, shard, attempts, body";

export function outboxStatements(sql: Sql) {
	return {
		insertMessage: sql.prepare<{ id: number }, [due: number, shard: number, body: string]>(
			"INSERT INTO outbox (due, shard, attempts, body) VALUES (?, ?, 0, ?) RETURNING id",
		),
		dueMessages: sql.prepare<OutboxRow, [now: number, limit: number]>(
			`SELECT ${OUTBOX_COLUMNS} FROM outbox WHERE due <= ? ORDER BY due, id LIMIT ?`,
		),
		getMessage: sql.prepare<OutboxRow, [id: number]>(
			`SELECT ${OUTBOX_COLUMNS} FROM outbox WHERE id = ?`,
		),
		firstMessage: sql.prepare<{ due: number }>("SELECT due FROM outbox ORDER BY due LIMIT 1"),
		postponeMessage: sql.prepare<never, [due: number, attempts: number, id: number]>(
			"UPDATE outbox SET due = ?, attempts = ? WHERE id = ?",
		),
		deleteMessage: sql.prepare<never, [id: number]>("DELETE FROM outbox WHERE id = ?"),
	} as const;
}
