/**
 * Secrets at rest (decision 11): AES-256-GCM under a random key per tenant, which is itself wrapped
 * by a key derived from the deployment's master key. What is sealed is bound to its tenant and
 * purpose, so that no row can be read as another's. Used by the registry and the edge, which seal, and
 * by the sender, which unseals what an envelope carries. It keeps no key: callers cache what they need.
 */
import { deriveKey } from "../../src/core/derived-key.ts";
import { err, ok, type Result } from "../../src/core/result.ts";

/** What a sealed text is for. A purpose is part of the seal: renaming one loses what it sealed. */
export type SealPurpose =
	| "webhook-secret"
	| "action-headers"
	| "action-token"
	| "stored-answer"
	| "slack-token";

/** `not_sealed_here`: another master key, tenant or purpose, or a text that was changed. */
export type SealError = { readonly code: "malformed" } | { readonly code: "not_sealed_here" };

/** A tenant's data key, ready for use. */
export type TenantKey = {
	readonly seal: (purpose: SealPurpose, secret: string) => Promise<string>;
	readonly unseal: (purpose: SealPurpose, sealed: string) => Promise<Result<string, SealError>>;
};

type Bytes = Uint8Array<ArrayBuffer>;

/** The format's version, the nonce and the ciphertext with its tag, base64url. */
const SEALED = /^v1\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22,})$/;

const DATA_KEY_BYTES = 32;
/** NIST SP 800-38D, 8.2.2: random nonces of 96 bits are good for 2^32 seals under one key. */
const NONCE_BYTES = 12;

/** Makes a tenant's data key. `wrapped` is what is stored and carried; it opens only here. */
export async function createTenantKey(
	masterKey: string,
	tenant: string,
): Promise<{ readonly key: TenantKey; readonly wrapped: string }> {
	const bytes = crypto.getRandomValues(new Uint8Array(DATA_KEY_BYTES));
	const wrapped = await seal(await wrappingKey(masterKey), bindingOf(tenant, "data-key"), bytes);
	return { key: tenantKeyOf(await importKey(bytes), tenant), wrapped };
}

/** Opens what `createTenantKey` wrapped. */
export async function openTenantKey(
	masterKey: string,
	tenant: string,
	wrapped: string,
): Promise<Result<TenantKey, SealError>> {
	const opened = await unseal(await wrappingKey(masterKey), bindingOf(tenant, "data-key"), wrapped);
	if (!opened.ok) return opened;
	return ok(tenantKeyOf(await importKey(opened.value), tenant));
}

function tenantKeyOf(key: CryptoKey, tenant: string): TenantKey {
	return {
		seal: (purpose, secret) => seal(key, bindingOf(tenant, purpose), bytesOf(secret)),
		unseal: async (purpose, sealed) => {
			const opened = await unseal(key, bindingOf(tenant, purpose), sealed);
			return opened.ok ? ok(textOf(opened.value)) : opened;
		},
	};
}

function wrappingKey(masterKey: string): Promise<CryptoKey> {
	return importKey(deriveKey(masterKey, "tenant-key-wrap"));
}

function importKey(bytes: Uint8Array): Promise<CryptoKey> {
	return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** The additional data. Neither a purpose nor a tenant's id has a slash. */
function bindingOf(tenant: string, purpose: SealPurpose | "data-key"): Bytes {
	return bytesOf(`minoots/v1/${purpose}/${tenant}`);
}

function bytesOf(text: string): Bytes {
	// A copy, since the types leave open whether `encode` shares its buffer, which WebCrypto refuses.
	return new Uint8Array(new TextEncoder().encode(text));
}

async function seal(key: CryptoKey, additionalData: Bytes, secret: Uint8Array): Promise<string> {
	const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
	const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, secret);
	return `v1.${toBase64Url(iv)}.${toBase64Url(new Uint8Array(sealed))}`;
}

async function unseal(
	key: CryptoKey,
	additionalData: Bytes,
	text: string,
): Promise<Result<Bytes, SealError>> {
	const [, nonce, ciphertext] = SEALED.exec(text) ?? [];
	if (nonce === undefined || ciphertext === undefined) return err({ code: "malformed" });
	const iv = fromBase64Url(nonce);
	const sealed = fromBase64Url(ciphertext);
	if (iv === undefined || sealed === undefined) return err({ code: "malformed" });
	try {
		const algorithm = { name: "AES-GCM", iv, additionalData };
		return ok(new Uint8Array(await crypto.subtle.decrypt(algorithm, key, sealed)));
	} catch (error) {
		// The one failure that WebCrypto names for a tag that does not match.
		if (error instanceof DOMException && error.name === "OperationError") {
			return err({ code: "not_sealed_here" });
		}
		throw error;
	}
}

function textOf(bytes: Bytes): string {
	return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function toBase64Url(bytes: Uint8Array): string {
	const text = btoa(String.fromCharCode(...bytes));
	return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function fromBase64Url(text: string): Bytes | undefined {
	if (text.length % 4 === 1) return undefined;
	const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
	return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
