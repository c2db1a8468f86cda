/** Every statement of an event hub, as a named operation on typed rows. */
import { createSql, type SqlSource } from "../shared/sql.ts";

export type Store = ReturnType<typeof createStore>;

export function createStore(storage: SqlSource) {
	const sql = createSql(storage);
	return {
		/** Answers the row only when the token was not spent before. */
		spendToken: sql.prepare<{ nonce: string }, [nonce: string, expiresAt: number]>(
			"INSERT INTO spent_token (nonce, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING RETURNING nonce",
		),
		sweepTokens: sql.prepare<never, [now: number, limit: number]>(
			`DELETE FROM spent_token WHERE nonce IN
			 (SELECT nonce FROM spent_token WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`,
		),
	};
}
