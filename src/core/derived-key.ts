/**
 * Keys for separate purposes out of the deployment's one master key (HKDF-SHA-256, RFC 5869), so
 * that no key is ever used for two things.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

const KEY_BYTES = 32;

/** What a derived key is for. A purpose is part of the key: renaming one changes every id or key. */
export type KeyPurpose =
	| "public-id"
	| "api-key-checksum"
	| "tenant-key-wrap"
	| "stream-token"
	| "access-token"
	| "slack-install";

/** Characters of a master key: 32 random bytes make 43 in base64. */
const MASTER_KEY_LENGTH_MIN = 32;

/** Whether a deployment has a master key. Without one, its keys would be anybody's to compute. */
export function isMasterKey(masterKey: string | undefined): masterKey is string {
	return masterKey !== undefined && masterKey.length >= MASTER_KEY_LENGTH_MIN;
}

/**
 * The key of one purpose. Throws when `masterKey`, the text of `MINOOTS_MASTER_KEY`, is not fit to
 * be one: nothing may be derived from a secret that was forgotten.
 */
export function deriveKey(masterKey: string | undefined, purpose: KeyPurpose): Uint8Array {
	if (!isMasterKey(masterKey)) throw new Error(MASTER_KEY_MISSING);
	const text = new TextEncoder();
	return hkdf(sha256, text.encode(masterKey), undefined, text.encode(purpose), KEY_BYTES);
}

/** Known by its text on the other side of an object, where an error's class is lost. */
export const MASTER_KEY_MISSING = `MINOOTS_MASTER_KEY must be set to at least ${MASTER_KEY_LENGTH_MIN} characters`;
