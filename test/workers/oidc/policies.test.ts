/** Policies: put, read, removed, and what that does to the tokens they let in. */
import { expect, it, vi } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { PRINCIPAL_CACHE_MS } from "../../../src/http/constants.ts";
import { call, newTenant, OPERATOR_KEY, outcome } from "../http/client.ts";
import { exchange, issuer, policy, put, replaceOutside, SCOPES, tenantWith } from "./outside.ts";

replaceOutside();

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
