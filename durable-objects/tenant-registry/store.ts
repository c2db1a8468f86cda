/**
 * Every statement of a registry, as a named operation on typed rows. It decides nothing: callers are
 * the modules beside it. Row types say what `migrations/` declares.
 */
import type { TenantId } from "../../src/contract/ids.ts";
import type { PlanId, Region } from "../../src/contract/tenant.ts";
import type { Grant } from "../../src/core/quota-grants.ts";
import type { ShardStep } from "../../src/core/shard-count.ts";
import { createSql, type SqlSource } from "../shared/sql.ts";
import { calendarStatements } from "./calendar-statements.ts";
import { oidcStatements } from "./oidc-statements.ts";
import { slackStatements } from "./slack-statements.ts";

export type TenantRow = {
	id: TenantId;
	name: string | null;
	plan: PlanId;
	created_at: number;
	version: number;
	wrapped_key: string;
	region: Region | null;
	/** JSON of a `JitterPolicy`. */
	jitter_policy: string | null;
};

export type ApiKeyRow = {
	id: string;
	hash: string;
	name: string;
	preview: string;
	scopes: string;
	mailboxes: string | null;
	created_at: number;
	expires_at: number | null;
};

export type SecretRow = { id: number; sealed: string; signs_until: number | null };

export type MailboxRow = { name: string; created_at: number };

export type Store = ReturnType<typeof createStore>;

/** A registry whose tenant exists. */
export type OpenRegistry = { readonly store: Store; readonly tenant: TenantRow };

const KEY_COLUMNS = "id, hash, name, preview, scopes, mailboxes, created_at, expires_at";

export function createStore(storage: SqlSource) {
	const sql = createSql(storage);
	return {
		transaction: sql.transaction,
		...calendarStatements(sql),
		...oidcStatements(sql),
		...slackStatements(sql),

		getTenant: sql.prepare<TenantRow>(
			"SELECT id, name, plan, created_at, version, wrapped_key, region, jitter_policy FROM tenant",
		),
		insertTenant: sql.prepare<
			never,
			[
				id: string,
				name: string | null,
				plan: PlanId,
				createdAt: number,
				wrappedKey: string,
				region: Region | null,
			]
		>(
			`INSERT INTO tenant (id, name, plan, created_at, version, wrapped_key, region)
			VALUES (?, ?, ?, ?, 1, ?, ?)`,
		),
		updateTenant: sql.prepare<
			never,
			[name: string | null, plan: PlanId, region: Region | null, jitterPolicy: string | null]
		>("UPDATE tenant SET name = ?, plan = ?, region = ?, jitter_policy = ?"),
		raiseVersion: sql.prepare<never>("UPDATE tenant SET version = version + 1"),

		listShardSteps: sql.prepare<ShardStep>(
			"SELECT count, effective_at AS effectiveAt FROM shard_step ORDER BY effective_at",
		),
		insertShardStep: sql.prepare<never, [count: number, effectiveAt: number]>(
			"INSERT INTO shard_step (count, effective_at) VALUES (?, ?)",
		),

		listKeys: sql.prepare<ApiKeyRow>(`SELECT ${KEY_COLUMNS} FROM api_key ORDER BY created_at, id`),
		listKeysByHashHead: sql.prepare<ApiKeyRow, [head: string]>(
			`SELECT ${KEY_COLUMNS} FROM api_key WHERE substr(hash, 1, 8) = ?`,
		),
		countKeys: sql.prepare<{ keys: number }>("SELECT count(*) AS keys FROM api_key"),
		insertKey: sql.prepare<
			never,
			[
				id: string,
				hash: string,
				name: string,
				preview: string,
				scopes: string,
				mailboxes: string | null,
				createdAt: number,
				expiresAt: number | null,
			]
		>(`INSERT INTO api_key (${KEY_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`),
		deleteKey: sql.prepare<{ id: string }, [id: string]>(
			"DELETE FROM api_key WHERE id = ? RETURNING id",
		),

		/** Those that sign at `now`, the current one first. */
		listSigningSecrets: sql.prepare<SecretRow, [now: number]>(
			`SELECT id, sealed, signs_until FROM webhook_secret
			WHERE signs_until IS NULL OR signs_until > ? ORDER BY id DESC`,
		),
		insertSecret: sql.prepare<never, [sealed: string]>(
			"INSERT INTO webhook_secret (sealed, signs_until) VALUES (?, NULL)",
		),
		retireSecret: sql.prepare<never, [signsUntil: number]>(
			"UPDATE webhook_secret SET signs_until = ? WHERE signs_until IS NULL",
		),
		/** Removes those that no longer sign at `now`, and all but the `kept` newest. */
		deleteOldSecrets: sql.prepare<never, [now: number, kept: number]>(
			`DELETE FROM webhook_secret WHERE signs_until <= ?
			OR id NOT IN (SELECT id FROM webhook_secret ORDER BY id DESC LIMIT ?)`,
		),

		listGrants: sql.prepare<Grant>("SELECT shard, granted FROM quota_grant"),
		putGrant: sql.prepare<never, [shard: number, granted: number]>(
			`INSERT INTO quota_grant (shard, granted) VALUES (?, ?)
			ON CONFLICT (shard) DO UPDATE SET granted = excluded.granted
			WHERE granted <> excluded.granted`,
		),
		/** Shards that may hold a grant, or timers made while the plan was unlimited. */
		listGrantees: sql.prepare<{ shard: number }>(
			"SELECT shard FROM quota_grant WHERE granted > 0 UNION SELECT shard FROM watched_shard",
		),

		putMailbox: sql.prepare<never, [name: string, now: number]>(
			`INSERT INTO mailbox (name, created_at, seen_at) VALUES (?1, ?2, ?2)
			ON CONFLICT (name) DO UPDATE SET seen_at = excluded.seen_at`,
		),
		/** In the order of names, from after `after` ("" for the beginning). */
		listMailboxes: sql.prepare<MailboxRow, [after: string, limit: number]>(
			"SELECT name, created_at FROM mailbox WHERE name > ? ORDER BY name LIMIT ?",
		),
		deleteMailbox: sql.prepare<never, [name: string, seenUntil: number]>(
			"DELETE FROM mailbox WHERE name = ? AND seen_at <= ?",
		),

		getClock: sql.prepare<{ ahead_ms: number }>("SELECT ahead_ms FROM clock"),
		putClock: sql.prepare<never, [aheadMs: number]>(
			"INSERT OR REPLACE INTO clock (id, ahead_ms) VALUES (1, ?)",
		),

		putWatchedShard: sql.prepare<never, [shard: number]>(
			"INSERT INTO watched_shard (shard) VALUES (?) ON CONFLICT DO NOTHING",
		),
		listWatchedShards: sql.prepare<{ shard: number }>(
			"SELECT shard FROM watched_shard ORDER BY shard",
		),
	};
}
