/** The statements of edges between timers. Part of the store, like all statements of a shard. */
import type { Sql } from "../../shared/sql.ts";

export type EdgeRow = { dependency: number; shard: number; dependent: number; condition: number };

export type AwaitedRow = {
	dependent: number;
	shard: number;
	dependency: number;
	condition: number;
	satisfied_at: number | null;
};

type Edge = [dependency: number, shard: number, dependent: number];
type Awaited = [dependent: number, shard: number, dependency: number];

const AWAITED_COLUMNS = "dependent, shard, dependency, condition, satisfied_at";

export function dependencyStatements(sql: Sql) {
	return {
		insertEdge: sql.prepare<never, [...Edge, condition: number]>(
			"INSERT OR IGNORE INTO edge (dependency, shard, dependent, condition) VALUES (?, ?, ?, ?)",
		),
		/** Some edges of a dependency, with a condition below the one given. */
		someEdges: sql.prepare<EdgeRow, [dependency: number, condition: number, limit: number]>(
			`SELECT dependency, shard, dependent, condition FROM edge
			 WHERE dependency = ? AND condition < ? ORDER BY shard, dependent LIMIT ?`,
		),
		deleteEdge: sql.prepare<never, Edge>(
			"DELETE FROM edge WHERE dependency = ? AND shard = ? AND dependent = ?",
		),
		insertAwaited: sql.prepare<never, [...Awaited, condition: number, satisfiedAt: number | null]>(
			`INSERT INTO awaited (${AWAITED_COLUMNS}) VALUES (?, ?, ?, ?, ?)`,
		),
		listAwaited: sql.prepare<AwaitedRow, [dependent: number]>(
			`SELECT ${AWAITED_COLUMNS} FROM awaited WHERE dependent = ?`,
		),
		satisfyAwaited: sql.prepare<never, [satisfiedAt: number, ...Awaited]>(
			"UPDATE awaited SET satisfied_at = ? WHERE dependent = ? AND shard = ? AND dependency = ?",
		),
		deleteAwaited: sql.prepare<never, [dependent: number]>(
			"DELETE FROM awaited WHERE dependent = ?",
		),
		/** A timer's flags alone: its version, and so its ETag, stay. */
		flagTimer: sql.prepare<never, [flags: number, id: number]>(
			"UPDATE timer SET flags = ? WHERE id = ?",
		),
		/** Beside another write of the row, which counts its version. */
		putDoc: sql.prepare<never, [doc: string, id: number]>("UPDATE timer SET doc = ? WHERE id = ?"),
		changePending: sql.prepare<
			never,
			[lane: number, fireAt: number, flags: number, doc: string, trail: string, id: number]
		>(
			"UPDATE timer SET lane = ?, fire_at = ?, flags = ?, doc = ?, version = version + 1, trail = ? WHERE id = ?",
		),
	} as const;
}
