/**
 * API keys say whose they are (decision 2): `mnt_<tenant>_<secret>`. The secret is 160 random bits
 * and a checksum of 40 bits, keyed by the deployment, over tenant and randomness: the edge refuses
 * an invented key without calling any object. The checksum proves nothing more; whether the key is
 * still valid only the tenant's registry knows, which keeps the SHA-256 of it.
 */
import { blake2s } from "@noble/hashes/blake2.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import type { TenantId } from "../contract/ids.ts";
import { decodeBase32, encodeBase32 } from "./base32.ts";
import { equalBytes } from "./public-id.ts";

/** Random bytes that `mintApiKey` takes: out of reach of any search, and whole base32 groups. */
export const API_KEY_RANDOM_BYTES = 20;
/** One guess in 2^40 gets past the edge, and then meets a hash that it does not match. */
const CHECKSUM_BYTES = 5;
/** Characters of a key that lists show: the tenant, and of a short one a little of the secret. */
const PREVIEW_LENGTH = 12;

const SHAPE = /^mnt_([a-z0-9][a-z0-9-]{0,39})_([0-9a-z]{40})$/;

/**
 * Writes a new key.
 * @param random `API_KEY_RANDOM_BYTES` from a cryptographic source, used once
 * @param checksumKey the derived key of purpose `api-key-checksum`
 */
export function mintApiKey(tenant: string, random: Uint8Array, checksumKey: Uint8Array): string {
	if (random.length !== API_KEY_RANDOM_BYTES) {
		throw new Error(`An API key takes ${API_KEY_RANDOM_BYTES} random bytes, got ${random.length}`);
	}
	const secret = concatBytes(random, checksum(tenant, random, checksumKey));
	return `mnt_${tenant}_${encodeBase32(secret)}`;
}

/** The tenant that `text` names, or `undefined` when this deployment has never made such a key. */
export function parseApiKey(
	text: string,
	checksumKey: Uint8Array,
): { readonly tenant: TenantId } | undefined {
	const [, tenant, secret] = SHAPE.exec(text) ?? [];
	if (tenant === undefined || secret === undefined) return undefined;
	const bytes = decodeBase32(secret);
	if (bytes === undefined) return undefined;
	const random = bytes.subarray(0, API_KEY_RANDOM_BYTES);
	const claimed = bytes.subarray(API_KEY_RANDOM_BYTES);
	if (!equalBytes(checksum(tenant, random, checksumKey), claimed)) return undefined;
	// SHAPE repeats what TenantIdSchema asks of a tenant's id; a test holds the two together.
	return { tenant: tenant as TenantId };
}

/** What is stored of a key and asked of the registry: its SHA-256, in lower-case hex. */
export function hashApiKey(text: string): string {
	return bytesToHex(sha256(utf8ToBytes(text)));
}

/** The beginning of a key, for telling keys apart in a list. */
export function previewOf(key: string): string {
	return `${key.slice(0, PREVIEW_LENGTH)}...`;
}

function checksum(tenant: string, random: Uint8Array, key: Uint8Array): Uint8Array {
	// The random part has a fixed length, so no two pairs of both make the same message.
	return blake2s(concatBytes(random, utf8ToBytes(tenant)), { key, dkLen: CHECKSUM_BYTES });
}
