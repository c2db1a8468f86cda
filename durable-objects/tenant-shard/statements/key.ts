/** The statements of unique keys. Part of the store. */
import type { Sql } from "../../shared/sql.ts";
import type { UniqueKeyRow } from "../rows.ts";

export function keyStatements(sql: Sql) {
	return {
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
	} as const;
}
