/** The exchange of an issuer's token for one of the network's. */
import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it, vi } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { ACCESS_TOKEN_MS } from "../../../src/http/oidc/constants.ts";
import { createOidcTokens } from "../../helpers/oidc-tokens.ts";
import { call, newTenant, outcome } from "../http/client.ts";
import {
	exchange,
	fetched,
	issuer,
	policy,
	put,
	replaceOutside,
	SCOPES,
	seconds,
	tenantWith,
} from "./outside.ts";

replaceOutside();

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
	const [busy, other] = ["busy", "other"];
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
