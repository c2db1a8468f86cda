/** Tenants, keys, plans and usage. */

import { z } from "zod";
import { TenantIdSchema } from "./ids.ts";
import { JitterPolicyInputSchema, JitterPolicySchema } from "./jitter-policy.ts";
import { LIMITS } from "./limits.ts";
import { SCOPES } from "./scopes.ts";
import { InstantSchema } from "./timer.ts";

export const PLAN_IDS = ["free", "pro", "enterprise"] as const;
export const PlanIdSchema = z.enum(PLAN_IDS);
export type PlanId = z.infer<typeof PlanIdSchema>;

/** `null` means unlimited. */
export const PlanSchema = z
	.object({
		id: PlanIdSchema,
		name: z.string(),
		pricePerMonthUsd: z.number(),
		activeTimers: z.int().nullable(),
		createsPerMinute: z.int().nullable(),
		requestsPerMinute: z.int().nullable(),
		historyDays: z.int(),
		horizonDays: z.int().nullable().meta({ description: "How far ahead a timer may be due" }),
	})
	.meta({ id: "Plan" });
export type Plan = z.infer<typeof PlanSchema>;

export const PricingSchema = z.object({ currency: z.literal("USD"), plans: z.array(PlanSchema) });

/** Where a tenant's shards are to be: Cloudflare's location hints for Durable Objects. */
export const REGIONS = ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;
export const RegionSchema = z.enum(REGIONS).meta({
	description: "A location hint for shards that are yet to be used",
});
export type Region = z.infer<typeof RegionSchema>;

export const ScopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof ScopeSchema>;

export const TenantCreateSchema = z.strictObject({
	id: TenantIdSchema,
	name: z.string().min(1).max(LIMITS.nameLength).optional(),
	plan: PlanIdSchema.optional(),
	region: RegionSchema.optional(),
});

export const TenantPatchSchema = z
	.strictObject({
		name: z.string().min(1).max(LIMITS.nameLength),
		plan: PlanIdSchema,
		shards: z.int().min(1).max(LIMITS.shardsMax),
		region: RegionSchema,
		jitterPolicy: JitterPolicyInputSchema,
	})
	.partial();
export type TenantPatch = z.infer<typeof TenantPatchSchema>;

export const TenantSchema = z
	.object({
		id: TenantIdSchema,
		name: z.string().nullable(),
		plan: PlanIdSchema,
		shards: z.int(),
		effectiveAt: InstantSchema.nullable().meta({
			description: "When new timers start to use `shards`; null when they do already",
		}),
		region: RegionSchema.nullable().meta({
			description: "Null where a shard is put near the call that first uses it",
		}),
		jitterPolicy: JitterPolicySchema,
		createdAt: InstantSchema,
	})
	.meta({ id: "Tenant" });
export type Tenant = z.infer<typeof TenantSchema>;

export const TenantCreatedSchema = z
	.object({ ...TenantSchema.shape, apiKey: z.string(), webhookSecret: z.string() })
	.meta({ id: "TenantCreated", description: "The secrets are shown this once" });

export const KeyCreateSchema = z.strictObject({
	name: z.string().min(1).max(LIMITS.nameLength),
	scopes: z.array(ScopeSchema).min(1).max(SCOPES.length),
	mailboxes: z
		.array(
			z
				.string()
				.max(128)
				.regex(/^[a-z0-9*][a-z0-9*._-]*$/i, "expected a mailbox name, * standing for any text"),
		)
		.min(1)
		.max(100)
		.optional(),
	expiresAt: InstantSchema.optional(),
});
export type KeyCreate = z.infer<typeof KeyCreateSchema>;

export const KeySchema = z
	.object({
		id: z.string(),
		name: z.string(),
		preview: z.string().meta({ description: "The beginning of the key" }),
		scopes: z.array(ScopeSchema),
		mailboxes: z.array(z.string()).nullable(),
		createdAt: InstantSchema,
		expiresAt: InstantSchema.nullable(),
	})
	.meta({ id: "Key" });
export type Key = z.infer<typeof KeySchema>;

export const KeyCreatedSchema = z
	.object({ ...KeySchema.shape, apiKey: z.string() })
	.meta({ id: "KeyCreated", description: "`apiKey` is shown this once" });

export const KeyHolderSchema = z
	.discriminatedUnion("kind", [
		z.object({
			kind: z.literal("tenant"),
			tenant: z.string(),
			plan: PlanIdSchema,
			keyId: z.string(),
			scopes: z.array(ScopeSchema),
			mailboxes: z.array(z.string()).nullable().meta({
				description: "Patterns of the mailboxes it is limited to",
			}),
			expiresAt: InstantSchema.nullable(),
		}),
		z.object({ kind: z.literal("operator") }),
	])
	.meta({ id: "KeyHolder", description: "Whose a key is, and what it may do" });
export type KeyHolder = z.infer<typeof KeyHolderSchema>;

export const SecretRotatedSchema = z
	.object({ webhookSecret: z.string(), previousSignsUntil: InstantSchema })
	.meta({ id: "SecretRotated" });

export const UsageSchema = z
	.object({
		plan: PlanIdSchema,
		activeTimers: z.object({ used: z.int(), limit: z.int().nullable() }),
		createsThisMinute: z.object({ used: z.int(), limit: z.int().nullable() }),
		shards: z.int(),
	})
	.meta({ id: "Usage" });
