/**
 * What the objects are called, and typed stubs of them: the only place that makes a name. A stub
 * belongs to the request that got it and is made anew each time; the id behind it is kept, since
 * `idFromName` hashes the name and every request needs one.
 */
import type { Region } from "../../src/contract/tenant.ts";
import type { Env } from "../../src/env.ts";

export type RegistryStub = ReturnType<Env["TENANT_REGISTRY"]["get"]>;
export type ShardStub = ReturnType<Env["TENANT_SHARD"]["get"]>;
export type EventHubStub = ReturnType<Env["EVENT_HUB"]["get"]>;
export type HealthStub = ReturnType<Env["ENDPOINT_HEALTH"]["get"]>;
export type DirectoryStub = ReturnType<Env["DIRECTORY"]["get"]>;
export type MailboxStub = ReturnType<Env["AGENT_MAILBOX"]["get"]>;
export type SlackWorkspaceStub = ReturnType<Env["SLACK_WORKSPACE"]["get"]>;
export type MetricsStub = ReturnType<Env["METRICS"]["get"]>;

/** Ids kept per class and isolate: about 2 MB at most. */
const IDS_KEPT = 4_096;

const DIRECTORY_NAME = "directory";

const registryIds = new Map<string, DurableObjectId>();
const shardIds = new Map<string, DurableObjectId>();
const mailboxIds = new Map<string, DurableObjectId>();
const healthIds = new Map<string, DurableObjectId>();

/** The registry of `tenant`. */
export function registryOf(env: Env, tenant: string): RegistryStub {
	return env.TENANT_REGISTRY.get(idOf(env.TENANT_REGISTRY, registryIds, tenant));
}

/**
 * One shard of `tenant`. A tenant's id has no colon, so no two shards share a name.
 * @param region where the shard is to be. It counts for the call that first uses the shard, so that
 * whoever calls one that exists already may leave it out.
 */
export function shardOf(
	env: Env,
	tenant: string,
	shard: number,
	region: Region | null = null,
): ShardStub {
	const id = idOf(env.TENANT_SHARD, shardIds, `${tenant}:${shard}`);
	return region === null
		? env.TENANT_SHARD.get(id)
		: env.TENANT_SHARD.get(id, { locationHint: region });
}

/** The live streams of `tenant`. */
export function eventHubOf(env: Env, tenant: string): EventHubStub {
	return env.EVENT_HUB.getByName(tenant);
}

/** A mailbox of `tenant`. Neither a tenant's id nor a mailbox's name has a colon. */
export function mailboxOf(env: Env, tenant: string, name: string): MailboxStub {
	return env.AGENT_MAILBOX.get(idOf(env.AGENT_MAILBOX, mailboxIds, `${tenant}:${name}`));
}

/** The health of one of `tenant`'s destinations; `host` with its port where that is not the scheme's. */
export function healthOf(env: Env, tenant: string, host: string): HealthStub {
	return env.ENDPOINT_HEALTH.get(idOf(env.ENDPOINT_HEALTH, healthIds, `${tenant}:${host}`));
}

/** The one list of tenants; only operator calls touch it. */
export function directoryOf(env: Env): DirectoryStub {
	return env.DIRECTORY.getByName(DIRECTORY_NAME);
}

/** A Slack workspace, by Slack's id of it. Not a tenant's: it says whose it is. */
export function slackWorkspaceOf(
	env: Pick<Env, "SLACK_WORKSPACE">,
	team: string,
): SlackWorkspaceStub {
	return env.SLACK_WORKSPACE.getByName(team);
}

/** One of the objects that add up figures, from 0 on. */
export function metricsOf(env: Pick<Env, "METRICS">, index: number): MetricsStub {
	return env.METRICS.getByName(`metrics:${index}`);
}

function idOf(
	namespace: Pick<DurableObjectNamespace, "idFromName">,
	ids: Map<string, DurableObjectId>,
	name: string,
): DurableObjectId {
	const known = ids.get(name);
	if (known !== undefined) return known;
	// The oldest goes first: cheap, and a busy tenant's id is back after one hash.
	if (ids.size >= IDS_KEPT) ids.delete(ids.keys().next().value ?? name);
	const id = namespace.idFromName(name);
	ids.set(name, id);
	return id;
}
