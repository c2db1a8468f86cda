/**
 * Opens the signing secrets that an envelope carries (decision 11). What was opened stays in memory
 * for a minute, so that a storm pays for it once.
 */
import type { SealError } from "../../durable-objects/shared/seal.ts";
import type { Envelope } from "../contract/envelope.ts";
import { ExpiringMap } from "../core/expiring-map.ts";
import { err, ok, type Result } from "../core/result.ts";
import { parseWebhookSecret, type SecretError } from "../core/webhook-signature.ts";
import type { Env } from "../env.ts";
import { tenantKeyOf } from "../tenant-keys.ts";
import { SECRETS_KEPT_MS, TENANTS_KEPT } from "./constants.ts";

export type SigningSecret = {
	readonly key: Uint8Array;
	/** Epoch ms from which it no longer signs; `null` while it is the current one. */
	readonly signsUntil: number | null;
};

/** By everything that went into them, so that a rotated secret or key is never mistaken. */
const opened = new ExpiringMap<string, readonly SigningSecret[]>(TENANTS_KEPT);

/** The secrets of an envelope in its order, current one first. */
export async function unsealSecrets(
	env: Pick<Env, "MINOOTS_MASTER_KEY">,
	{ tenant, wrappedKey, secrets }: Pick<Envelope, "tenant" | "wrappedKey" | "secrets">,
	now: number,
): Promise<Result<readonly SigningSecret[], SealError | SecretError>> {
	const cacheKey = JSON.stringify([env.MINOOTS_MASTER_KEY, tenant, wrappedKey, secrets]);
	const known = opened.get(cacheKey, now);
	if (known !== undefined) return ok(known);
	const tenantKey = await tenantKeyOf(env, { tenant, wrappedKey }, now);
	if (!tenantKey.ok) return tenantKey;
	const unsealed: SigningSecret[] = [];
	for (const { sealed, signsUntil } of secrets) {
		const text = await tenantKey.value.unseal("webhook-secret", sealed);
		if (!text.ok) return err(text.error);
		const key = parseWebhookSecret(text.value);
		if (!key.ok) return err(key.error);
		unsealed.push({ key: key.value, signsUntil });
	}
	opened.set(cacheKey, unsealed, now, SECRETS_KEPT_MS);
	return ok(unsealed);
}

/** The keys that sign at `now`. */
export function signingKeysAt(secrets: readonly SigningSecret[], now: number): Uint8Array[] {
	return secrets
		.filter(({ signsUntil }) => signsUntil === null || now < signsUntil)
		.map(({ key }) => key);
}
