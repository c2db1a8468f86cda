/** The statements of OIDC policies. Part of the store, like all statements of a registry. */
import type { Sql } from "../shared/sql.ts";

export type OidcPolicyRow = { name: string; id: string; policy: string; updated_at: number };

const COLUMNS = "name, id, policy, updated_at";

export function oidcStatements(sql: Sql) {
	return {
		putOidcPolicy: sql.prepare<
			never,
			[name: string, id: string, policy: string, updatedAt: number]
		>(
			`INSERT INTO oidc_policy (${COLUMNS}) VALUES (?, ?, ?, ?)
			ON CONFLICT (name) DO UPDATE SET
			id = excluded.id, policy = excluded.policy, updated_at = excluded.updated_at`,
		),
		getOidcPolicy: sql.prepare<OidcPolicyRow, [name: string]>(
			`SELECT ${COLUMNS} FROM oidc_policy WHERE name = ?`,
		),
		getOidcPolicyById: sql.prepare<OidcPolicyRow, [id: string]>(
			`SELECT ${COLUMNS} FROM oidc_policy WHERE id = ?`,
		),
		listOidcPolicies: sql.prepare<OidcPolicyRow>(
			`SELECT ${COLUMNS} FROM oidc_policy ORDER BY name`,
		),
		countOidcPolicies: sql.prepare<{ policies: number }>(
			"SELECT count(*) AS policies FROM oidc_policy",
		),
		deleteOidcPolicy: sql.prepare<{ name: string }, [name: string]>(
			"DELETE FROM oidc_policy WHERE name = ? RETURNING name",
		),
	} as const;
}
