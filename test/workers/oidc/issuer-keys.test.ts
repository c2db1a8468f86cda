/** The keys of an issuer: fetched when they are needed, and whatever comes in their place. */
import { expect, it, vi } from "vitest";
import {
	ISSUER_BYTES_MAX,
	ISSUER_KEYS_KEPT_MS,
	ISSUER_KEYS_MAX,
	ISSUER_PAUSE_MS,
} from "../../../src/http/oidc/constants.ts";
import { outcome } from "../http/client.ts";
import {
	answerWith,
	exchange,
	fetched,
	issuer,
	replaceOutside,
	seconds,
	tenantWith,
} from "./outside.ts";

replaceOutside();

it("[OIDC-11] keys are fetched once, and again for a key that is new", async () => {
	const tenant = await tenantWith();
	const before = await issuer.sign();
	for (let at = 0; at < 3; at++) expect((await exchange(tenant.id, before)).status).toBe(201);
	const documents = [`${issuer.issuer}/.well-known/openid-configuration`, `${issuer.issuer}/jwks`];
	expect(fetched).toEqual(documents);
	await issuer.rotate();
	const after = await issuer.sign();
	// Asked a moment ago: not for every token that names a key.
	expect(outcome(await exchange(tenant.id, after))).toBe("401 unauthorized");
	expect(fetched).toEqual(documents);
	vi.setSystemTime(Date.now() + ISSUER_PAUSE_MS);
	expect((await exchange(tenant.id, after)).status).toBe(201);
	expect((await exchange(tenant.id, before)).status).toBe(201);
	expect(fetched).toEqual([...documents, ...documents]);
	const unknown = await issuer.sign({}, { kid: "key-9" });
	for (let at = 0; at < 3; at++) {
		expect(outcome(await exchange(tenant.id, unknown))).toBe("401 unauthorized");
	}
	expect(fetched).toHaveLength(4);
});

it("[OIDC-11] a key that was withdrawn is good for ten minutes at most", async () => {
	const tenant = await tenantWith();
	const claims = { exp: seconds(ISSUER_KEYS_KEPT_MS * 2) };
	const old = await issuer.sign(claims);
	expect((await exchange(tenant.id, old)).status).toBe(201);
	await issuer.rotate();
	issuer.withdraw();
	vi.setSystemTime(Date.now() + ISSUER_KEYS_KEPT_MS);
	expect(outcome(await exchange(tenant.id, old))).toBe("401 unauthorized");
});

it("[OIDC-11] an unknown key and an issuer that fails cost nobody else their token", async () => {
	const tenant = await tenantWith();
	const good = await issuer.sign({ exp: seconds(ISSUER_KEYS_KEPT_MS * 2) });
	expect((await exchange(tenant.id, good)).status).toBe(201);
	vi.setSystemTime(Date.now() + ISSUER_PAUSE_MS);
	answerWith({ [jwks()]: () => new Response("", { status: 500 }) });
	const unknown = await issuer.sign({}, { kid: "key-9" });
	expect(outcome(await exchange(tenant.id, unknown))).toBe("503 unavailable");
	expect((await exchange(tenant.id, good)).status).toBe(201);
	const count = fetched.length;
	expect(outcome(await exchange(tenant.id, unknown))).toBe("401 unauthorized");
	expect(fetched).toHaveLength(count);
	// No longer than they were good for.
	vi.setSystemTime(Date.now() + ISSUER_KEYS_KEPT_MS - ISSUER_PAUSE_MS);
	expect(outcome(await exchange(tenant.id, good))).toBe("503 unavailable");
});

const jwks = () => `${issuer.issuer}/jwks`;
const configuration = () => `${issuer.issuer}/.well-known/openid-configuration`;

it.each<[string, () => Record<string, () => Response>, RegExp]>([
	[
		"answers an error",
		() => ({ [jwks()]: () => new Response("", { status: 500 }) }),
		/answered 500/,
	],
	[
		"redirects",
		() => ({ [jwks()]: () => new Response("", { status: 302, headers: { location: "/" } }) }),
		/answered 302/,
	],
	["answers no JSON", () => ({ [jwks()]: () => new Response("<html>") }), /no JSON/],
	[
		"answers without end",
		() => ({ [jwks()]: () => new Response("x".repeat(ISSUER_BYTES_MAX + 1)) }),
		/more than 65536 bytes/,
	],
	[
		"lists too many keys",
		() => ({
			[jwks()]: () =>
				Response.json({ keys: Array.from({ length: ISSUER_KEYS_MAX + 1 }, () => ({ kty: "EC" })) }),
		}),
		/at most 64 keys/,
	],
	[
		"speaks for another",
		() => ({
			[configuration()]: () => Response.json({ issuer: "https://a.example", jwks_uri: jwks() }),
		}),
		/of another issuer/,
	],
	[
		"leads inward",
		() => ({
			[configuration()]: () =>
				Response.json({ issuer: issuer.issuer, jwks_uri: "https://10.0.0.1/jwks" }),
		}),
		/at https:\/\/10\.0\.0\.1\/jwks: /,
	],
	[
		"breaks off",
		() => ({
			[jwks()]: () => {
				throw new Error("Network connection lost.");
			},
		}),
		/no connection/,
	],
	[
		"is too slow",
		() => ({
			[jwks()]: () => {
				// As `AbortSignal.timeout` ends a fetch.
				throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
			},
		}),
		/no answer within 5000 ms/,
	],
])("[OIDC-12] an issuer that %s is 503, and not asked again at once", async (_, world, why) => {
	answerWith(world());
	const tenant = await tenantWith();
	const token = await issuer.sign();
	const failed = await exchange(tenant.id, token);
	expect(outcome(failed)).toBe("503 unavailable");
	expect(failed.body.detail).toMatch(why);
	const count = fetched.length;
	expect(outcome(await exchange(tenant.id, token))).toBe("503 unavailable");
	expect(fetched).toHaveLength(count);
	answerWith({});
	vi.setSystemTime(Date.now() + ISSUER_PAUSE_MS);
	expect((await exchange(tenant.id, token)).status).toBe(201);
});

it("[OIDC-12] a key that is none refuses the token and breaks nothing", async () => {
	answerWith({
		[jwks()]: () => Response.json({ keys: [{ kty: "RSA", kid: "key-1", n: "AQAB", e: "AQAB" }] }),
	});
	const tenant = await tenantWith();
	expect(outcome(await exchange(tenant.id, await issuer.sign()))).toBe("401 unauthorized");
});
