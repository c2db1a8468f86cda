/** The shape and the checksum of API keys. Whether a key is valid is tested with the registry. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TenantIdSchema } from "../../../src/contract/ids.ts";
import {
	API_KEY_RANDOM_BYTES,
	hashApiKey,
	mintApiKey,
	parseApiKey,
	previewOf,
} from "../../../src/core/api-key.ts";

const tenants = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,39}$/);
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const randoms = bytes(API_KEY_RANDOM_BYTES);
const checksumKeys = bytes(32);

const BASE32 = "0123456789abcdefghjkmnpqrstvwxyz";

describe("API keys", () => {
	it("[KEY-1] says whose it is, for every tenant id that the contract allows", () => {
		fc.assert(
			fc.property(tenants, randoms, checksumKeys, (tenant, random, key) => {
				expect(TenantIdSchema.safeParse(tenant).success).toBe(true);
				const text = mintApiKey(tenant, random, key);
				expect(text).toMatch(/^mnt_[a-z0-9][a-z0-9-]*_[0-9a-z]{40}$/);
				expect(parseApiKey(text, key)).toEqual({ tenant });
			}),
		);
	});

	it("[KEY-2] refuses a key with any one character of the secret changed", () => {
		fc.assert(
			fc.property(
				tenants,
				randoms,
				checksumKeys,
				fc.nat(39),
				fc.nat(30),
				(tenant, random, key, at, step) => {
					const text = mintApiKey(tenant, random, key);
					const index = text.length - 40 + at;
					const other = BASE32[(BASE32.indexOf(text.charAt(index)) + 1 + step) % 32];
					const changed = text.slice(0, index) + other + text.slice(index + 1);
					expect(parseApiKey(changed, key)).toBeUndefined();
				},
			),
		);
	});

	it("[KEY-2] refuses a key that names another tenant, or comes from another deployment", () => {
		fc.assert(
			fc.property(
				tenants,
				tenants,
				randoms,
				checksumKeys,
				checksumKeys,
				(tenant, other, random, key, otherKey) => {
					fc.pre(tenant !== other && Buffer.compare(key, otherKey) !== 0);
					const text = mintApiKey(tenant, random, key);
					expect(parseApiKey(text.replace(`_${tenant}_`, `_${other}_`), key)).toBeUndefined();
					expect(parseApiKey(text, otherKey)).toBeUndefined();
				},
			),
		);
	});

	it("[KEY-2] refuses any text that is not a key", () => {
		const key = new Uint8Array(32).fill(7);
		const real = mintApiKey("acme", new Uint8Array(API_KEY_RANDOM_BYTES), key);
		for (const text of ["", "mnt_", "mnt_acme_", ` ${real}`, `${real}\n`, real.toUpperCase()]) {
			expect(parseApiKey(text, key)).toBeUndefined();
		}
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				expect(parseApiKey(text, key)).toBeUndefined();
			}),
		);
	});

	it("[KEY-3] is stored as its SHA-256 and shown as its first twelve characters", () => {
		expect(hashApiKey("abc")).toBe(
			"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		);
		expect(previewOf("mnt_acme_0123456789")).toBe("mnt_acme_012...");
	});

	it("[KEY-1] takes exactly 160 random bits", () => {
		const key = new Uint8Array(32);
		expect(() => mintApiKey("acme", new Uint8Array(16), key)).toThrow("20 random bytes, got 16");
	});
});
