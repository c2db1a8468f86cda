/**
 * The shapes of the founding systems, accepted on input only and normalised at the edge
 * (`core/founding-shapes.ts`). Kinds that are not built are named here so that they are refused as
 * `unsupported_action` rather than dropped.
 */
import { z } from "zod";
import { JsonObjectSchema, JsonValueSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";

export const FoundingWebhookSchema = z.union([
	z.string().min(1).max(LIMITS.urlLength),
	z.strictObject({
		url: z.string().min(1).max(LIMITS.urlLength),
		method: z.string().optional(),
		headers: z.record(z.string(), z.string()).optional(),
		body: JsonValueSchema.optional(),
		timeoutMs: z.int().optional(),
		message: z.string().max(LIMITS.messageLength).optional(),
		data: JsonObjectSchema.optional(),
	}),
]);

export const FoundingEventsSchema = z.strictObject({
	on_expire: z.strictObject({
		webhook: FoundingWebhookSchema.optional(),
		message: JsonValueSchema.optional(),
		command: JsonValueSchema.optional(),
		file_write: JsonValueSchema.optional(),
	}),
});

export const FoundingRetryPolicySchema = z.strictObject({
	maxAttempts: z.int().min(1).max(LIMITS.attemptsMax).optional(),
	backoffInitialMs: z.int().min(0).max(LIMITS.retryDelayMsMax).optional(),
	backoffMultiplier: z.number().positive().max(100).optional(),
});

export const FoundingActionBundleSchema = z.strictObject({
	actions: z
		.array(
			z.strictObject({
				id: z.string().min(1).max(LIMITS.nameLength),
				kind: z.string().min(1),
				parameters: JsonObjectSchema,
				escalation: JsonValueSchema.optional(),
			}),
		)
		.min(1)
		.max(LIMITS.actionsPerTimer),
	concurrency: z.int().positive().optional(),
	retryPolicy: FoundingRetryPolicySchema.optional(),
});

/** How the founding scheduler wrote when: members of the timer itself. */
export const FoundingScheduleSchemas = {
	schedule_kind: z.enum(["cron", "rrule", "once", "event", "condition"]).meta({
		description: "What `schedule_expr` is, as the founding scheduler has it",
	}),
	schedule_expr: z.string().max(LIMITS.ruleLength),
	timezone: z.string().max(64).meta({ description: "Of `schedule_expr`" }),
} as const;

/** An agent that is told when the timer fires: today an action of type `agent`. */
export const AgentBindingSchema = z.strictObject({
	adapter: z.enum(["mcp", "langchain", "autogen", "custom"]).optional(),
	target: z.string().min(1).max(LIMITS.urlLength),
	payloadTemplate: JsonObjectSchema.optional(),
	acknowledgementTimeoutMs: z.int().min(LIMITS.leaseMsMin).max(LIMITS.leaseMsMax).optional(),
});

export type AgentBinding = z.infer<typeof AgentBindingSchema>;
export type FoundingEvents = z.infer<typeof FoundingEventsSchema>;
export type FoundingActionBundle = z.infer<typeof FoundingActionBundleSchema>;
export type FoundingRetryPolicy = z.infer<typeof FoundingRetryPolicySchema>;
