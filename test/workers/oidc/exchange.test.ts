/** Policies, and the exchange of an issuer's token, with the issuer in place of the outside world. */
import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { PRINCIPAL_CACHE_MS } from "../../../src/http/constants.ts";
import {
	ACCESS_TOKEN_MS,
	ISSUER_BYTES_MAX,
	ISSUER_KEYS_KEPT_MS,
	ISSUER_KEYS_MAX,
	ISSUER_PAUSE_MS,
} from "../../../src/http/oidc/constants.ts";
import { createOidcTokens, type OidcTokens } from "../../helpers/oidc-tokens.ts";
import {
	type Answer,
	call,
	newTenant,
	OPERATOR_KEY,
	outcome,
	type TestTenant,
} from "../http/client.ts";

const SCOPES = ["timer.write", "timer.read"];

let issuers = 0;
let issuer: OidcTokens;
/** What the outside world answers, by its address. */
let answers: Record<string, () => Response>;
let fetched: string[];

/** Each test has an issuer that no other has asked; addresses, so that no name is looked up. */
beforeEach(async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
	issuers += 1;
	issuer = await createOidcTokens(`https://1.1.1.1/issuer-${issuers}`);
	answers = {};
	fetched = [];
	vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
		const { url, redirect } = new Request(input, init);
		fetched.push(url);
		expect([redirect, init?.signal]).toEqual(["manual", expect.any(AbortSignal)]);
		const answer = answers[url];
		if (answer !== undefined) return answer();
		const document = url.startsWith(issuer.issuer)
			? (await issuer.documents())[url.slice(issuer.issuer.length)]
			: undefined;
		return document === undefined ? new Response("", { status: 404 }) : Response.json(document);
	});
});
afterEach(() => {
	vi.unstubAllGlobals();
});
afterAll(() => {
	vi.useRealTimers();
});

function policy(more: object = {}) {
	return { issuer: issuer.issuer, repositories: ["acme/site"], scopes: SCOPES, ...more };
}

async function put({ key }: TestTenant, name: string, body: object): Promise<Answer> {
	const answer = await call(`/v1/oidc-policies/${name}`, { method: "PUT", key, body });
	if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
	return answer;
}

async function tenantWith(more: object = {}): Promise<TestTenant> {
	const tenant = await newTenant();
	await put(tenant, "ci", policy(more));
	return tenant;
}

const exchange = (tenantId: string, subjectToken: string): Promise<Answer> =>
	call("/v1/tokens", { body: { tenantId, subjectToken } });

it("[OIDC-1] a policy is put, listed by name, read and removed", async () => {
	const tenant = await newTenant();
	const { key } = tenant;
	const made = await put(tenant, "deploy", policy({ refs: ["refs/heads/main"] }));
	expect(made.body).toEqual({
		id: expect.stringMatching(/^pol_[0-9a-z]+$/),
		name: "deploy",
		issuer: issuer.issuer,
		audience: "minoots",
		repositories: ["acme/site"],
		repositoryOwnerIds: null,
		refs: ["refs/heads/main"],
		environments: null,
		subjects: null,
		scopes: SCOPES,
		updatedAt: expect.any(String),
	});
	const github = await put(tenant, "ci", { repositories: ["acme/site"], scopes: SCOPES });
	expect(github.body.issuer).toBe("https://token.actions.githubusercontent.com");
	const listed = await call("/v1/oidc-policies", { key });
	expect(listed.body).toEqual({ items: [github.body, made.body], nextCursor: null });
	expect((await call("/v1/oidc-policies/ci", { key })).body).toEqual(github.body);
	expect((await call("/v1/oidc-policies/ci", { method: "DELETE", key })).status).toBe(204);
	expect(outcome(await call("/v1/oidc-policies/ci", { key }))).toBe("404 not_found");
	const limited = await tenant.keyFor(["timer.manage"]);
	expect(outcome(await call("/v1/oidc-policies", { key: limited }))).toBe("403 forbidden");
});

