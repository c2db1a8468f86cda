/**
 * The one list of a deployment's tenants. Only operator calls, the start of the local runtime and
 * the watchdog touch it; no request of a tenant does. A tenant is listed before its registry is
 * written, so a listed one may not exist yet, and creating it again completes it.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../../src/env.ts";
import { hasSchema, type Migration, migrate } from "../shared/migrate.ts";
import type { DirectoryRpc } from "../tenant-registry/rpc.ts";
import init from "./migrations/0001_init.sql";
import { createStore, type Store } from "./store.ts";

const MIGRATIONS: readonly Migration[] = [{ id: "0001_init", sql: init }];

export class Directory extends DurableObject<Env> implements DirectoryRpc {
	readonly #store: Store;
	#hasTables: boolean;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#store = createStore(ctx.storage);
		this.#hasTables = hasSchema(ctx.storage);
		if (this.#hasTables) migrate(ctx.storage, MIGRATIONS);
	}

	async addTenant(id: string, createdAt: number): Promise<boolean> {
		if (!this.#hasTables) migrate(this.ctx.storage, MIGRATIONS);
		this.#hasTables = true;
		return this.#store.insertTenant.first(id, createdAt) !== undefined;
	}

	async listTenants(after: string | null, limit: number): Promise<readonly string[]> {
		if (!this.#hasTables) return [];
		return this.#store.listTenants.all(after ?? "", limit).map(({ id }) => id);
	}
}
