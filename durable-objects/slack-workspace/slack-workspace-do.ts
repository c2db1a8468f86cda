/**
 * The Durable Object of one Slack workspace: the tenant it is tied to, the bot's sealed token, and
 * the zone and quiet hours of its people. It has no tables while nothing is installed, so that an
 * event of an unknown workspace leaves nothing behind. SQL rather than itty-durable: a workspace has
 * thousands of people, and that rewrites one value whole at every change.
 */
import { DurableObject } from "cloudflare:workers";
import { err, ok } from "../../src/core/result.ts";
import type { Env } from "../../src/env.ts";
import { hasSchema, type Migration, migrate } from "../shared/migrate.ts";
import init from "./migrations/0001_init.sql";
import type { SlackInstallation, SlackPerson, SlackWorkspaceRpc } from "./rpc.ts";
import { createStore, type InstallationRow, type PersonRow, type Store } from "./store.ts";

type Rpc = SlackWorkspaceRpc;

const MIGRATIONS: readonly Migration[] = [{ id: "0001_init", sql: init }];

const NOBODY: SlackPerson = { zone: null, zoneAt: null, ownZone: null, quiet: null };

export class SlackWorkspace extends DurableObject<Env> implements SlackWorkspaceRpc {
	#store: Store;
	#hasTables: boolean;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#store = createStore(ctx.storage);
		this.#hasTables = hasSchema(ctx.storage);
		if (this.#hasTables) migrate(ctx.storage, MIGRATIONS);
	}

	async install(installation: SlackInstallation): ReturnType<Rpc["install"]> {
		const held = this.#row();
		if (held !== undefined && held.tenant !== installation.tenant) {
			return err({ code: "tied_elsewhere" });
		}
		if (!this.#hasTables) migrate(this.ctx.storage, MIGRATIONS);
		this.#hasTables = true;
		const { tenant, team, name, appId, botUser, scopes, sealedToken, installedBy, installedAt } =
			installation;
		this.#store.putInstallation.run(
			tenant,
			team,
			name,
			appId,
			botUser,
			scopes,
			sealedToken,
			installedBy,
			installedAt,
		);
		return ok(null);
	}

	async getInstallation(): ReturnType<Rpc["getInstallation"]> {
		const row = this.#row();
		return row === undefined ? null : installationOf(row);
	}

	async open(user: string | null): ReturnType<Rpc["open"]> {
		const row = this.#row();
		if (row === undefined) return null;
		const person = user === null ? NOBODY : this.#person(user);
		return { installation: installationOf(row), person };
	}

	async uninstall(tenant: string | null, before: number | null): ReturnType<Rpc["uninstall"]> {
		const row = this.#row();
		if (row === undefined) return null;
		if (tenant !== null && row.tenant !== tenant) return null;
		if (before !== null && row.installed_at >= before) return null;
		const installation = installationOf(row);
		await this.ctx.storage.deleteAll();
		this.#hasTables = false;
		return installation;
	}

	async putPerson(user: string, change: Partial<SlackPerson>): Promise<void> {
		if (this.#row() === undefined) return;
		const { zone, zoneAt, ownZone, quiet } = { ...this.#person(user), ...change };
		const { fromMinute = null, toMinute = null } = quiet ?? {};
		this.#store.putPerson.run(user, zone, zoneAt, ownZone, fromMinute, toMinute);
	}

	#row(): InstallationRow | undefined {
		return this.#hasTables ? this.#store.getInstallation.first() : undefined;
	}

	#person(user: string): SlackPerson {
		const row = this.#store.getPerson.first(user);
		return row === undefined ? NOBODY : personOf(row);
	}
}

function installationOf(row: InstallationRow): SlackInstallation {
	return {
		tenant: row.tenant,
		team: row.team,
		name: row.name,
		appId: row.app_id,
		botUser: row.bot_user,
		scopes: row.scopes,
		sealedToken: row.sealed_token,
		installedBy: row.installed_by,
		installedAt: row.installed_at,
	};
}

function personOf({ zone, zone_at, own_zone, quiet_from, quiet_to }: PersonRow): SlackPerson {
	const hasQuiet = quiet_from !== null && quiet_to !== null;
	return {
		zone,
		zoneAt: zone_at,
		ownZone: own_zone,
		quiet: hasQuiet ? { fromMinute: quiet_from, toMinute: quiet_to } : null,
	};
}
