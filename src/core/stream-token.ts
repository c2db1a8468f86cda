/**
 * Stream tokens: what a browser's EventSource or WebSocket, which cannot send headers, shows instead
 * of a key. `mst_<claims>_<tag>`: the claims are readable, the tag is keyed by the deployment. That a
 * token is used once only the tenant's event hub can tell.
 */
import { isTagOf, tagClaims } from "./keyed-tag.ts";

export type StreamToken = {
	readonly tenant: string;
	/** Of the key that asked for it. */
	readonly keyId: string;
	/** Epoch ms. */
	readonly expiresAt: number;
	/** Different in every token. */
	readonly nonce: string;
};

/** Random bytes of a nonce: no two tokens of a tenant ever share one. */
export const STREAM_NONCE_BYTES = 16;
const TAG_BYTES = 16;
/** Characters of the longest token that is looked at. */
const TOKEN_LENGTH_MAX = 512;

const SHAPE = /^mst_([a-z0-9-]+)\.(\w+)\.(\d{1,16})\.([0-9a-f]{32})\.([0-9a-f]{32})$/;

/** @param key the derived key of purpose `stream-token` */
export function mintStreamToken(token: StreamToken, key: Uint8Array): string {
	return `mst_${tagClaims(claimsOf(token), key, TAG_BYTES)}`;
}

/** The claims of a token that this deployment has made; whether it still holds is not looked at. */
export function parseStreamToken(text: string, key: Uint8Array): StreamToken | undefined {
	if (text.length > TOKEN_LENGTH_MAX) return undefined;
	const [, tenant, keyId, expiresAt, nonce, tag] = SHAPE.exec(text) ?? [];
	if (tenant === undefined || keyId === undefined || nonce === undefined || tag === undefined) {
		return undefined;
	}
	const token = { tenant, keyId, expiresAt: Number(expiresAt), nonce };
	return isTagOf(tag, claimsOf(token), key) ? token : undefined;
}

function claimsOf({ tenant, keyId, expiresAt, nonce }: StreamToken): readonly (string | number)[] {
	return [tenant, keyId, expiresAt, nonce];
}
