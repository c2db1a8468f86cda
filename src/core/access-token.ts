/**
 * Access tokens: what the token of an OpenID Connect issuer is exchanged for, and used like a key.
 * `mno_<claims>_<tag>`: the claims are readable, the tag is keyed by the deployment, so that the edge
 * refuses an invented one without calling any object. Whether its policy still stands only the
 * tenant's registry knows.
 */
import { isTagOf, tagClaims } from "./keyed-tag.ts";

export type AccessToken = {
	readonly tenant: string;
	/** Id of the policy that let it in, as it was then. */
	readonly policyId: string;
	/** Epoch ms. */
	readonly expiresAt: number;
	/** Different in every token. */
	readonly nonce: string;
};

export const ACCESS_NONCE_BYTES = 16;
const TAG_BYTES = 20;
/** Characters of the longest token that is looked at. */
const TOKEN_LENGTH_MAX = 256;

const SHAPE =
	/^mno_([a-z0-9-]{1,40})\.(pol_[0-9a-z]+)\.(\d{1,16})\.([0-9a-f]{32})\.([0-9a-f]{40})$/;

/** @param key the derived key of purpose `access-token` */
export function mintAccessToken(token: AccessToken, key: Uint8Array): string {
	return `mno_${tagClaims(claimsOf(token), key, TAG_BYTES)}`;
}

/** The claims of a token that this deployment has made; whether it still holds is not looked at. */
export function parseAccessToken(text: string, key: Uint8Array): AccessToken | undefined {
	if (text.length > TOKEN_LENGTH_MAX) return undefined;
	const [, tenant, policyId, expiresAt, nonce, tag] = SHAPE.exec(text) ?? [];
	if (tenant === undefined || policyId === undefined || nonce === undefined || tag === undefined) {
		return undefined;
	}
	const token = { tenant, policyId, expiresAt: Number(expiresAt), nonce };
	return isTagOf(tag, claimsOf(token), key) ? token : undefined;
}

/**
 * What stands for the token where a key's id stands. A stream that was opened with it is closed by
 * what it says: the policy is gone, or the token's time is over.
 */
export function holderIdOf({ policyId, expiresAt }: AccessToken): string {
	return `${policyId}_${expiresAt}`;
}

/** The inverse of `holderIdOf`; `undefined` for the id of a key. */
export function parseHolderId(id: string): Pick<AccessToken, "policyId" | "expiresAt"> | undefined {
	const [, policyId, expiresAt] = /^(pol_[0-9a-z]+)_(\d+)$/.exec(id) ?? [];
	return policyId === undefined ? undefined : { policyId, expiresAt: Number(expiresAt) };
}

function claimsOf({
	tenant,
	policyId,
	expiresAt,
	nonce,
}: AccessToken): readonly (string | number)[] {
	return [tenant, policyId, expiresAt, nonce];
}
