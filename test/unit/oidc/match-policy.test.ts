/** Policies against claims: whose token it is, and what it was made for. */
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { OidcPolicy } from "../../../src/contract/oidc.ts";
import { OidcPolicyPutSchema } from "../../../src/contract/oidc.ts";
import { matchesClaim } from "../../../src/core/oidc/claim-pattern.ts";
import { isOfPolicy, mismatchWith } from "../../../src/core/oidc/match-policy.ts";
import { validate } from "../../../src/http/validate.ts";

const policy: OidcPolicy = {
	id: "pol_0",
	name: "ci",
	issuer: "https://issuer.example",
	audience: "minoots",
	repositories: ["acme/site", "acme/lib-*"],
	repositoryOwnerIds: null,
	refs: null,
	environments: null,
	subjects: null,
	scopes: ["timer.read"],
	updatedAt: "2026-11-21T09:00:00.000Z" as OidcPolicy["updatedAt"],
};
const claims = {
	iss: policy.issuer,
	aud: "minoots",
	sub: "repo:acme/site:ref:refs/heads/main",
	repository: "acme/site",
	repository_owner_id: "4711",
	ref: "refs/heads/main",
};

it.each([
	["acme/site", "acme/site", true],
	["acme/site", "Acme/site", false],
	["acme/*", "acme/site", true],
	["acme/*", "acme/", true],
	["acme/*", "acme/a/b", false],
	["acme/*", "evil/acme/site", false],
	["acme/*", "acme-evil/site", false],
	["acme/lib-*", "acme/lib-a", true],
	["acme/*-*-x", "acme/a-b-x", true],
	["acme/*-*-x", "acme/a-x", false],
	["refs/heads/*", "refs/heads/main", true],
	["refs/heads/*", "refs/heads/feature/x", false],
	["refs/heads/*/*", "refs/heads/feature/x", true],
	["refs/heads/*", "refs/pull/7/merge", false],
	["refs/heads/release-*", "refs/heads/release-1.2", true],
	["repo:acme/site:*", "repo:acme/site:environment:prod", false],
	["repo:acme/site:environment:*", "repo:acme/site:environment:prod", true],
	["repo:acme/*", "repo:acme/site:pull_request", false],
	["*", "prod", true],
	["p.od", "prod", false],
])("[OIDC-3] the pattern %s and the claim %s: %s", (pattern, claim, isMatched) => {
	expect(matchesClaim(pattern, claim)).toBe(isMatched);
});

it("[OIDC-3] a star matches what a pattern without one is compared with, and no separator", () => {
	const text = fc.stringMatching(/^[a-z*/:.-]{0,12}$/);
	fc.assert(
		fc.property(text, fc.stringMatching(/^[a-z/:.-]{0,12}$/), (pattern, claim) => {
			const escaped = pattern.replace(/[.*+?^${}()|[\]\\-]/g, "\\$&").replaceAll("\\*", "[^/:]*");
			expect(matchesClaim(pattern, claim)).toBe(new RegExp(`^${escaped}$`).test(claim));
		}),
	);
});

it.each([
	[{}, {}, true],
	[{}, { iss: "https://issuer.example/" }, false],
	[{}, { repository: "acme/other" }, false],
	[{}, { repository: undefined }, false],
	[{}, { repository: ["acme/site"] }, false],
	[{ repositoryOwnerIds: ["4711"] }, {}, true],
	[{ repositoryOwnerIds: ["4711"] }, { repository_owner_id: 4711 }, true],
	[{ repositoryOwnerIds: ["4711"] }, { repository_owner_id: "47110" }, false],
	[{ subjects: ["repo:acme/site:ref:refs/heads/*"] }, {}, true],
	[{ subjects: ["repo:acme/site:environment:*"] }, {}, false],
])("[OIDC-4] %j with %j is of the policy: %s", (more, came, isOf) => {
	expect(isOfPolicy({ ...policy, ...more }, { ...claims, ...came })).toBe(isOf);
});

it.each([
	[{}, {}, undefined],
	[{}, { aud: ["other", "minoots"] }, undefined],
	[{}, { aud: "other" }, "aud"],
	[{}, { aud: undefined }, "aud"],
	[{ refs: ["refs/heads/main"] }, {}, undefined],
	[{ refs: ["refs/heads/*"] }, { ref: "refs/pull/7/merge" }, "ref"],
	[{ refs: ["refs/heads/main"] }, { ref: undefined }, "ref"],
	[{ environments: ["prod"] }, {}, "environment"],
	[{ environments: ["prod"] }, { environment: "prod" }, undefined],
	[{ environments: ["prod"] }, { environment: "staging" }, "environment"],
])("[OIDC-5] %j with %j differs in %s", (more, came, claim) => {
	expect(mismatchWith({ ...policy, ...more }, { ...claims, ...came })?.claim).toBe(claim);
});

const put = { repositories: ["acme/site"], scopes: ["timer.read"] };

it.each([
	[{ repositories: [] }, "repositories"],
	[{ repositories: ["*/*"] }, "repositories.0"],
	[{ repositories: ["*"] }, "repositories.0"],
	[{ repositories: ["ac*/site"] }, "repositories.0"],
	[{ repositories: ["acme"] }, "repositories.0"],
	[{ repositories: undefined }, "repositories"],
	[{ repositoryOwnerIds: ["acme"] }, "repositoryOwnerIds.0"],
	[{ refs: ["main"] }, "refs.0"],
	[{ environments: [""] }, "environments.0"],
	[{ scopes: ["tenant.admin"] }, "scopes.0"],
	[{ scopes: [] }, "scopes"],
	[{ branches: ["main"] }, "branches"],
])("[OIDC-1] refuses the policy %j", (wrong, field) => {
	const result = validate(OidcPolicyPutSchema, JSON.parse(JSON.stringify({ ...put, ...wrong })));
	expect(result.ok ? [] : result.error.errors.map(({ path }) => path)).toEqual([field]);
});