it("[OIDC-1] an issuer is judged as the URL of a webhook is", async () => {
	const { key } = await newTenant();
	for (const bad of ["http://issuer.example", "https://10.0.0.1", "https://localhost", "issuer"]) {
		const refused = await call("/v1/oidc-policies/ci", {
			method: "PUT",
			key,
			body: policy({ issuer: bad }),
		});
		expect(refused.body).toMatchObject({
			code: "destination_refused",
			errors: [{ path: "issuer" }],
		});
	}
	const query = await call("/v1/oidc-policies/ci", {
		method: "PUT",
		key,
		body: policy({ issuer: `${issuer.issuer}?x=` }),
	});
	expect(query.body.errors).toMatchObject([{ path: "issuer" }]);
});

it.each(["RS256", "ES256"] as const)(
	"[OIDC-2] a token by %s is exchanged, and used like a key",
	async (alg) => {
		await issuer.rotate(alg);
		const tenant = await tenantWith();
		const made = await exchange(tenant.id, await issuer.sign());
		expect(made).toMatchObject({ status: 201 });
		expect(made.headers.get("cache-control")).toBe("no-store");
		const { accessToken, expiresAt } = made.body;
		expect(made.body).toEqual({
			accessToken: expect.stringMatching(/^mno_/),
			tokenType: "Bearer",
			expiresAt: new Date(Date.now() + ACCESS_TOKEN_MS).toISOString(),
			scopes: SCOPES,
			policy: "ci",
		});
		const timer = await call("/v1/timers", { key: accessToken, body: { in: "1h" } });
		expect(timer.status).toBe(201);
		expect((await call(`/v1/timers/${timer.body.id}`, { key: accessToken })).status).toBe(200);
		const holder = await call("/v1/key", { key: accessToken });
		expect(holder.body).toMatchObject({ tenant: tenant.id, scopes: SCOPES, expiresAt });
		const cancel = await call(`/v1/timers/${timer.body.id}/cancel`, { key: accessToken, body: {} });
		expect(outcome(cancel)).toBe("403 forbidden");
		expect(outcome(await call("/v1/oidc-policies", { key: accessToken }))).toBe("403 forbidden");
	},
);

it("[OIDC-2] a policy that was put a moment ago lets in at once", async () => {
	const tenant = await newTenant();
	const token = await issuer.sign();
	expect(outcome(await exchange(tenant.id, token))).toBe("403 forbidden");
	await put(tenant, "ci", policy({ environments: ["prod"] }));
	expect(outcome(await exchange(tenant.id, token))).toBe("403 forbidden");
	await put(tenant, "ci", policy());
	expect((await exchange(tenant.id, token)).status).toBe(201);
});

it("[OIDC-10] claims of any type and depth refuse the token and break nothing", async () => {
	const tenant = await tenantWith();
	const deep = JSON.parse(`${"[".repeat(2_000)}${"]".repeat(2_000)}`);
	for (const claims of [{ iss: deep }, { repository: deep }, { aud: deep }]) {
		const refused = await exchange(tenant.id, await issuer.sign(claims));
		expect([401, 403]).toContain(refused.status);
	}
	const large = await exchange(tenant.id, "x".repeat(LIMITS.subjectTokenLength * 3));
	expect(outcome(large)).toBe("413 payload_too_large");
});

it("[OIDC-6] the first policy by name counts, and none is added to it", async () => {
	const tenant = await newTenant();
	await put(tenant, "b", policy({ scopes: ["timer.manage"] }));
	await put(tenant, "a", policy({ refs: ["refs/heads/*"], scopes: ["timer.read"] }));
	const onMain = await exchange(tenant.id, await issuer.sign());
	expect(onMain.body).toMatchObject({ policy: "a", scopes: ["timer.read"] });
	const onTag = await exchange(tenant.id, await issuer.sign({ ref: "refs/tags/v1" }));
	expect(onTag.body).toMatchObject({ policy: "b", scopes: ["timer.manage"] });
});

