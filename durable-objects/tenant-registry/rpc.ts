/**
 * What a tenant's registry can be asked: who holds a key, what the tenant is allowed, how many
 * shards it has. One object a tenant; the edge caches its answers for a few seconds.
 */
import type { Calendar, CalendarSummary } from "../../src/contract/calendar.ts";
import type { SealedSecret } from "../../src/contract/envelope.ts";
import type { OidcPolicy } from "../../src/contract/oidc.ts";
import type {
	Key,
	KeyCreate,
	PlanId,
	Region,
	Scope,
	Tenant,
	TenantPatch,
} from "../../src/contract/tenant.ts";
import type { StoredCalendar } from "../../src/core/calendar/calendar-dates.ts";
import type { JitterPolicy } from "../../src/core/drift/compensation.ts";
import type { Result } from "../../src/core/result.ts";
import type { ShardStep } from "../../src/core/shard-count.ts";

import type { ClockReading } from "../../src/core/tenant-clock.ts";

export type { ShardStep } from "../../src/core/shard-count.ts";

/** What the edge needs of a tenant to serve a request. */
export type TenantConfig = {
	readonly tenant: string;
	readonly version: number;
	readonly plan: PlanId;
	/** Ascending by `effectiveAt`; the first is the count at creation. */
	readonly shardSteps: readonly ShardStep[];
	/** Where shards are to be; no shard needs it, so the version does not count its changes. */
	readonly region: Region | null;
	/** The tenant's data key, wrapped by the deployment's master key. */
	readonly wrappedKey: string;
};

/** What a shard keeps a copy of: the configuration and the sealed signing secrets. */
export type ShardConfig = TenantConfig & {
	readonly secrets: readonly SealedSecret[];
	/** Absent in what an earlier release has stored. */
	readonly jitterPolicy?: JitterPolicy;
	/** How far the tenant's time is ahead of the real one; absent where it is not. */
	readonly aheadMs?: number;
};

export type Principal = {
	readonly keyId: string;
	readonly scopes: readonly Scope[];
	readonly mailboxes: readonly string[] | null;
	readonly expiresAt: number | null;
	readonly config: TenantConfig;
};

/** What a caller says of an OIDC policy, with every default written out. */
export type OidcPolicyContent = Omit<OidcPolicy, "id" | "name" | "updatedAt">;

/** What a token that a policy let in may do. */
export type PolicyHolder = Pick<Principal, "scopes" | "config">;

/** How far a call has moved the tenant's time. */
export type ClockMove = {
	/** Epoch ms at which it stood last. */
	readonly now: number;
	/** False when the call's time was up first. */
	readonly reached: boolean;
	/** Firings that have begun on the way. */
	readonly fired: number;
	/** Due instants at which it stood. */
	readonly steps: number;
};

export type RegisteredMailbox = { readonly name: string; readonly createdAt: number };

export type RegistryError =
	| { readonly code: "unauthorized" }
	| { readonly code: "not_found" }
	| { readonly code: "already_exists" }
	| { readonly code: "invalid"; readonly path: string; readonly message: string }
	| { readonly code: "unavailable"; readonly detail: string };

