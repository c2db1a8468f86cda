/**
 * Finds out who calls. An invented key is refused by its checksum without any object being called;
 * a genuine one is asked of its tenant's registry at most once in `PRINCIPAL_CACHE_MS`.
 */
import { registryOf } from "../../durable-objects/shared/object-names.ts";
import type { Principal } from "../../durable-objects/tenant-registry/rpc.ts";
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
	const named = parseApiKey(key, derivedKey(arrival.env, "api-key-checksum"));
	if (named === undefined) {
		return isOperatorKey(key, arrival.env.MINOOTS_ADMIN_KEY) ? OPERATOR : unknownKey();
	}
	const found = await lookUpHolder(key, arrival.now, arrival.exec, () =>
		askRegistry(arrival, named.tenant, key),
	);
	return found.ok ? callerOf(found.value, arrival.now) : found;
}

async function askRegistry(
	arrival: Arrival,
	tenant: string,
	key: string,
): Promise<Result<Holder, HttpFailure>> {
	const found = await registryOf(arrival.env, tenant).authenticate(hashApiKey(key));
	if (found.ok) return ok({ tenant, principal: found.value });
	const { code } = found.error;
	if (code === "unauthorized" || code === "not_found") return ok(null);
	return err(registryFailure(found.error, "The key"));
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
