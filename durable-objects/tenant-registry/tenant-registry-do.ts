/**
 * The Durable Object of one tenant: its keys, plan, shard count, webhook secrets and quota. It has no
 * tables until `createTenant`, so that asking for an invented tenant leaves nothing behind. Called by
 * the edge, and by the tenant's shards for configuration and quota.
 */
import { DurableObject } from "cloudflare:workers";
import type { KeyCreate, TenantPatch } from "../../src/contract/tenant.ts";
import { planOf } from "../../src/core/plan.ts";
import { err, ok } from "../../src/core/result.ts";
import type { Env } from "../../src/env.ts";
import { logLine } from "../shared/log.ts";
import { hasSchema, migrate } from "../shared/migrate.ts";
import { type ShardStub, shardOf } from "../shared/object-names.ts";
import {
	calendarsNamed,
	deleteCalendar,
	getCalendar,
	listCalendars,
	putCalendar,
} from "./calendars.ts";
import { ClockMover } from "./clock-mover.ts";
import { SPREAD_TIMEOUT_MS } from "./constants.ts";
import { ALREADY_EXISTS, NOT_FOUND, UNAUTHORIZED } from "./errors.ts";
import { prepareFounding, writeFounding } from "./founding.ts";
import { authenticate, createKey, deleteKey, listKeys } from "./keys.ts";
import { addMailbox, listMailboxes, removeMailboxes } from "./mailboxes.ts";
import { REGISTRY_MIGRATIONS } from "./migrations/index.ts";
import {
	deleteOidcPolicy,
	getOidcPolicy,
	holdersInForce,
	listOidcPolicies,
	policyHolder,
	putOidcPolicy,
} from "./oidc-policies.ts";
import { QuotaLedger } from "./quota-ledger.ts";
import type { OidcPolicyContent, TenantRegistryRpc } from "./rpc.ts";
import { prepareSecret, rotateSecret } from "./signing-secrets.ts";
import { beginSlackInstall, takeSlackInstall } from "./slack-teams.ts";
import { createStore, type OpenRegistry, type Store } from "./store.ts";
import { configOf, patchTenant, shardConfigOf, tenantViewOf } from "./tenant.ts";

type Rpc = TenantRegistryRpc;

