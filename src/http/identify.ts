/**
 * Finds out who calls, by a key or an access token. An invented one is refused by its checksum without
 * any object being called; a genuine one is asked of its tenant's registry at most once in
 * `PRINCIPAL_CACHE_MS`.
 */
import { registryOf } from "../../durable-objects/shared/object-names.ts";
import type { Principal, RegistryError } from "../../durable-objects/tenant-registry/rpc.ts";
import { type AccessToken, holderIdOf, parseAccessToken } from "../core/access-token.ts";
import { hashApiKey, parseApiKey } from "../core/api-key.ts";
import { err, ok, type Result } from "../core/result.ts";
import { derivedKey } from "../derived-keys.ts";
import type { Arrival } from "./context.ts";
import { credentialOf } from "./credential.ts";
import { type HttpFailure, refuse } from "./failure.ts";
import { isOperatorKey } from "./operator-key.ts";
import { type Holder, lookUpHolder, rememberedHolder } from "./principals.ts";
import { registryFailure } from "./registry-failure.ts";

export type Caller =
	| { readonly kind: "operator" }
	| { readonly kind: "tenant"; readonly tenant: string; readonly principal: Principal };

const OPERATOR: Result<Caller, never> = ok({ kind: "operator" });

/** The holder of the request's key, or 401. */
export async function identify(arrival: Arrival): Promise<Result<Caller, HttpFailure>> {
	const key = credentialOf(arrival.request.headers);
	if (key === undefined) {
		return refuse(
			"unauthorized",
			"Send a key as `Authorization: Bearer mnt_…` or as `X-Api-Key: mnt_…`.",
		);
	}
	const remembered = rememberedHolder(key, arrival.now);
	if (remembered !== undefined) return callerOf(remembered, arrival.now);
	const ask = lookUpOf(arrival, key);
	if (ask === undefined) {
		return isOperatorKey(key, arrival.env.MINOOTS_ADMIN_KEY) ? OPERATOR : unknownKey();
	}
	const found = await lookUpHolder(key, arrival.now, arrival.exec, ask);
	return found.ok ? callerOf(found.value, arrival.now) : found;
}

/** How the registry is asked about a key or token; `undefined` when the deployment never made it. */
function lookUpOf(arrival: Arrival, key: string) {
	const named = parseApiKey(key, derivedKey(arrival.env, "api-key-checksum"));
	if (named !== undefined) return () => askRegistry(arrival, named.tenant, key);
	const token = parseAccessToken(key, derivedKey(arrival.env, "access-token"));
	return token && (() => askOfPolicy(arrival, token));
}

/** An access token lets in as long as the policy stands that let it in. */
async function askOfPolicy(
	arrival: Arrival,
	token: AccessToken,
): Promise<Result<Holder, HttpFailure>> {
	const { tenant, policyId, expiresAt } = token;
	const found = await registryOf(arrival.env, tenant).policyHolder(policyId);
	if (!found.ok) return noHolder(found.error);
	const principal = { ...found.value, keyId: holderIdOf(token), mailboxes: null, expiresAt };
	return ok({ tenant, principal });
}

async function askRegistry(
	arrival: Arrival,
	tenant: string,
	key: string,
): Promise<Result<Holder, HttpFailure>> {
	const found = await registryOf(arrival.env, tenant).authenticate(hashApiKey(key));
	return found.ok ? ok({ tenant, principal: found.value }) : noHolder(found.error);
}

function noHolder(error: RegistryError): Result<Holder, HttpFailure> {
	if (error.code === "unauthorized" || error.code === "not_found") return ok(null);
	return err(registryFailure(error, "The key"));
}

function callerOf(holder: Holder, now: number): Result<Caller, HttpFailure> {
	if (holder === null) return unknownKey();
	const { expiresAt } = holder.principal;
	if (expiresAt !== null && expiresAt <= now) {
		return refuse("unauthorized", `The key expired at ${new Date(expiresAt).toISOString()}.`);
	}
	return ok({ kind: "tenant", tenant: holder.tenant, principal: holder.principal });
}

function unknownKey(): Result<never, HttpFailure> {
	return refuse(
		"unauthorized",
		"The key is not valid here: mistyped, revoked, or another deployment's.",
	);
}