export interface TenantRegistryRpc {
	createTenant(input: {
		readonly id: string;
		readonly name: string | null;
		readonly plan: PlanId;
		readonly region: Region | null;
	}): Promise<Result<{ tenant: Tenant; apiKey: string; webhookSecret: string }, RegistryError>>;
	getTenant(): Promise<Result<Tenant, RegistryError>>;
	patchTenant(patch: TenantPatch): Promise<Result<Tenant, RegistryError>>;
	/** The holder of a key, by the SHA-256 of the whole key (hex). */
	authenticate(keyHash: string): Promise<Result<Principal, RegistryError>>;
	/** The tenant's configuration for an operator, who acts without a tenant's key. */
	config(): Promise<Result<TenantConfig, RegistryError>>;
	shardConfig(): Promise<Result<ShardConfig, RegistryError>>;
	createKey(input: KeyCreate): Promise<Result<{ key: Key; apiKey: string }, RegistryError>>;
	listKeys(): Promise<Result<readonly Key[], RegistryError>>;
	deleteKey(id: string): Promise<Result<null, RegistryError>>;
	rotateWebhookSecret(): Promise<
		Result<{ webhookSecret: string; previousSignsUntil: number }, RegistryError>
	>;
	/**
	 * Grants a shard room for more active timers. Answers the shard's whole grant, at least `used`
	 * and, where the plan has room, at least `used + want`. The sum of all grants never passes the
	 * plan's quota; other shards are asked to give back what they do not use before it refuses.
	 *
	 * A shard asks one at a time. An answer that was overtaken by a `releaseQuota` is void, and the
	 * shard asks again: what it gave back may be another's by now.
	 */
	grantQuota(shard: number, used: number, want: number): Promise<Result<number, RegistryError>>;
	/** Lists a mailbox that is about to be made, or that may be. Idempotent. */
	addMailbox(name: string): Promise<Result<null, RegistryError>>;
	/** In the order of names, from after `after`. A listed mailbox may not exist, or no longer. */
	listMailboxes(after: string | null, limit: number): Promise<readonly RegisteredMailbox[]>;
	/** Forgets mailboxes that were found not to exist, unless one was registered of late. */
	removeMailboxes(names: readonly string[]): Promise<void>;
	/** Puts a calendar, new or in place of the one so called. `dates` ascending, each once. */
	putCalendar(
		name: string,
		dates: readonly string[],
	): Promise<Result<CalendarSummary, RegistryError>>;
	getCalendar(name: string): Promise<Result<Calendar, RegistryError>>;
	/** By name. */
	listCalendars(): Promise<Result<readonly CalendarSummary[], RegistryError>>;
	/** Those of the named calendars that exist. */
	calendarsNamed(names: readonly string[]): Promise<readonly StoredCalendar[]>;
	deleteCalendar(name: string): Promise<Result<null, RegistryError>>;
	/** Begins the installation of the Slack app into a workspace; open until `expiresAt` (epoch ms). */
	beginSlackInstall(nonce: string, expiresAt: number): Promise<Result<null, RegistryError>>;
	/** Whether that installation was open. It is no longer. */
	takeSlackInstall(nonce: string): Promise<boolean>;
	/** Lists a workspace that is about to be tied to the tenant. Idempotent. */
	addSlackTeam(team: string): Promise<void>;
	/** A listed workspace may not be tied to the tenant, or no longer. */
	listSlackTeams(): Promise<readonly string[]>;
	removeSlackTeam(team: string): Promise<void>;
	/** Puts an OIDC policy, new or in place of the one so called. */
	putOidcPolicy(
		name: string,
		content: OidcPolicyContent,
	): Promise<Result<OidcPolicy, RegistryError>>;
	getOidcPolicy(name: string): Promise<Result<OidcPolicy, RegistryError>>;
	/** By name. */
	listOidcPolicies(): Promise<Result<readonly OidcPolicy[], RegistryError>>;
	deleteOidcPolicy(name: string): Promise<Result<null, RegistryError>>;
	/** What a token that the policy of this id let in may do; unauthorized once that has changed. */
	policyHolder(id: string): Promise<Result<PolicyHolder, RegistryError>>;
	/** Those of `ids`, of keys and of the holders of access tokens, that still let in. */
	holdersInForce(ids: readonly string[]): Promise<readonly string[]>;
	/** Marks a shard as one that the watchdog wakes. Idempotent. */
	watchShard(shard: number): Promise<void>;
	/** Shards that may have pending timers; how far the tenant's time is ahead, where it is. */
	watchedShards(): Promise<{
		configVersion: number;
		shards: readonly number[];
		aheadMs?: number;
	}>;
	/** The tenant's time (local runtime only). */
	clock(): Promise<ClockReading & { readonly isMoving: boolean }>;
	/** Moves the tenant's time on to `target` (epoch ms); undefined while another call does. */
	moveClock(target: number): Promise<ClockMove | undefined>;
}

export interface DirectoryRpc {
	/** False when the tenant is listed already. */
	addTenant(id: string, createdAt: number): Promise<boolean>;
	listTenants(after: string | null, limit: number): Promise<readonly string[]>;
}
