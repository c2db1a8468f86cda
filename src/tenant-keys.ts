/**
 * The tenants' data keys that this isolate has opened (decision 11), for the edge and for the
 * senders. Each is kept for a minute under everything that went into it, so that a storm opens it
 * once and a key that was changed is never mistaken.
 */
import { openTenantKey, type SealError, type TenantKey } from "../durable-objects/shared/seal.ts";
import { ExpiringMap } from "./core/expiring-map.ts";
import { ok, type Result } from "./core/result.ts";
import { MINUTE } from "./core/units.ts";
import type { Env } from "./env.ts";

/** Milliseconds for which an opened key stays in memory (decision 11). */
const KEY_KEPT_MS = MINUTE;
/** Tenants whose key an isolate keeps: under 1 KB each. */
const KEYS_KEPT = 1_024;

const opened = new ExpiringMap<string, TenantKey>(KEYS_KEPT);

/** Whose key, and how it is stored. */
export type WrappedKey = { readonly tenant: string; readonly wrappedKey: string };

/** @param now epoch ms */
export async function tenantKeyOf(
	{ MINOOTS_MASTER_KEY: masterKey }: Pick<Env, "MINOOTS_MASTER_KEY">,
	{ tenant, wrappedKey }: WrappedKey,
	now: number,
): Promise<Result<TenantKey, SealError>> {
	const cacheKey = JSON.stringify([masterKey, tenant, wrappedKey]);
	const known = opened.get(cacheKey, now);
	if (known !== undefined) return ok(known);
	const key = await openTenantKey(masterKey, tenant, wrappedKey);
	if (key.ok) opened.set(cacheKey, key.value, now, KEY_KEPT_MS);
	return key;
}

/**
 * The key of a tenant that has been let in. Its API key was signed under the same master key, so
 * that its data key opens too.
 */
export async function requireTenantKey(
	env: Pick<Env, "MINOOTS_MASTER_KEY">,
	wrapped: WrappedKey,
	now: number,
): Promise<TenantKey> {
	const key = await tenantKeyOf(env, wrapped, now);
	if (!key.ok) throw new Error(`The tenant's data key does not open: ${key.error.code}`);
	return key.value;
}
