/** The statements of claims. Part of the store. */
import type { Sql } from "../../shared/sql.ts";
import type { ClaimRow } from "../rows.ts";

export function claimStatements(sql: Sql) {
	return {
		insertClaim: sql.prepare<
			never,
			[
				id: number,
				due: number,
				epoch: string,
				claimedAt: number,
				lane: number,
				chunk: number | null,
				deliveries: string,
				aheadMs: number,
			]
		>(
			"INSERT INTO claim (id, due, epoch, claimed_at, lane, chunk, deliveries, ahead_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		),
		listClaims: sql.prepare<ClaimRow>(
			"SELECT id, due, epoch, claimed_at, lane, chunk, deliveries, ahead_ms FROM claim ORDER BY id",
		),
		renewClaim: sql.prepare<never, [due: number, epoch: string, deliveries: string, id: number]>(
			"UPDATE claim SET due = ?, epoch = ?, deliveries = ? WHERE id = ?",
		),
		shrinkClaim: sql.prepare<never, [deliveries: string, id: number]>(
			"UPDATE claim SET deliveries = ? WHERE id = ?",
		),
		deleteClaim: sql.prepare<never, [id: number]>("DELETE FROM claim WHERE id = ?"),
	} as const;
}
