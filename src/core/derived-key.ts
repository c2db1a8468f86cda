/**
 * Keys for separate purposes out of the deployment's one master key (HKDF-SHA-256, RFC 5869), so
 * that no key is ever used for two things.
 */
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";

const KEY_BYTES = 32;

/** What a derived key is for. A purpose is part of the key: renaming one changes every id or key. */
export type KeyPurpose = "public-id" | "api-key-checksum" | "tenant-key-wrap" | "stream-token";

/** The key of one purpose. `masterKey` is the text of `MINOOTS_MASTER_KEY`. */
export function deriveKey(masterKey: string, purpose: KeyPurpose): Uint8Array {
	const text = new TextEncoder();
	return hkdf(sha256, text.encode(masterKey), undefined, text.encode(purpose), KEY_BYTES);
}
