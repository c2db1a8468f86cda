/** Every statement of a Slack workspace, as a named operation on typed rows. */
import { createSql, type SqlSource } from "../shared/sql.ts";

export type InstallationRow = {
	tenant: string;
	team: string;
	name: string;
	app_id: string;
	bot_user: string;
	scopes: string;
	sealed_token: string;
	installed_by: string;
	installed_at: number;
};

export type PersonRow = {
	zone: string | null;
	zone_at: number | null;
	own_zone: string | null;
	quiet_from: number | null;
	quiet_to: number | null;
};

export type Store = ReturnType<typeof createStore>;

export function createStore(storage: SqlSource) {
	const sql = createSql(storage);
	return {
		getInstallation: sql.prepare<InstallationRow>(
			`SELECT tenant, team, name, app_id, bot_user, scopes, sealed_token, installed_by, installed_at
			FROM installation`,
		),
		putInstallation: sql.prepare<
			never,
			[
				tenant: string,
				team: string,
				name: string,
				appId: string,
				botUser: string,
				scopes: string,
				sealedToken: string,
				installedBy: string,
				installedAt: number,
			]
		>(
			`INSERT OR REPLACE INTO installation (id, tenant, team, name, app_id, bot_user, scopes,
			sealed_token, installed_by, installed_at) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		),
		getPerson: sql.prepare<PersonRow, [id: string]>(
			"SELECT zone, zone_at, own_zone, quiet_from, quiet_to FROM person WHERE id = ?",
		),
		putPerson: sql.prepare<
			never,
			[
				id: string,
				zone: string | null,
				zoneAt: number | null,
				ownZone: string | null,
				quietFrom: number | null,
				quietTo: number | null,
			]
		>(
			`INSERT OR REPLACE INTO person (id, zone, zone_at, own_zone, quiet_from, quiet_to)
			VALUES (?, ?, ?, ?, ?, ?)`,
		),
	} as const;
}
