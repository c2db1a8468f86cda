/** The statements of lateness. Part of the store, like all statements of a shard. */
import type { Sql } from "../../shared/sql.ts";

export type LatenessRow = { slot: number; since: number; body: string };

export function latenessStatements(sql: Sql) {
	return {
		getLateness: sql.prepare<LatenessRow, [slot: number]>(
			"SELECT slot, since, body FROM lateness WHERE slot = ?",
		),
		latenessFrom: sql.prepare<LatenessRow, [slot: number]>(
			"SELECT slot, since, body FROM lateness WHERE slot >= ? ORDER BY slot",
		),
		/** The slots that are over, without the row of all that were over before. */
		latenessBefore: sql.prepare<LatenessRow, [slot: number]>(
			"SELECT slot, since, body FROM lateness WHERE slot > 0 AND slot < ? ORDER BY slot",
		),
		putLateness: sql.prepare<never, [slot: number, since: number, body: string]>(
			"INSERT OR REPLACE INTO lateness (slot, since, body) VALUES (?, ?, ?)",
		),
		getDrift: sql.prepare<{ average: number }>("SELECT average FROM drift WHERE id = 1"),
		putDrift: sql.prepare<never, [average: number]>(
			"INSERT OR REPLACE INTO drift (id, average) VALUES (1, ?)",
		),
		getAskedPolicy: sql.prepare<{ policy: string }>("SELECT policy FROM asked_policy WHERE id = 1"),
		putAskedPolicy: sql.prepare<never, [policy: string]>(
			"INSERT OR REPLACE INTO asked_policy (id, policy) VALUES (1, ?)",
		),
		deleteLateness: sql.prepare<never, [slot: number]>("DELETE FROM lateness WHERE slot = ?"),
	} as const;
}
