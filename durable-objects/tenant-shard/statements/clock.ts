/** The statements of the tenant's time; part of the store, like all statements of a shard. */
import type { Sql } from "../../shared/sql.ts";

export function clockStatements(sql: Sql) {
	return {
		getClock: sql.prepare<{ ahead_ms: number }>("SELECT ahead_ms FROM clock WHERE id = 1"),
		putClock: sql.prepare<never, [aheadMs: number]>(
			"INSERT OR REPLACE INTO clock (id, ahead_ms) VALUES (1, ?)",
		),
		deleteClock: sql.prepare<never>("DELETE FROM clock"),
		/** Brings every timer but those in one state to the lanes of the tenant's time. */
		followClock: sql.prepare<never, [classes: number, classes2: number, firing: number]>(
			"UPDATE timer SET lane = lane + ? WHERE lane < ? AND due IS NOT NULL AND state <> ?",
		),
		/** And all of them back. */
		leaveClock: sql.prepare<never, [classes: number, classes2: number]>(
			"UPDATE timer SET lane = lane - ? WHERE lane >= ? AND due IS NOT NULL",
		),
	} as const;
}
