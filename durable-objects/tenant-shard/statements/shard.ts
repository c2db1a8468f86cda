/**
 * The statements of what a shard knows of itself: who it is, and its counters. Part of the store.
 */
import type { Sql } from "../../shared/sql.ts";
import type { CounterRow, ShardRow } from "../rows.ts";

export function shardStatements(sql: Sql) {
	return {
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
