/** The statements of a tenant's Slack workspaces. Part of the store, like all of a registry. */
import type { Sql } from "../shared/sql.ts";

export function slackStatements(sql: Sql) {
	return {
		putSlackState: sql.prepare<never, [nonce: string, expiresAt: number]>(
			"INSERT INTO slack_state (nonce, expires_at) VALUES (?, ?)",
		),
		/** Answers the row only where it was there and has not expired. */
		takeSlackState: sql.prepare<{ nonce: string }, [nonce: string, now: number]>(
			"DELETE FROM slack_state WHERE nonce = ? AND expires_at > ? RETURNING nonce",
		),
		deleteSlackStates: sql.prepare<never, [now: number]>(
			"DELETE FROM slack_state WHERE expires_at <= ?",
		),
		countSlackStates: sql.prepare<{ states: number }>("SELECT count(*) AS states FROM slack_state"),
		putSlackTeam: sql.prepare<never, [team: string]>(
			"INSERT INTO slack_team (team) VALUES (?) ON CONFLICT DO NOTHING",
		),
		listSlackTeams: sql.prepare<{ team: string }>("SELECT team FROM slack_team ORDER BY team"),
		deleteSlackTeam: sql.prepare<never, [team: string]>("DELETE FROM slack_team WHERE team = ?"),
	} as const;
}
