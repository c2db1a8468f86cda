/**
 * The tenant's webhook secrets: the current one signs, and so do those it replaced for a day, so
 * that receivers can follow in their own time. Only sealed text is stored. Called by the registry
 * object only.
 */
import { ok } from "../../src/core/result.ts";
import { formatWebhookSecret } from "../../src/core/webhook-signature.ts";
import { openTenantKey } from "../shared/seal.ts";
import { ROTATED_SECRET_SIGNS_MS, SIGNING_SECRETS_MAX, WEBHOOK_SECRET_BYTES } from "./constants.ts";
import type { OpenRegistry } from "./store.ts";

/** A secret in the form of Standard Webhooks 1.0: `whsec_` and base64. */
export function newWebhookSecret(): string {
	return formatWebhookSecret(crypto.getRandomValues(new Uint8Array(WEBHOOK_SECRET_BYTES)));
}

/** Seals a new secret for the tenant. Writes nothing. */
export async function prepareSecret(masterKey: string, { tenant }: OpenRegistry) {
	const key = await openTenantKey(masterKey, tenant.id, tenant.wrapped_key);
	if (!key.ok) return key;
	const webhookSecret = newWebhookSecret();
	return ok({ webhookSecret, sealed: await key.value.seal("webhook-secret", webhookSecret) });
}

/** Makes `sealed` the current secret. Answers until when (epoch ms) the one before it signs. */
export function rotateSecret({ store }: OpenRegistry, sealed: string, now: number): number {
	const previousSignsUntil = now + ROTATED_SECRET_SIGNS_MS;
	store.transaction(() => {
		store.retireSecret.run(previousSignsUntil);
		store.insertSecret.run(sealed);
		store.deleteOldSecrets.run(now, SIGNING_SECRETS_MAX);
		store.raiseVersion.run();
	});
	return previousSignsUntil;
}
