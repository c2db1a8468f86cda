/**
 * The exchange of an issuer's token for an access token. Nobody has shown a key yet, so it tells
 * little: of a tenant that is not there, of one without policies, and of a token that is of none of
 * its repositories it says the same, and nothing is fetched for any of them.
 */
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import type { OidcPolicy, TokenExchange } from "../../contract/oidc.ts";
import { ACCESS_NONCE_BYTES, mintAccessToken } from "../../core/access-token.ts";
import { ExpiringMap } from "../../core/expiring-map.ts";
import { formatInstant } from "../../core/instant.ts";
import {
	type Claims,
	isOfPolicy,
	type Mismatch,
	mismatchWith,
} from "../../core/oidc/match-policy.ts";
import type { Result } from "../../core/result.ts";
import { derivedKey } from "../../derived-keys.ts";
import type { Arrival } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { type Reply, reply } from "../reply.ts";
import { ACCESS_TOKEN_MS, POLICIES_KEPT, POLICIES_KEPT_MS } from "./constants.ts";
import { countExchange } from "./exchange-rate.ts";
import { readToken, verifyToken } from "./verify-token.ts";

const policiesOf = new ExpiringMap<string, readonly OidcPolicy[]>(POLICIES_KEPT);

/** Claims of GitHub's tokens that say whose a token is, and those that say what it is for. */
const SHOWN_CLAIMS = ["iss", "repository", "repository_owner_id", "sub"] as const;
/** Characters of a claim that are shown. */
const SHOWN_LENGTH = 200;
/** Policies that a refusal explains. */
const EXPLAINED = 5;

export async function exchangeToken(
	arrival: Arrival,
	exchange: TokenExchange,
): Promise<Result<Reply, HttpFailure>> {
	const { tenantId, subjectToken } = exchange;
	const counted = countExchange(tenantId, arrival.now);
	if (!counted.ok) return counted;
	const claims = readToken(subjectToken);
	if (!claims.ok) return claims;
	const known = policiesOf.get(tenantId, arrival.now);
	const first = known && (await tryPolicies(arrival, exchange, claims.value, known));
	// What no policy lets in, one may that was put a moment ago.
	if (first !== undefined && (first.ok || first.error.code !== "forbidden")) return first;
	const policies = await askPolicies(arrival, tenantId);
	return tryPolicies(arrival, exchange, claims.value, policies);
}

async function askPolicies({ env, now }: Arrival, tenant: string): Promise<readonly OidcPolicy[]> {
	const found = await registryOf(env, tenant).listOidcPolicies();
	const policies = found.ok ? found.value : [];
	policiesOf.set(tenant, policies, now, POLICIES_KEPT_MS);
	return policies;
}

async function tryPolicies(
	arrival: Arrival,
	{ tenantId, subjectToken }: TokenExchange,
	claims: Claims,
	policies: readonly OidcPolicy[],
): Promise<Result<Reply, HttpFailure>> {
	const candidates = policies.filter((policy) => isOfPolicy(policy, claims));
	const [first] = candidates;
	if (first === undefined) return refuseStranger(tenantId, claims);
	const verified = await verifyToken(arrival, subjectToken, first.issuer, claims);
	if (!verified.ok) return verified;
	const policy = candidates.find((one) => mismatchWith(one, claims) === undefined);
	return policy === undefined
		? refuseMismatch(candidates, claims)
		: reply(await answer(arrival, tenantId, policy), 201);
}

async function answer({ env, now }: Arrival, tenant: string, policy: OidcPolicy) {
	const expiresAt = now + ACCESS_TOKEN_MS;
	const random = crypto.getRandomValues(new Uint8Array(ACCESS_NONCE_BYTES));
	const nonce = [...random].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	const token = { tenant, policyId: policy.id, expiresAt, nonce };
	return {
		accessToken: mintAccessToken(token, derivedKey(env, "access-token")),
		tokenType: "Bearer",
		expiresAt: formatInstant(expiresAt),
		scopes: policy.scopes,
		policy: policy.name,
	};
}

/** Names what came and nothing of what is expected. */
function refuseStranger(tenant: string, claims: Claims): Result<never, HttpFailure> {
	const came = SHOWN_CLAIMS.filter((claim) => claims[claim] !== undefined).map(
		(claim) => `${claim} ${show(claims[claim])}`,
	);
	return refuse(
		"forbidden",
		`No policy of the tenant "${tenant}" is for this token, with ${came.join(", ")}. An admin of the tenant lets it in with PUT /v1/oidc-policies/:name.`,
	);
}

/** To the holder of a token of one of the policies' own repositories. */
function refuseMismatch(
	candidates: readonly OidcPolicy[],
	claims: Claims,
): Result<never, HttpFailure> {
	const reasons = candidates.slice(0, EXPLAINED).flatMap((policy) => {
		const mismatch = mismatchWith(policy, claims);
		return mismatch === undefined ? [] : [`policy "${policy.name}": ${explain(mismatch)}`];
	});
	return refuse("forbidden", `The token matches no policy. ${reasons.join("; ")}.`);
}

function explain({ claim, came, expected }: Mismatch): string {
	const wanted = expected.map((one) => `"${one}"`).join(" or ");
	return came === undefined
		? `the token has no ${claim}, expected ${wanted}`
		: `${claim} is ${show(came)}, expected ${wanted}`;
}

/** A stranger's claim may be of any type, and nested as deep as a token is long. */
function show(value: unknown): string {
	if (typeof value === "string") return JSON.stringify(value.slice(0, SHOWN_LENGTH));
	return typeof value === "number" ? String(value) : `of type ${typeof value}`;
}
