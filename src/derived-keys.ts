/**
 * The derived keys and id spaces of this isolate, for the edge and for the senders. HKDF costs some
 * 50 µs, so each is made once and kept under the text of the master key: a rotated one makes new
 * ones.
 */
import { deriveKey, type KeyPurpose } from "./core/derived-key.ts";
import { createIdSpace, type IdSpace } from "./core/public-id.ts";
import type { Env } from "./env.ts";

/** Tenants whose id space (a key and a few closures) an isolate keeps. */
const ID_SPACES_KEPT = 4_096;

let heldFor: string | undefined;
const keys = new Map<KeyPurpose, Uint8Array>();
const idSpaces = new Map<string, IdSpace>();

/** The deployment's key of one purpose. */
export function derivedKey(env: Pick<Env, "MINOOTS_MASTER_KEY">, purpose: KeyPurpose): Uint8Array {
	holdFor(env.MINOOTS_MASTER_KEY);
	const held = keys.get(purpose);
	if (held !== undefined) return held;
	const key = deriveKey(env.MINOOTS_MASTER_KEY, purpose);
	keys.set(purpose, key);
	return key;
}

/** Writes and checks the public ids of `tenant`. */
export function idSpaceOf(env: Pick<Env, "MINOOTS_MASTER_KEY">, tenant: string): IdSpace {
	holdFor(env.MINOOTS_MASTER_KEY);
	const held = idSpaces.get(tenant);
	if (held !== undefined) return held;
	if (idSpaces.size >= ID_SPACES_KEPT) idSpaces.delete(idSpaces.keys().next().value ?? tenant);
	const ids = createIdSpace(derivedKey(env, "public-id"), tenant);
	idSpaces.set(tenant, ids);
	return ids;
}

function holdFor(masterKey: string): void {
	if (masterKey === heldFor) return;
	heldFor = masterKey;
	keys.clear();
	idSpaces.clear();
}