export class TenantRegistry extends DurableObject<Env> implements TenantRegistryRpc {
	readonly #store: Store;
	readonly #ledger: QuotaLedger;
	readonly #clock: ClockMover;
	#hasTables: boolean;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#store = createStore(ctx.storage);
		this.#ledger = new QuotaLedger(this.#store, {
			quota: () => planOf(this.#require().tenant.plan).activeTimers,
			release: async (shard) => await this.#shard(shard).releaseQuota(),
			onUnreachable: (shard, error) => this.#logUnreachable("quota_release_failed", shard, error),
		});
		this.#clock = new ClockMover({
			shards: () =>
				this.#store.listWatchedShards.all().map(({ shard }) => ({
					nextDue: (after) => this.#shard(shard).nextDue(after),
					standAt: (at) => this.#shard(shard).standAt(at),
				})),
			load: () => this.#store.getClock.first()?.ahead_ms ?? 0,
			save: (aheadMs) => this.#store.putClock.run(aheadMs),
		});
		this.#hasTables = hasSchema(ctx.storage);
		if (this.#hasTables) migrate(ctx.storage, REGISTRY_MIGRATIONS);
	}

	async createTenant(input: Parameters<Rpc["createTenant"]>[0]): ReturnType<Rpc["createTenant"]> {
		if (this.#open() !== undefined) return ALREADY_EXISTS;
		const founding = await prepareFounding(this.env.MINOOTS_MASTER_KEY, input);
		// Another call may have come first while this one was encrypting.
		if (this.#open() !== undefined) return ALREADY_EXISTS;
		const now = Date.now();
		this.ctx.storage.transactionSync(() => {
			migrate(this.ctx.storage, REGISTRY_MIGRATIONS);
			writeFounding(this.#store, founding, now);
		});
		this.#hasTables = true;
		const { firstKey, webhookSecret } = founding;
		const tenant = tenantViewOf(this.#require(), now);
		return ok({ tenant, apiKey: firstKey.apiKey, webhookSecret });
	}

	async getTenant(): ReturnType<Rpc["getTenant"]> {
		const registry = this.#open();
		return registry ? ok(tenantViewOf(registry, Date.now())) : NOT_FOUND;
	}

	async patchTenant(patch: TenantPatch): ReturnType<Rpc["patchTenant"]> {
		const registry = this.#open();
		if (registry === undefined) return NOT_FOUND;
		const changed = patchTenant(registry, patch, Date.now());
		if (!changed.ok) return changed;
		// A smaller quota is then shared by what is used, not by what was granted before.
		if (this.#require().tenant.plan !== registry.tenant.plan) await this.#ledger.reclaim();
		if (patch.jitterPolicy !== undefined) await this.#spread();
		return ok(tenantViewOf(this.#require(), Date.now()));
	}

	async authenticate(keyHash: string): ReturnType<Rpc["authenticate"]> {
		const registry = this.#open();
		return registry ? authenticate(registry, keyHash, Date.now()) : UNAUTHORIZED;
	}

	async config(): ReturnType<Rpc["config"]> {
		const registry = this.#open();
		return registry ? ok(configOf(registry)) : NOT_FOUND;
	}

	async shardConfig(): ReturnType<Rpc["shardConfig"]> {
		const registry = this.#open();
		if (registry === undefined) return NOT_FOUND;
		const config = shardConfigOf(registry, Date.now());
		return ok({ ...config, ...this.#ahead() });
	}

	async createKey(input: KeyCreate): ReturnType<Rpc["createKey"]> {
		const registry = this.#open();
		if (registry === undefined) return NOT_FOUND;
		return createKey(registry, this.env.MINOOTS_MASTER_KEY, input, Date.now());
	}

	async listKeys(): ReturnType<Rpc["listKeys"]> {
		const registry = this.#open();
		return registry ? ok(listKeys(registry)) : NOT_FOUND;
	}

	async deleteKey(id: string): ReturnType<Rpc["deleteKey"]> {
		const registry = this.#open();
		return registry ? deleteKey(registry, id) : NOT_FOUND;
	}

	async rotateWebhookSecret(): ReturnType<Rpc["rotateWebhookSecret"]> {
		const registry = this.#open();
		if (registry === undefined) return NOT_FOUND;
		const prepared = await prepareSecret(this.env.MINOOTS_MASTER_KEY, registry);
		if (!prepared.ok) {
			const detail = "The tenant's data key does not open: MINOOTS_MASTER_KEY is another one";
			return err({ code: "unavailable", detail });
		}
		const { webhookSecret, sealed } = prepared.value;
		const previousSignsUntil = rotateSecret(registry, sealed, Date.now());
		await this.#spread();
		return ok({ webhookSecret, previousSignsUntil });
	}

	async grantQuota(shard: number, used: number, want: number): ReturnType<Rpc["grantQuota"]> {
		if (this.#open() === undefined) return NOT_FOUND;
		return ok(await this.#ledger.grant(shard, used, want));
	}

	async addMailbox(name: string): ReturnType<Rpc["addMailbox"]> {
		const registry = this.#open();
		if (registry === undefined) return NOT_FOUND;
		addMailbox(registry, name, Date.now());
		return ok(null);
	}

	async listMailboxes(after: string | null, limit: number): ReturnType<Rpc["listMailboxes"]> {
		const registry = this.#open();
		return registry ? listMailboxes(registry, after, limit) : [];
	}

	async removeMailboxes(names: readonly string[]): Promise<void> {
		removeMailboxes(this.#require(), names, Date.now());
	}

	async putCalendar(name: string, dates: readonly string[]): ReturnType<Rpc["putCalendar"]> {
		const registry = this.#open();
		return registry ? putCalendar(registry, name, dates, Date.now()) : NOT_FOUND;
	}

	async getCalendar(name: string): ReturnType<Rpc["getCalendar"]> {
		const registry = this.#open();
		return registry ? getCalendar(registry, name) : NOT_FOUND;
	}

	async listCalendars(): ReturnType<Rpc["listCalendars"]> {
		const registry = this.#open();
		return registry ? ok(listCalendars(registry)) : NOT_FOUND;
	}

	async calendarsNamed(names: readonly string[]): ReturnType<Rpc["calendarsNamed"]> {
		const registry = this.#open();
		return registry ? calendarsNamed(registry, names) : [];
	}

	async deleteCalendar(name: string): ReturnType<Rpc["deleteCalendar"]> {
		const registry = this.#open();
		return registry ? deleteCalendar(registry, name) : NOT_FOUND;
	}

	async beginSlackInstall(nonce: string, expiresAt: number): ReturnType<Rpc["beginSlackInstall"]> {
		const registry = this.#open();
		return registry ? beginSlackInstall(registry, nonce, expiresAt, Date.now()) : NOT_FOUND;
	}

	async takeSlackInstall(nonce: string): Promise<boolean> {
		const registry = this.#open();
		return registry !== undefined && takeSlackInstall(registry, nonce, Date.now());
	}

	async addSlackTeam(team: string): Promise<void> {
		this.#require().store.putSlackTeam.run(team);
	}

	async listSlackTeams(): Promise<readonly string[]> {
		return this.#require()
			.store.listSlackTeams.all()
			.map((row) => row.team);
	}

	async removeSlackTeam(team: string): Promise<void> {
		this.#require().store.deleteSlackTeam.run(team);
	}

	async putOidcPolicy(name: string, content: OidcPolicyContent): ReturnType<Rpc["putOidcPolicy"]> {
		const registry = this.#open();
		return registry ? putOidcPolicy(registry, name, content, Date.now()) : NOT_FOUND;
	}

	async getOidcPolicy(name: string): ReturnType<Rpc["getOidcPolicy"]> {
		const registry = this.#open();
		return registry ? getOidcPolicy(registry, name) : NOT_FOUND;
	}

	async listOidcPolicies(): ReturnType<Rpc["listOidcPolicies"]> {
		const registry = this.#open();
		return registry ? ok(listOidcPolicies(registry)) : NOT_FOUND;
	}

	async deleteOidcPolicy(name: string): ReturnType<Rpc["deleteOidcPolicy"]> {
		const registry = this.#open();
		return registry ? deleteOidcPolicy(registry, name) : NOT_FOUND;
	}

	async policyHolder(id: string): ReturnType<Rpc["policyHolder"]> {
		const registry = this.#open();
		return registry ? policyHolder(registry, id) : UNAUTHORIZED;
	}

	async holdersInForce(ids: readonly string[]): ReturnType<Rpc["holdersInForce"]> {
		const registry = this.#open();
		return registry ? holdersInForce(registry, ids, Date.now()) : [];
	}

	async watchShard(shard: number): Promise<void> {
		this.#require().store.putWatchedShard.run(shard);
	}

	async watchedShards(): ReturnType<Rpc["watchedShards"]> {
		const registry = this.#open();
		// Listed in the directory, but its creation was cut off: it has no timers.
		if (registry === undefined) return { configVersion: 0, shards: [] };
		const shards = registry.store.listWatchedShards.all().map(({ shard }) => shard);
		return { configVersion: registry.tenant.version, shards, ...this.#ahead() };
	}

	async clock(): ReturnType<Rpc["clock"]> {
		this.#require();
		return this.#clock.read(Date.now());
	}

	async moveClock(target: number): ReturnType<Rpc["moveClock"]> {
		this.#require();
		return this.#clock.moveTo(target);
	}

	/** How far the tenant's time is ahead, where it is. */
	#ahead(): { readonly aheadMs?: number } {
		const isMovable = this.env.DEV_CLOCK === "on";
		const aheadMs = isMovable ? this.#clock.read(Date.now()).aheadMs : 0;
		return aheadMs > 0 ? { aheadMs } : {};
	}

	/**
	 * Brings a new configuration to the shards that fire: a timer that waits brings them no call that
	 * would. One that cannot be reached learns it from its next call or from the watchdog.
	 */
	async #spread(): Promise<void> {
		const { shards, ...known } = await this.watchedShards();
		const tenant = this.#require().tenant.id;
		const told = shards.map(async (shard) => {
			try {
				const wake = this.#shard(shard).wake({ ...known, tenant, shard });
				await Promise.race([wake, scheduler.wait(SPREAD_TIMEOUT_MS)]);
			} catch (error) {
				this.#logUnreachable("configuration_not_spread", shard, error);
			}
		});
		await Promise.all(told);
	}

	#shard(shard: number): ShardStub {
		const { id, region } = this.#require().tenant;
		return shardOf(this.env, id, shard, region);
	}

	/** The tenant as it is now, or `undefined` before its creation. */
	#open(): OpenRegistry | undefined {
		const tenant = this.#hasTables ? this.#store.getTenant.first() : undefined;
		return tenant && { store: this.#store, tenant };
	}

	#require(): OpenRegistry {
		const registry = this.#open();
		if (registry === undefined) throw new Error("The registry has no tenant yet");
		return registry;
	}

	#logUnreachable(kind: string, shard: number, error: unknown): void {
		const tenant = this.#require().tenant.id;
		const record = { at: Date.now(), kind, tenant, shard };
		logLine(this.env, { ...record, error: String(error) }, this.ctx);
	}
}
