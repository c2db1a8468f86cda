/** What a timer does when it fires. Another type than these is `unsupported_action`. */
import { z } from "zod";
import { escalationOf } from "./escalation.ts";
import { JsonObjectSchema, JsonValueSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { MailboxNameSchema } from "./mailbox-name.ts";
import {
	REPOSITORY_DISPATCH,
	REPOSITORY_DISPATCH_VIEW,
	SLACK_MESSAGE,
	WORKFLOW_DISPATCH,
	WORKFLOW_DISPATCH_VIEW,
} from "./service-action.ts";

export const WebhookMethodSchema = z.enum(["POST", "PUT", "PATCH", "DELETE", "GET"]);

const webhook = {
	type: z.literal("webhook"),
	url: z.string().min(1).max(LIMITS.urlLength),
	method: WebhookMethodSchema.optional(),
	headers: z.record(z.string(), z.string()).optional(),
	body: JsonValueSchema.optional().meta({
		description: "Sent as JSON instead of the default body; not allowed with method GET",
	}),
	timeoutMs: z.int().min(LIMITS.timeoutMsMin).max(LIMITS.timeoutMsMax).optional(),
	message: z.string().max(LIMITS.messageLength).optional().meta({
		description: "`message` of the default body, instead of the timer's",
	}),
	data: JsonObjectSchema.optional().meta({
		description: "Merged into `data` of the default body",
	}),
} as const;

const agent = {
	type: z.literal("agent"),
	mailbox: MailboxNameSchema.meta({ description: "Where an agent pulls the message from" }),
	command: JsonObjectSchema.optional().meta({ description: "Handed to the agent as it is" }),
	ackTimeoutMs: z.int().min(LIMITS.leaseMsMin).max(LIMITS.leaseMsMax).optional().meta({
		description: "How long an agent that has pulled it may take to acknowledge",
	}),
	ttlMs: z.int().min(LIMITS.leaseMsMin).max(LIMITS.messageTtlMsMax).optional().meta({
		description: "How long it waits to be acknowledged before it is given up",
	}),
} as const;

export const EscalationSchema = escalationOf(
	z.discriminatedUnion("type", [
		z.strictObject(webhook).meta({ id: "WebhookStep" }),
		z.strictObject(agent).meta({ id: "AgentStep" }),
		z.strictObject(REPOSITORY_DISPATCH).meta({ id: "RepositoryDispatchStep" }),
		z.strictObject(WORKFLOW_DISPATCH).meta({ id: "WorkflowDispatchStep" }),
		z.strictObject(SLACK_MESSAGE).meta({ id: "SlackMessageStep" }),
	]),
).meta({
	id: "Escalation",
	description: "What else is done, step by step, until somebody acknowledges",
});
export type EscalationInput = z.infer<typeof EscalationSchema>;

const escalation = EscalationSchema.optional();

export const WebhookActionSchema = z
	.strictObject({ ...webhook, escalation })
	.meta({ id: "WebhookAction" });
export type WebhookActionInput = z.infer<typeof WebhookActionSchema>;

export const AgentActionSchema = z
	.strictObject({ ...agent, escalation })
	.meta({ id: "AgentAction" });
export type AgentActionInput = z.infer<typeof AgentActionSchema>;

export const RepositoryDispatchSchema = z
	.strictObject({ ...REPOSITORY_DISPATCH, escalation })
	.meta({ id: "RepositoryDispatchAction" });

export const WorkflowDispatchSchema = z
	.strictObject({ ...WORKFLOW_DISPATCH, escalation })
	.meta({ id: "WorkflowDispatchAction" });

export const SlackMessageSchema = z
	.strictObject({ ...SLACK_MESSAGE, escalation })
	.meta({ id: "SlackMessageAction" });

/** An action that speaks to a service by its own API. */
export type ServiceActionInput =
	| z.infer<typeof RepositoryDispatchSchema>
	| z.infer<typeof WorkflowDispatchSchema>
	| z.infer<typeof SlackMessageSchema>;

export const ActionSchema = z.discriminatedUnion("type", [
	WebhookActionSchema,
	AgentActionSchema,
	RepositoryDispatchSchema,
	WorkflowDispatchSchema,
	SlackMessageSchema,
]);
export type ActionInput = z.infer<typeof ActionSchema>;

const bodyRef = z.strictObject({ sha256: z.string(), bytes: z.int() }).optional().meta({
	description: "Instead of a body over 32 KiB, where the timer stands in a list",
});

export const EscalationViewSchema = escalationOf(
	z.discriminatedUnion("type", [
		z.strictObject({ ...webhook, bodyRef }).meta({ id: "WebhookStepView" }),
		z.strictObject(agent).meta({ id: "AgentStepView" }),
		z.strictObject(REPOSITORY_DISPATCH_VIEW).meta({ id: "RepositoryDispatchStepView" }),
		z.strictObject(WORKFLOW_DISPATCH_VIEW).meta({ id: "WorkflowDispatchStepView" }),
		z.strictObject(SLACK_MESSAGE).meta({ id: "SlackMessageStepView" }),
	]),
).meta({ id: "EscalationView" });
export type EscalationView = z.infer<typeof EscalationViewSchema>;

const escalationView = EscalationViewSchema.optional();

/** An action as it is shown: with its defaults, and a large body by reference in lists. */
export const ActionViewSchema = z
	.discriminatedUnion("type", [
		z
			.strictObject({ ...webhook, bodyRef, escalation: escalationView })
			.meta({ id: "WebhookActionView" }),
		z.strictObject({ ...agent, escalation: escalationView }).meta({ id: "AgentActionView" }),
		z
			.strictObject({ ...REPOSITORY_DISPATCH_VIEW, escalation: escalationView })
			.meta({ id: "RepositoryDispatchActionView" }),
		z
			.strictObject({ ...WORKFLOW_DISPATCH_VIEW, escalation: escalationView })
			.meta({ id: "WorkflowDispatchActionView" }),
		z
			.strictObject({ ...SLACK_MESSAGE, escalation: escalationView })
			.meta({ id: "SlackMessageActionView" }),
	])
	.meta({ id: "Action" });
export type ActionView = z.infer<typeof ActionViewSchema>;
