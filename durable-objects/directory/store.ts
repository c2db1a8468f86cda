/** Every statement of the directory, as a named operation on typed rows. */
import { createSql, type SqlSource } from "../shared/sql.ts";

export type Store = ReturnType<typeof createStore>;

export function createStore(storage: SqlSource) {
	const sql = createSql(storage);
	return {
		/** Answers the row only when it is new. */
		insertTenant: sql.prepare<{ id: string }, [id: string, createdAt: number]>(
			"INSERT INTO tenant (id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING id",
		),
		/** In the order of ids, from after `after` ("" for the beginning). */
		listTenants: sql.prepare<{ id: string }, [after: string, limit: number]>(
			"SELECT id FROM tenant WHERE id > ? ORDER BY id LIMIT ?",
		),
	};
}
