/**
 * How a tenant comes into being: everything random or encrypted is prepared first, then all of it is
 * written at once. Called by the registry object only.
 */
import { SCOPES } from "../../src/contract/scopes.ts";
import { FIRST_SHARD_COUNT } from "../../src/core/shard-count.ts";
import { createTenantKey } from "../shared/seal.ts";
import { insertKey, mintKey } from "./keys.ts";
import type { TenantRegistryRpc } from "./rpc.ts";
import { newWebhookSecret } from "./signing-secrets.ts";
import type { Store } from "./store.ts";

type Input = Parameters<TenantRegistryRpc["createTenant"]>[0];
export type Founding = Awaited<ReturnType<typeof prepareFounding>>;

const FIRST_KEY = { name: "first key", scopes: SCOPES, mailboxes: null, expiresAt: null } as const;

/** Makes the data key, the first API key and the first webhook secret. Writes nothing. */
export async function prepareFounding(masterKey: string, input: Input) {
	const dataKey = await createTenantKey(masterKey, input.id);
	const webhookSecret = newWebhookSecret();
	return {
		...input,
		wrappedKey: dataKey.wrapped,
		firstKey: mintKey(masterKey, input.id),
		webhookSecret,
		sealedSecret: await dataKey.key.seal("webhook-secret", webhookSecret),
	};
}

/** Writes what was prepared; inside a transaction. The first key may do everything, for ever. */
export function writeFounding(store: Store, founding: Founding, now: number): void {
	const { id, name, plan, region, wrappedKey, firstKey, sealedSecret } = founding;
	store.insertTenant.run(id, name, plan, now, wrappedKey, region);
	store.insertShardStep.run(FIRST_SHARD_COUNT, now);
	store.insertSecret.run(sealedSecret);
	insertKey(store, firstKey, FIRST_KEY, now);
}
