/**
 * What time it is for a tenant, as the edge knows it. In a deployment that is the real time. On the
 * local runtime, where it can be moved, the registry is asked once, and again while it is being
 * moved; the only isolate there is remembers the answer.
 */
import { registryOf } from "../../durable-objects/shared/object-names.ts";
import type { Env } from "../env.ts";

/** How far the tenants' time is ahead, of those that were asked for. */
const aheadMs = new Map<string, number>();

/** How often a tenant's time has begun or ceased to be moved: an answer from before is not kept. */
const moves = new Map<string, number>();

/**
 * The tenant's time.
 * @param now epoch ms
 */
export async function tenantNowOf(env: Env, tenant: string, now: number): Promise<number> {
	if (env.DEV_CLOCK !== "on") return now;
	const known = aheadMs.get(tenant);
	if (known !== undefined) return now + known;
	const asked = moves.get(tenant);
	const clock = await registryOf(env, tenant).clock();
	if (clock.standsAt !== null) return clock.standsAt;
	if (!clock.isMoving && moves.get(tenant) === asked) aheadMs.set(tenant, clock.aheadMs);
	return now + clock.aheadMs;
}

/** The tenant's time is about to be moved, or has been. */
export function forgetTenantClock(tenant: string): void {
	aheadMs.delete(tenant);
	moves.set(tenant, (moves.get(tenant) ?? 0) + 1);
}
