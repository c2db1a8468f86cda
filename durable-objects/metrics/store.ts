/** Every statement of a `metrics` object, as a named operation on typed rows. */
import { createSql, type SqlSource } from "../shared/sql.ts";

export type Store = ReturnType<typeof createStore>;

export function createStore(storage: SqlSource) {
	const sql = createSql(storage);
	return {
		sql,
		getTotals: sql.prepare<{ body: string }>("SELECT body FROM totals WHERE id = 1"),
		putTotals: sql.prepare<never, [body: string]>(
			"INSERT OR REPLACE INTO totals (id, body) VALUES (1, ?)",
		),
		listGauges: sql.prepare<{ source: string; at: number; body: string }>(
			"SELECT source, at, body FROM gauge",
		),
		putGauge: sql.prepare<never, [source: string, at: number, body: string]>(
			"INSERT OR REPLACE INTO gauge (source, at, body) VALUES (?, ?, ?)",
		),
		deleteGauge: sql.prepare<never, [source: string]>("DELETE FROM gauge WHERE source = ?"),
	} as const;
}
