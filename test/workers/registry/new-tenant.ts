/** Tenants for tests: each of a name of its own, since storage is shared within a file. */
import { env } from "cloudflare:workers";
import { type RegistryStub, registryOf } from "../../../durable-objects/shared/object-names.ts";
import type { PlanId, Tenant } from "../../../src/contract/tenant.ts";
import type { Result } from "../../../src/core/result.ts";

export type NewTenant = {
	readonly id: string;
	readonly registry: RegistryStub;
	readonly tenant: Tenant;
	readonly apiKey: string;
	readonly webhookSecret: string;
};

let tenants = 0;

/** A tenant's id that no other test of this file has. */
export function unusedTenantId(): string {
	tenants += 1;
	return `tenant-${tenants}`;
}

export async function newTenant(plan: PlanId = "free"): Promise<NewTenant> {
	const id = unusedTenantId();
	const registry = registryOf(env, id);
	return {
		id,
		registry,
		...unwrap(await registry.createTenant({ id, name: null, plan, region: null })),
	};
}

/** The value of a call that has to succeed. */
export function unwrap<T, E>(result: Result<T, E>): T {
	if (!result.ok) throw new Error(`refused: ${JSON.stringify(result.error)}`);
	return result.value;
}
