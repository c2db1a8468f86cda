/**
 * API keys of one tenant: made, listed, deleted, and found by their hash. What a key may do is the
 * edge's to enforce. Called by the registry object only.
 */
import type { Key, KeyCreate, Scope } from "../../src/contract/tenant.ts";
import { API_KEY_RANDOM_BYTES, hashApiKey, mintApiKey, previewOf } from "../../src/core/api-key.ts";
import { encodeBase32 } from "../../src/core/base32.ts";
import { deriveKey } from "../../src/core/derived-key.ts";
import { formatInstant, parseInstant } from "../../src/core/instant.ts";
import { equalBytes } from "../../src/core/public-id.ts";
import { ok, type Result } from "../../src/core/result.ts";
import { HASH_HEAD_DIGITS, KEY_ID_BYTES, KEYS_MAX } from "./constants.ts";
import { invalid, NOT_FOUND, UNAUTHORIZED } from "./errors.ts";
import type { Principal, RegistryError } from "./rpc.ts";
import type { ApiKeyRow, OpenRegistry, Store } from "./store.ts";
import { configOf } from "./tenant.ts";

export type MintedKey = { readonly id: string; readonly apiKey: string };

type KeyGrant = {
	readonly name: string;
	readonly scopes: readonly Scope[];
	readonly mailboxes: readonly string[] | null;
	readonly expiresAt: number | null;
};

/** A new key of `tenant`; nothing knows it until `insertKey`. */
export function mintKey(masterKey: string, tenant: string): MintedKey {
	const checksumKey = deriveKey(masterKey, "api-key-checksum");
	return {
		id: `key_${encodeBase32(randomBytes(KEY_ID_BYTES))}`,
		apiKey: mintApiKey(tenant, randomBytes(API_KEY_RANDOM_BYTES), checksumKey),
	};
}

export function insertKey(store: Store, minted: MintedKey, grant: KeyGrant, now: number): Key {
	const row: ApiKeyRow = {
		id: minted.id,
		hash: hashApiKey(minted.apiKey),
		name: grant.name,
		preview: previewOf(minted.apiKey),
		scopes: JSON.stringify(grant.scopes),
		mailboxes: grant.mailboxes && JSON.stringify(grant.mailboxes),
		created_at: now,
		expires_at: grant.expiresAt,
	};
	store.insertKey.run(
		row.id,
		row.hash,
		row.name,
		row.preview,
		row.scopes,
		row.mailboxes,
		row.created_at,
		row.expires_at,
	);
	return keyViewOf(row);
}

/** Makes a key as `input` asks. The answer is the only place where its text ever stands. */
export function createKey(
	{ store, tenant }: OpenRegistry,
	masterKey: string,
	input: KeyCreate,
	now: number,
): Result<{ key: Key; apiKey: string }, RegistryError> {
	const expiresAt = input.expiresAt === undefined ? ok(null) : parseInstant(input.expiresAt);
	if (!expiresAt.ok) return invalid("expiresAt", expiresAt.error.message);
	if (expiresAt.value !== null && expiresAt.value <= now) {
		return invalid("expiresAt", `${input.expiresAt} is past; expected an instant to come`);
	}
	if ((store.countKeys.first()?.keys ?? 0) >= KEYS_MAX) {
		return invalid("", `the tenant has ${KEYS_MAX} keys, which is the most; delete one first`);
	}
	const { name, scopes, mailboxes = null } = input;
	const minted = mintKey(masterKey, tenant.id);
	const grant = { name, scopes: [...new Set(scopes)], mailboxes, expiresAt: expiresAt.value };
	return ok({ key: insertKey(store, minted, grant, now), apiKey: minted.apiKey });
}

/** Every key, oldest first; never what would let one in. */
export function listKeys({ store }: OpenRegistry): readonly Key[] {
	return store.listKeys.all().map(keyViewOf);
}

export function deleteKey({ store }: OpenRegistry, id: string): Result<null, RegistryError> {
	return store.deleteKey.first(id) === undefined ? NOT_FOUND : ok(null);
}

/** The holder of the key with this SHA-256 (hex), unless it has expired at `now`. */
export function authenticate(
	registry: OpenRegistry,
	keyHash: string,
	now: number,
): Result<Principal, RegistryError> {
	const text = new TextEncoder();
	const asked = text.encode(keyHash);
	const row = registry.store.listKeysByHashHead
		.all(keyHash.slice(0, HASH_HEAD_DIGITS))
		.find((candidate) => equalBytes(text.encode(candidate.hash), asked));
	if (row === undefined) return UNAUTHORIZED;
	if (row.expires_at !== null && row.expires_at <= now) return UNAUTHORIZED;
	return ok({
		keyId: row.id,
		scopes: scopesOf(row),
		mailboxes: mailboxesOf(row),
		expiresAt: row.expires_at,
		config: configOf(registry),
	});
}

function keyViewOf(row: ApiKeyRow): Key {
	return {
		id: row.id,
		name: row.name,
		preview: row.preview,
		scopes: scopesOf(row),
		mailboxes: mailboxesOf(row),
		createdAt: formatInstant(row.created_at),
		expiresAt: row.expires_at === null ? null : formatInstant(row.expires_at),
	};
}

function scopesOf(row: ApiKeyRow): Scope[] {
	return JSON.parse(row.scopes);
}

function mailboxesOf(row: ApiKeyRow): string[] | null {
	return row.mailboxes === null ? null : JSON.parse(row.mailboxes);
}

function randomBytes(length: number): Uint8Array {
	return crypto.getRandomValues(new Uint8Array(length));
}