it("[OIDC-7] a stranger is told the same of every tenant, and nothing is fetched for it", async () => {
	const [with_, without] = [await tenantWith(), await newTenant()];
	const token = await issuer.sign({ repository: "evil/site", sub: "repo:evil/site:x" });
	const told = await Promise.all(
		[with_.id, without.id, "nobody-here"].map(async (id) => {
			const answer = await exchange(id, token);
			expect(outcome(answer)).toBe("403 forbidden");
			return answer.body.detail.replace(`"${id}"`, "?");
		}),
	);
	expect(new Set(told).size).toBe(1);
	expect(told[0]).toContain('repository "evil/site"');
	expect(told[0]).not.toContain('acme/site"');
	const foreign = await issuer.sign({ iss: "https://1.1.1.1/elsewhere" });
	expect(outcome(await exchange(with_.id, foreign))).toBe("403 forbidden");
	expect(fetched).toEqual([]);
});

it.each([
	[
		{ refs: ["refs/heads/main"] },
		{ ref: "refs/pull/7/merge" },
		'ref is "refs/pull/7/merge", expected "refs/heads/main"',
	],
	[{ environments: ["prod"] }, {}, 'the token has no environment, expected "prod"'],
	[{ environments: ["prod"] }, { environment: "dev" }, 'environment is "dev", expected "prod"'],
	[{ audience: "x" }, {}, 'aud is "minoots", expected "x"'],
])("[OIDC-5] %j refuses %j and says why", async (more, claims, why) => {
	const tenant = await tenantWith(more);
	const refused = await exchange(tenant.id, await issuer.sign(claims));
	expect(outcome(refused)).toBe("403 forbidden");
	expect(refused.body.detail).toContain(`policy "ci": ${why}`);
});

const seconds = (ms: number) => Math.floor((Date.now() + ms) / 1_000);

it.each<[string, () => Record<string, unknown>, RegExp]>([
	["expired", () => ({ exp: seconds(-31_000) }), /exp: it expired at .*new one/],
	["not valid yet", () => ({ nbf: seconds(40_000) }), /nbf: it is not valid before/],
	["issued later", () => ({ iat: seconds(40_000) }), /iat: .*not past/],
	["without end", () => ({ exp: undefined }), /exp: is missing/],
	["without beginning", () => ({ iat: undefined }), /iat: is missing/],
])("[OIDC-9] a token that is %s is 401 and says so", async (_, claims, why) => {
	const tenant = await tenantWith();
	const refused = await exchange(tenant.id, await issuer.sign(claims()));
	expect(outcome(refused)).toBe("401 unauthorized");
	expect(refused.body.detail).toMatch(why);
});

it("[OIDC-9] clocks may differ by half a minute", async () => {
	const tenant = await tenantWith();
	for (const claims of [
		{ exp: seconds(-20_000) },
		{ iat: seconds(20_000), nbf: seconds(20_000) },
	]) {
		expect((await exchange(tenant.id, await issuer.sign(claims))).status).toBe(201);
	}
});

it("[OIDC-10] a token that is not signed by the issuer is 401", async () => {
	const tenant = await tenantWith();
	const token = await issuer.sign();
	const [head = "", claims = "", signature = ""] = token.split(".");
	const none = btoa(JSON.stringify({ alg: "none" })).replaceAll("=", "");
	const hs256 = btoa(JSON.stringify({ alg: "HS256", kid: "key-1" })).replaceAll("=", "");
	const forger = await createOidcTokens(issuer.issuer);
	const forged = [
		await forger.sign({}, { kid: "key-1" }),
		`${none}.${claims}.`,
		`${hs256}.${claims}.${signature}`,
		`${head}.${claims}.${signature.slice(0, -4)}AAAA`,
		`${head}.${claims}`,
		"no-token",
		"a.b.c",
	];
	for (const one of forged) {
		expect(outcome(await exchange(tenant.id, one))).toBe("401 unauthorized");
	}
	expect((await exchange(tenant.id, token)).status).toBe(201);
});

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
	answers = { [jwks()]: () => new Response("", { status: 500 }) };
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
	answers = world();
	const tenant = await tenantWith();
	const token = await issuer.sign();
	const failed = await exchange(tenant.id, token);
	expect(outcome(failed)).toBe("503 unavailable");
	expect(failed.body.detail).toMatch(why);
	const count = fetched.length;
	expect(outcome(await exchange(tenant.id, token))).toBe("503 unavailable");
	expect(fetched).toHaveLength(count);
	answers = {};
	vi.setSystemTime(Date.now() + ISSUER_PAUSE_MS);
	expect((await exchange(tenant.id, token)).status).toBe(201);
});

