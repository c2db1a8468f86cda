/**
 * Whether a token's claims satisfy a policy. In two steps: whose token it is at all, which is asked
 * before anything is fetched or told, and, once the token is verified, on what it was made for.
 */
import type { OidcPolicy } from "../../contract/oidc.ts";
import { matchesClaim } from "./claim-pattern.ts";

/** A token's payload; nothing of it is trusted to be of any type. */
export type Claims = Readonly<Record<string, unknown>>;

/** What of the claims no policy's patterns match, said without the patterns. */
export type Mismatch = {
	readonly claim: string;
	/** What came; `undefined` where the token has no such claim. */
	readonly came: string | undefined;
	readonly expected: readonly string[];
};

/** Whether the token is of the issuer and one of the repositories that the policy is for. */
export function isOfPolicy(policy: OidcPolicy, claims: Claims): boolean {
	const { issuer, repositories, repositoryOwnerIds, subjects } = policy;
	return (
		claims["iss"] === issuer &&
		mismatchOf(claims, "repository", repositories) === undefined &&
		mismatchOf(claims, "repository_owner_id", repositoryOwnerIds) === undefined &&
		mismatchOf(claims, "sub", subjects) === undefined
	);
}

/** The first thing about a token of the policy that it does not allow; `undefined` when it may. */
export function mismatchWith(policy: OidcPolicy, claims: Claims): Mismatch | undefined {
	const { audience, refs, environments } = policy;
	const { aud } = claims;
	const audiences = (Array.isArray(aud) ? aud : [aud]).flatMap((one) => textOf(one) ?? []);
	if (!audiences.includes(audience)) {
		const came = audiences.length === 0 ? undefined : audiences.join(", ");
		return { claim: "aud", came, expected: [audience] };
	}
	return mismatchOf(claims, "ref", refs) ?? mismatchOf(claims, "environment", environments);
}

function mismatchOf(
	claims: Claims,
	claim: string,
	expected: readonly string[] | null,
): Mismatch | undefined {
	if (expected === null) return undefined;
	const came = textOf(claims[claim]);
	const isMatched = came !== undefined && expected.some((pattern) => matchesClaim(pattern, came));
	return isMatched ? undefined : { claim, came, expected };
}

/** Issuers write numbers as numbers or as texts. */
function textOf(value: unknown): string | undefined {
	if (typeof value === "number") return String(value);
	return typeof value === "string" ? value : undefined;
}
