/** `/v1/oidc-policies` and `/v1/tokens`: access by the token of an OpenID Connect issuer. */
import { z } from "zod";
import { registryOf } from "../../../durable-objects/shared/object-names.ts";
import { LIMITS } from "../../contract/limits.ts";
import {
	AccessTokenSchema,
	DEFAULT_AUDIENCE,
	GITHUB_ISSUER,
	OidcPolicyNameSchema,
	OidcPolicyPutSchema,
	OidcPolicySchema,
	TokenExchangeSchema,
} from "../../contract/oidc.ts";
import { err } from "../../core/result.ts";
import { exchangeToken } from "../oidc/exchange.ts";
import { putPolicy } from "../oidc/put-policy.ts";
import { registryFailure } from "../registry-failure.ts";
import { reply } from "../reply.ts";
import { defineRoute, type Route } from "../route.ts";

const TAG = "OIDC";
/** Bytes of an exchange: its longest token and room for the rest. Nobody has shown a key yet. */
const EXCHANGE_BYTES_MAX = 2 * LIMITS.subjectTokenLength;
const params = z.object({ name: OidcPolicyNameSchema });
/** Not in pages: a tenant has a bounded number of policies. `nextCursor` is always null. */
const PolicyListSchema = z.object({ items: z.array(OidcPolicySchema), nextCursor: z.null() });

const PUT_EXAMPLE = {
	repositories: ["acme/site"],
	refs: ["refs/heads/main"],
	scopes: ["timer.write", "timer.read"],
};
const POLICY_EXAMPLE = {
	id: "pol_0h3k8m2q4r6t9vwx",
	name: "ci",
	issuer: GITHUB_ISSUER,
	audience: DEFAULT_AUDIENCE,
	repositories: ["acme/site"],
	repositoryOwnerIds: null,
	refs: ["refs/heads/main"],
	environments: null,
	subjects: null,
	scopes: ["timer.write", "timer.read"],
	updatedAt: "2026-11-21T09:00:00.000Z",
};

export const oidcRoutes: readonly Route[] = [
	defineRoute({
		method: "PUT",
		path: "/v1/oidc-policies/:name",
		tag: TAG,
		summary: "Put an OIDC policy",
		description:
			"Lets jobs in by the token that their platform gives them, without a stored key. New, or in place of the policy so called; a change ends the access tokens that it let in before, within 5 seconds.",
		auth: { scope: "tenant.admin" },
		request: { params, body: OidcPolicyPutSchema, example: PUT_EXAMPLE },
		responses: {
			200: { description: "The policy", schema: OidcPolicySchema, example: POLICY_EXAMPLE },
		},
		problems: ["destination_refused"],
		handle: (context) => putPolicy(context, context.params.name, context.body),
	}),
	defineRoute({
		method: "GET",
		path: "/v1/oidc-policies",
		tag: TAG,
		summary: "List OIDC policies",
		auth: { scope: "tenant.admin" },
		responses: {
			200: {
				description: "Every policy, by name: the order in which an exchange tries them",
				schema: PolicyListSchema,
				example: { items: [POLICY_EXAMPLE], nextCursor: null },
			},
		},
		async handle({ env, tenant }) {
			const policies = await registryOf(env, tenant).listOidcPolicies();
			if (!policies.ok) return err(registryFailure(policies.error, "The tenant"));
			return reply({ items: policies.value, nextCursor: null });
		},
	}),
	defineRoute({
		method: "GET",
		path: "/v1/oidc-policies/:name",
		tag: TAG,
		summary: "Read an OIDC policy",
		auth: { scope: "tenant.admin" },
		request: { params },
		responses: {
			200: { description: "The policy", schema: OidcPolicySchema, example: POLICY_EXAMPLE },
		},
		problems: ["not_found"],
		async handle({ env, tenant, params }) {
			const policy = await registryOf(env, tenant).getOidcPolicy(params.name);
			if (!policy.ok) return err(registryFailure(policy.error, `The policy ${params.name}`));
			return reply(policy.value);
		},
	}),
	defineRoute({
		method: "DELETE",
		path: "/v1/oidc-policies/:name",
		tag: TAG,
		summary: "Remove an OIDC policy",
		description:
			"Ends the access tokens that it let in too: complete everywhere within 5 seconds, the time an edge trusts what it knows.",
		auth: { scope: "tenant.admin" },
		request: { params },
		responses: { 204: { description: "Removed" } },
		problems: ["not_found"],
		async handle({ env, tenant, params }) {
			const deleted = await registryOf(env, tenant).deleteOidcPolicy(params.name);
			if (!deleted.ok) return err(registryFailure(deleted.error, `The policy ${params.name}`));
			return reply(undefined, 204);
		},
	}),
	defineRoute({
		method: "POST",
		path: "/v1/tokens",
		tag: TAG,
		summary: "Exchange an issuer's token",
		description:
			"For an access token of 15 minutes, used like a key, with the scopes of the first policy, by name, that the token satisfies. A token may be exchanged again while it is valid.",
		auth: "public",
		request: {
			body: TokenExchangeSchema,
			bodyLimit: EXCHANGE_BYTES_MAX,
			example: { tenantId: "acme", subjectToken: "eyJhbGciOiJSUzI1NiIsImtpZCI6Ii4uLiJ9.e30.c2ln" },
		},
		responses: {
			201: {
				description: "The access token, shown this once",
				schema: AccessTokenSchema,
				example: {
					accessToken:
						"mno_acme.pol_0h3k8m2q4r6t9vwx.1795252500000.00112233445566778899aabbccddeeff.0011223344556677889900112233445566778899",
					tokenType: "Bearer",
					expiresAt: "2026-11-21T09:15:00.000Z",
					scopes: ["timer.write", "timer.read"],
					policy: "ci",
				},
			},
		},
		problems: ["unauthorized", "forbidden", "rate_limited", "unavailable"],
		idempotency: "ignored",
		handle: (context) => exchangeToken(context, context.body),
	}),
];