it("[OIDC-12] a key that is none refuses the token and breaks nothing", async () => {
	answers = {
		[jwks()]: () => Response.json({ keys: [{ kty: "RSA", kid: "key-1", n: "AQAB", e: "AQAB" }] }),
	};
	const tenant = await tenantWith();
	expect(outcome(await exchange(tenant.id, await issuer.sign()))).toBe("401 unauthorized");
});

it("[OIDC-13] a policy that is removed or changed ends its tokens within 5 seconds", async () => {
	const tenant = await tenantWith();
	const { key } = tenant;
	const first = (await exchange(tenant.id, await issuer.sign())).body.accessToken;
	expect((await call("/v1/key", { key: first })).status).toBe(200);
	await put(tenant, "ci", policy());
	vi.setSystemTime(Date.now() + PRINCIPAL_CACHE_MS);
	expect((await call("/v1/key", { key: first })).status).toBe(200);
	await put(tenant, "ci", policy({ scopes: ["timer.read"] }));
	vi.setSystemTime(Date.now() + PRINCIPAL_CACHE_MS);
	expect(outcome(await call("/v1/key", { key: first }))).toBe("401 unauthorized");
	const second = (await exchange(tenant.id, await issuer.sign())).body.accessToken;
	await call("/v1/oidc-policies/ci", { method: "DELETE", key });
	await put(tenant, "ci", policy({ scopes: ["timer.read"] }));
	expect(outcome(await call("/v1/key", { key: second }))).toBe("401 unauthorized");
});

it("[OIDC-8] a token ends at its time, and a forged one reaches no registry", async () => {
	const tenant = await tenantWith();
	const { accessToken } = (await exchange(tenant.id, await issuer.sign())).body;
	const forged = accessToken.replace(tenant.id, "nobody-at-all");
	const before = await listDurableObjectIds(env.TENANT_REGISTRY);
	expect(outcome(await call("/v1/key", { key: forged }))).toBe("401 unauthorized");
	expect(await listDurableObjectIds(env.TENANT_REGISTRY)).toEqual(before);
	vi.setSystemTime(Date.now() + ACCESS_TOKEN_MS - 1);
	expect((await call("/v1/key", { key: accessToken })).status).toBe(200);
	vi.setSystemTime(Date.now() + 1);
	const ended = await call("/v1/key", { key: accessToken });
	expect(ended.body.detail).toMatch(/expired at/);
});

it("[OIDC-14] exchanges of one tenant are bounded, before anything is asked", async () => {
	const [busy, other] = [`busy-${issuers}`, `other-${issuers}`];
	for (let at = 0; at < LIMITS.exchangesPerMinute; at++) {
		expect((await exchange(busy, "x")).status).toBe(401);
	}
	const limited = await exchange(busy, "x");
	expect(outcome(limited)).toBe("429 rate_limited");
	expect(limited.headers.get("retry-after")).toBe("60");
	expect((await exchange(other, "x")).status).toBe(401);
	vi.setSystemTime(Date.now() + 60_000);
	expect((await exchange(busy, "x")).status).toBe(401);
});

it("[OIDC-1] a tenant has at most 100 policies, and no other tenant sees them", async () => {
	const [tenant, other] = [await newTenant(), await newTenant()];
	for (let at = 0; at < LIMITS.oidcPolicies; at++) await put(tenant, `p${at}`, policy());
	const { key } = tenant;
	const more = await call("/v1/oidc-policies/q", { method: "PUT", key, body: policy() });
	expect(more.body.errors).toMatchObject([{ path: "name" }]);
	await put(tenant, "p7", policy({ scopes: ["timer.read"] }));
	expect((await call("/v1/oidc-policies", { key: other.key })).body.items).toEqual([]);
	expect(outcome(await call("/v1/oidc-policies", { key: OPERATOR_KEY }))).toBe("403 forbidden");
});
