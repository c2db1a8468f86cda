/** The statements of concurrency keys. Part of the store, like all statements of a shard. */
import type { Sql } from "../../shared/sql.ts";

export type PlaceRow = { place: number; shard: number; row: number; firing: number };
export type TurnRow = {
	row: number;
	firing: number;
	key: string;
	home: number;
	place: number | null;
	granted: number;
};

export function concurrencyStatements(sql: Sql) {
	return {
		firstPlace: sql.prepare<PlaceRow, [key: string]>(
			"SELECT place, shard, row, firing FROM concurrency_place WHERE key = ? ORDER BY place LIMIT 1",
		),
		lastPlace: sql.prepare<{ place: number }, [key: string]>(
			"SELECT place FROM concurrency_place WHERE key = ? ORDER BY place DESC LIMIT 1",
		),
		/** Looks through all that wait: only for a firing that was never told its place. */
		findPlace: sql.prepare<PlaceRow, [key: string, shard: number, row: number, firing: number]>(
			`SELECT place, shard, row, firing FROM concurrency_place
			 WHERE key = ? AND shard = ? AND row = ? AND firing = ?`,
		),
		getPlace: sql.prepare<PlaceRow, [key: string, place: number]>(
			"SELECT place, shard, row, firing FROM concurrency_place WHERE key = ? AND place = ?",
		),
		insertPlace: sql.prepare<
			never,
			[key: string, place: number, shard: number, row: number, firing: number]
		>("INSERT INTO concurrency_place (key, place, shard, row, firing) VALUES (?, ?, ?, ?, ?)"),
		deletePlace: sql.prepare<never, [key: string, place: number]>(
			"DELETE FROM concurrency_place WHERE key = ? AND place = ?",
		),

		wakeTimer: sql.prepare<never, [lane: number, due: number, row: number]>(
			"UPDATE timer SET lane = ?, due = ?, version = version + 1 WHERE id = ?",
		),

		getTurn: sql.prepare<TurnRow, [row: number]>(
			"SELECT row, firing, key, home, place, granted FROM concurrency_turn WHERE row = ?",
		),
		putTurn: sql.prepare<
			never,
			[
				row: number,
				firing: number,
				key: string,
				home: number,
				place: number | null,
				granted: number,
			]
		>(
			"INSERT OR REPLACE INTO concurrency_turn (row, firing, key, home, place, granted) VALUES (?, ?, ?, ?, ?, ?)",
		),
		deleteTurn: sql.prepare<never, [row: number]>("DELETE FROM concurrency_turn WHERE row = ?"),
	} as const;
}
