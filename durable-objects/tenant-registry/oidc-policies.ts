/**
 * A tenant's OIDC policies, and whom the tokens that they let in stand for. What a token's claims
 * must be, the edge looks at. Called by the registry object only.
 */
import { LIMITS } from "../../src/contract/limits.ts";
import type { OidcPolicy } from "../../src/contract/oidc.ts";
import { parseHolderId } from "../../src/core/access-token.ts";
import { encodeBase32 } from "../../src/core/base32.ts";
import { formatInstant, parseInstant } from "../../src/core/instant.ts";
import { ok, type Result } from "../../src/core/result.ts";
import { POLICY_ID_BYTES } from "./constants.ts";
import { invalid, NOT_FOUND, UNAUTHORIZED } from "./errors.ts";
import { listKeys } from "./keys.ts";
import type { OidcPolicyRow } from "./oidc-statements.ts";
import type { OidcPolicyContent, PolicyHolder, RegistryError } from "./rpc.ts";
import type { OpenRegistry } from "./store.ts";
import { configOf } from "./tenant.ts";

/** Puts a policy; one that says what it said before keeps its id, and with it its tokens. */
export function putOidcPolicy(
	{ store }: OpenRegistry,
	name: string,
	content: OidcPolicyContent,
	now: number,
): Result<OidcPolicy, RegistryError> {
	return store.transaction(() => {
		const held = store.getOidcPolicy.first(name);
		const policy = JSON.stringify(content);
		if (held?.policy === policy) return ok(viewOf(held));
		const count = store.countOidcPolicies.first()?.policies ?? 0;
		if (held === undefined && count >= LIMITS.oidcPolicies) {
			return invalid("name", `a tenant has at most ${LIMITS.oidcPolicies} policies`);
		}
		const random = crypto.getRandomValues(new Uint8Array(POLICY_ID_BYTES));
		const row = { name, id: `pol_${encodeBase32(random)}`, policy, updated_at: now };
		store.putOidcPolicy.run(row.name, row.id, row.policy, row.updated_at);
		return ok(viewOf(row));
	});
}

export function getOidcPolicy(
	{ store }: OpenRegistry,
	name: string,
): Result<OidcPolicy, RegistryError> {
	const row = store.getOidcPolicy.first(name);
	return row === undefined ? NOT_FOUND : ok(viewOf(row));
}

/** By name. */
export function listOidcPolicies({ store }: OpenRegistry): readonly OidcPolicy[] {
	return store.listOidcPolicies.all().map(viewOf);
}

export function deleteOidcPolicy(
	{ store }: OpenRegistry,
	name: string,
): Result<null, RegistryError> {
	return store.deleteOidcPolicy.first(name) === undefined ? NOT_FOUND : ok(null);
}

/** What a token of the policy with this id may do, as long as the policy stands unchanged. */
export function policyHolder(
	registry: OpenRegistry,
	id: string,
): Result<PolicyHolder, RegistryError> {
	const row = registry.store.getOidcPolicyById.first(id);
	if (row === undefined) return UNAUTHORIZED;
	return ok({ scopes: contentOf(row).scopes, config: configOf(registry) });
}

/** Those of `ids`, of keys and of the holders of access tokens, that still let in. */
export function holdersInForce(
	registry: OpenRegistry,
	ids: readonly string[],
	now: number,
): readonly string[] {
	const keys = new Set(
		listKeys(registry)
			.filter(({ expiresAt }) => isAhead(expiresAt, now))
			.map(({ id }) => id),
	);
	return ids.filter((id) => {
		const token = parseHolderId(id);
		if (token === undefined) return keys.has(id);
		return token.expiresAt > now && policyHolder(registry, token.policyId).ok;
	});
}

function isAhead(expiresAt: string | null, now: number): boolean {
	if (expiresAt === null) return true;
	const at = parseInstant(expiresAt);
	return at.ok && at.value > now;
}

function viewOf(row: OidcPolicyRow): OidcPolicy {
	const { id, name, updated_at } = row;
	return { id, name, ...contentOf(row), updatedAt: formatInstant(updated_at) };
}

function contentOf({ policy }: OidcPolicyRow): OidcPolicyContent {
	// Only `putOidcPolicy` writes this text.
	return JSON.parse(policy) as OidcPolicyContent;
}
