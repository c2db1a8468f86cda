/**
 * Access without a stored key: policies that say which tokens of an OpenID Connect issuer stand for
 * a tenant, and the exchange of such a token for one of ours.
 */
import { z } from "zod";
import { TenantIdSchema } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { SCOPES } from "./scopes.ts";
import { ScopeSchema } from "./tenant.ts";
import { InstantSchema } from "./timer.ts";

/** The issuer of the tokens that GitHub gives the jobs of its workflows. */
export const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";
export const DEFAULT_AUDIENCE = "minoots";

export const OidcPolicyNameSchema = z
	.string()
	.max(LIMITS.oidcNameLength)
	.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "expected a policy's name: A-Z, a-z, 0-9, dot, dash, _");

const pattern = z.string().min(1).max(LIMITS.oidcPatternLength);
const patterns = z.array(pattern).min(1).max(LIMITS.oidcPatterns);

/** No owner may be left open: whoever has an account at the issuer would be let in. */
const RepositoryPatternSchema = pattern.regex(
	/^[^*/]+(\/[^/]+)+$/,
	"expected owner/name of a repository, where * may stand in the name",
);

/** What a key could not be given either, and all that follows from it. */
const GRANTABLE = SCOPES.filter((scope) => scope !== "tenant.admin");

export const OidcPolicyPutSchema = z
	.strictObject({
		issuer: z
			.string()
			.min(1)
			.max(LIMITS.urlLength)
			.optional()
			.meta({
				description: `The token's \`iss\`, letter by letter. GitHub's unless given: ${GITHUB_ISSUER}`,
			}),
		audience: z
			.string()
			.min(1)
			.max(LIMITS.oidcPatternLength)
			.optional()
			.meta({
				description: `What the token's \`aud\` must hold. ${DEFAULT_AUDIENCE} unless given`,
			}),
		repositories: z.array(RepositoryPatternSchema).min(1).max(LIMITS.oidcPatterns).meta({
			description: "One of them is the token's `repository`",
		}),
		repositoryOwnerIds: z
			.array(z.string().regex(/^\d{1,20}$/, "expected the number of an account, as text"))
			.min(1)
			.max(LIMITS.oidcPatterns)
			.optional()
			.meta({
				description:
					"One of them is the token's `repository_owner_id`, which no other account ever gets",
			}),
		refs: z
			.array(pattern.regex(/^refs\//, "expected a full ref, as refs/heads/main"))
			.min(1)
			.max(LIMITS.oidcPatterns)
			.optional()
			.meta({ description: "One of them is the token's `ref`. Any ref unless given" }),
		environments: patterns.optional().meta({
			description: "One of them is the token's `environment`. None is needed unless given",
		}),
		subjects: patterns.optional().meta({ description: "One of them is the token's `sub`" }),
		scopes: z
			.array(ScopeSchema.extract(GRANTABLE))
			.min(1)
			.max(GRANTABLE.length)
			.meta({ description: "What the access token may do; never `tenant.admin`" }),
	})
	.meta({
		id: "OidcPolicyPut",
		description:
			"In a pattern, * stands for any text without a slash or colon; all else is compared exactly",
	});
export type OidcPolicyPut = z.infer<typeof OidcPolicyPutSchema>;

export const OidcPolicySchema = z
	.object({
		id: z.string().meta({ description: "Another after every change" }),
		name: OidcPolicyNameSchema,
		issuer: z.string(),
		audience: z.string(),
		repositories: z.array(z.string()),
		repositoryOwnerIds: z.array(z.string()).nullable(),
		refs: z.array(z.string()).nullable(),
		environments: z.array(z.string()).nullable(),
		subjects: z.array(z.string()).nullable(),
		scopes: z.array(ScopeSchema),
		updatedAt: InstantSchema,
	})
	.meta({ id: "OidcPolicy" });
export type OidcPolicy = z.infer<typeof OidcPolicySchema>;

export const TokenExchangeSchema = z
	.strictObject({
		tenantId: TenantIdSchema,
		subjectToken: z.string().min(1).max(LIMITS.subjectTokenLength).meta({
			description: "The token of the issuer, a signed JWT",
		}),
	})
	.meta({ id: "TokenExchange" });
export type TokenExchange = z.infer<typeof TokenExchangeSchema>;

export const AccessTokenSchema = z
	.object({
		accessToken: z.string().meta({ description: "Used like a key" }),
		tokenType: z.literal("Bearer"),
		expiresAt: InstantSchema,
		scopes: z.array(ScopeSchema),
		policy: z.string().meta({ description: "Name of the policy that let it in" }),
	})
	.meta({ id: "AccessToken" });
export type AccessToken = z.infer<typeof AccessTokenSchema>;
