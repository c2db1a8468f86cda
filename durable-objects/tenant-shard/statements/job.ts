/** The statements of bulk jobs. Part of the store. */
import type { Sql } from "../../shared/sql.ts";
import type { JobRow } from "../rows.ts";

export function jobStatements(sql: Sql) {
	return {
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
	} as const;
}
