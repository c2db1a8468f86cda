/**
 * Stream tokens: what a browser's EventSource or WebSocket, which cannot send headers, shows instead
 * of a key. `mst_<claims>_<tag>`: the claims are readable, the tag is keyed by the deployment. That a
 * token is used once only the tenant's event hub can tell.
 */
import { blake2s } from "@noble/hashes/blake2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { equalBytes } from "./public-id.ts";

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
	const claims = claimsOf(token);
	return `mst_${claims}.${bytesToHex(tagOf(claims, key))}`;
}

/** The claims of a token that this deployment has made; whether it still holds is not looked at. */
export function parseStreamToken(text: string, key: Uint8Array): StreamToken | undefined {
	if (text.length > TOKEN_LENGTH_MAX) return undefined;
	const [, tenant, keyId, expiresAt, nonce, tag] = SHAPE.exec(text) ?? [];
	if (tenant === undefined || keyId === undefined || nonce === undefined) return undefined;
	const token = { tenant, keyId, expiresAt: Number(expiresAt), nonce };
	return equalBytes(tagOf(claimsOf(token), key), hexToBytes(tag ?? "")) ? token : undefined;
}

function claimsOf({ tenant, keyId, expiresAt, nonce }: StreamToken): string {
	return [tenant, keyId, expiresAt, nonce].join(".");
}

function tagOf(claims: string, key: Uint8Array): Uint8Array {
	return blake2s(utf8ToBytes(claims), { key, dkLen: TAG_BYTES });
}
