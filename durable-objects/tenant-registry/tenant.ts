/**
 * A tenant's plan and growth, and the views of a tenant that callers, the edge and shards read.
 * Called by the registry object only.
 */
import type { Tenant, TenantPatch } from "../../src/contract/tenant.ts";
import { type JitterPolicy, NO_COMPENSATION } from "../../src/core/drift/compensation.ts";
import { formatInstant } from "../../src/core/instant.ts";
import { ok, type Result } from "../../src/core/result.ts";
import {
	type GrowthError,
	growShards,
	pendingGrowth,
	shardsAt,
} from "../../src/core/shard-count.ts";
import { invalid } from "./errors.ts";
import type { RegistryError, ShardConfig, TenantConfig } from "./rpc.ts";
import type { OpenRegistry, TenantRow } from "./store.ts";

/** Changes name, plan, region, shard count and jitter policy, all that are named or none. */
export function patchTenant(
	{ store, tenant }: OpenRegistry,
	patch: TenantPatch,
	now: number,
): Result<null, RegistryError> {
	const steps = store.listShardSteps.all();
	const grown = patch.shards === undefined ? ok(steps) : growShards(steps, patch.shards, now);
	if (!grown.ok) return invalid("shards", growthMessage(grown.error));
	const added = grown.value.slice(steps.length);
	const { name = tenant.name, plan = tenant.plan, region = tenant.region } = patch;
	const jitter = patch.jitterPolicy && JSON.stringify(patch.jitterPolicy);
	const jitterPolicy = jitter ?? tenant.jitter_policy;
	const isNewToShards =
		plan !== tenant.plan || added.length > 0 || jitterPolicy !== tenant.jitter_policy;
	store.transaction(() => {
		store.updateTenant.run(name, plan, region, jitterPolicy);
		for (const step of added) store.insertShardStep.run(step.count, step.effectiveAt);
		if (isNewToShards) store.raiseVersion.run();
	});
	return ok(null);
}

function jitterPolicyOf({ jitter_policy: text }: TenantRow): JitterPolicy {
	// Only `patchTenant` writes this text.
	return text === null ? NO_COMPENSATION : (JSON.parse(text) as JitterPolicy);
}

/** The tenant as its owner sees it. `shards` is the count it has or is about to have. */
export function tenantViewOf({ store, tenant }: OpenRegistry, now: number): Tenant {
	const steps = store.listShardSteps.all();
	const pending = pendingGrowth(steps, now);
	return {
		id: tenant.id,
		name: tenant.name,
		plan: tenant.plan,
		shards: pending?.count ?? shardsAt(steps, now),
		effectiveAt: pending === undefined ? null : formatInstant(pending.effectiveAt),
		region: tenant.region,
		jitterPolicy: jitterPolicyOf(tenant),
		createdAt: formatInstant(tenant.created_at),
	};
}

/** What the edge keeps for a few seconds. */
export function configOf({ store, tenant }: OpenRegistry): TenantConfig {
	const shardSteps = store.listShardSteps.all();
	const { id, version, plan, region, wrapped_key: wrappedKey } = tenant;
	return { tenant: id, version, plan, shardSteps, region, wrappedKey };
}

/** What shards keep until they are called with a newer version. */
export function shardConfigOf(registry: OpenRegistry, now: number): ShardConfig {
	const secrets = registry.store.listSigningSecrets
		.all(now)
		.map(({ sealed, signs_until }) => ({ sealed, signsUntil: signs_until }));
	const jitterPolicy = jitterPolicyOf(registry.tenant);
	return { ...configOf(registry), secrets, jitterPolicy };
}

function growthMessage(error: GrowthError): string {
	switch (error.code) {
		case "growing":
			return `growth to ${error.count} shards takes effect at ${formatInstant(error.effectiveAt)}; grow again after that`;
		case "at_most":
			return `the tenant has ${error.current} shards, which is the most there are`;
		case "not_a_doubling":
			return `shards only double: expected ${error.current} (as it is) or ${2 * error.current}`;
	}
}
