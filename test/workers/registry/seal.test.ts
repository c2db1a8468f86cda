/** Sealing of secrets, with the WebCrypto that production uses. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTenantKey, openTenantKey } from "../../../durable-objects/shared/seal.ts";
import { unwrap } from "./new-tenant.ts";

const MASTER = "a master key of more than 32 characters";
const NOT_SEALED_HERE = { ok: false, error: { code: "not_sealed_here" } };
const MALFORMED = { ok: false, error: { code: "malformed" } };

describe("seal", () => {
	it("[SEAL-1] any text comes back whole, through the wrapped key", async () => {
		const { key, wrapped } = await createTenantKey(MASTER, "acme");
		const reopened = unwrap(await openTenantKey(MASTER, "acme", wrapped));
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
				const sealed = await key.seal("webhook-secret", text);
				expect(sealed).toMatch(/^v1\.[\w-]{16}\.[\w-]{22,}$/);
				expect(await reopened.unseal("webhook-secret", sealed)).toEqual({ ok: true, value: text });
			}),
		);
		const marked = await key.seal("webhook-secret", "\u{feff}text");
		expect(await key.unseal("webhook-secret", marked)).toEqual({ ok: true, value: "\u{feff}text" });
	});

	it("[SEAL-1] the same text is sealed differently every time", async () => {
		const { key } = await createTenantKey(MASTER, "acme");
		const sealed = await Promise.all(
			Array.from({ length: 50 }, () => key.seal("webhook-secret", "x")),
		);
		expect(new Set(sealed).size).toBe(50);
	});

	it("[SEAL-2] a wrapped key opens for its own tenant and master key only", async () => {
		const { wrapped } = await createTenantKey(MASTER, "acme");
		expect(await openTenantKey(MASTER, "other", wrapped)).toEqual(NOT_SEALED_HERE);
		expect(
			await openTenantKey("another master key of more than 32 characters", "acme", wrapped),
		).toEqual(NOT_SEALED_HERE);
	});

	it("[SEAL-2] what one tenant sealed no other unseals, nor is a wrapped key a secret", async () => {
		const acme = await createTenantKey(MASTER, "acme");
		const other = await createTenantKey(MASTER, "other");
		const sealed = await acme.key.seal("webhook-secret", "whsec_1");
		expect(await other.key.unseal("webhook-secret", sealed)).toEqual(NOT_SEALED_HERE);
		expect(await acme.key.unseal("webhook-secret", acme.wrapped)).toEqual(NOT_SEALED_HERE);
		expect(await openTenantKey(MASTER, "acme", sealed)).toEqual(NOT_SEALED_HERE);
	});

	it("[SEAL-3] a changed text is refused as a value, whatever was changed", async () => {
		const { key } = await createTenantKey(MASTER, "acme");
		const sealed = await key.seal("webhook-secret", "whsec_1234");
		for (let at = 0; at < sealed.length; at++) {
			const letter = sealed[at] === "A" ? "Q" : "A";
			const changed = sealed.slice(0, at) + letter + sealed.slice(at + 1);
			expect(await key.unseal("webhook-secret", changed)).toMatchObject({ ok: false });
		}
		await fc.assert(
			fc.asyncProperty(fc.string(), async (text) => {
				expect(await key.unseal("webhook-secret", text)).toEqual(MALFORMED);
			}),
		);
		expect(await key.unseal("webhook-secret", sealed.replace("v1.", "v2."))).toEqual(MALFORMED);
	});
});
