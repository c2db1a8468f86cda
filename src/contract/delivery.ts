/** Deliveries, their attempts, and dead letters, as callers read them. */
import { z } from "zod";
import { ActionViewSchema, WebhookActionSchema } from "./action.ts";
import { DeliveryIdSchema, JobIdSchema, TimerIdSchema } from "./ids.ts";
import { JsonValueSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { MailboxNameSchema } from "./mailbox-name.ts";
import { PageQuerySchema } from "./page.ts";
import {
	REPOSITORY_DISPATCH,
	TO_REPOSITORY_DISPATCH,
	TO_SLACK_MESSAGE,
	TO_WORKFLOW_DISPATCH,
} from "./service-action.ts";
import { InstantSchema, LabelsSchema } from "./timer.ts";

export const DELIVERY_STATES = [
	"queued",
	"sending",
	/** A mailbox holds it until an agent acknowledges. */
	"accepted",
	"delivered",
	"retrying",
	"dead",
	"cancelled",
] as const;
export const DeliveryStateSchema = z.enum(DELIVERY_STATES);
export type DeliveryState = z.infer<typeof DeliveryStateSchema>;

/** Why an attempt ended as it did. */
export const ATTEMPT_OUTCOMES = [
	"delivered",
	"http_error",
	"timeout",
	"connection_failed",
	"destination_refused",
	"response_too_large",
	"lease_expired",
	/** An agent leased the message and did not acknowledge it. */
	"not_acknowledged",
	/** A template of the action could not be resolved, or not into a request. */
	"template_failed",
] as const;
export const AttemptOutcomeSchema = z.enum(ATTEMPT_OUTCOMES);
export type AttemptOutcome = z.infer<typeof AttemptOutcomeSchema>;

export const AttemptViewSchema = z
	.object({
		attempt: z.int().min(1),
		at: InstantSchema.meta({ description: "When the request was sent" }),
		durationMs: z.int().min(0).nullable(),
		outcome: AttemptOutcomeSchema,
		status: z.int().nullable().meta({ description: "HTTP status, where there was an answer" }),
		error: z.string().nullable(),
		excerpt: z.string().nullable().meta({ description: "The beginning of the response body" }),
	})
	.meta({ id: "Attempt" });
export type AttemptView = z.infer<typeof AttemptViewSchema>;

/** Why a delivery waits although nothing was sent. */
export const PostponeReasonSchema = z.enum(["circuit_open", "quiet_hours", "rate_limited"]);
export type PostponeReason = z.infer<typeof PostponeReasonSchema>;

export const PostponedViewSchema = z
	.object({
		until: InstantSchema.meta({ description: "Nothing is sent to the host before" }),
		reason: PostponeReasonSchema,
		host: z.string().meta({ description: "Host of the destination, with its port if it has one" }),
	})
	.meta({
		id: "Postponed",
		description: "The destination has failed again and again: it is spared, and no attempt counted",
	});

const delivery = {
	id: DeliveryIdSchema,
	timerId: TimerIdSchema,
	firing: z.int().min(1),
	action: z.int().min(0).meta({ description: "Index into the timer's actions" }),
	status: DeliveryStateSchema,
	attempts: z.int().min(0),
	nextAttemptAt: InstantSchema.nullable(),
	settledAt: InstantSchema.nullable(),
	lastAttempt: AttemptViewSchema.nullable(),
	postponed: PostponedViewSchema.nullable(),
} as const;
const toWebhook = { type: z.literal("webhook"), url: z.string() } as const;
const toAgent = {
	type: z.literal("agent"),
	mailbox: MailboxNameSchema,
	result: JsonValueSchema.nullable().meta({
		description: "What the agent acknowledged it with",
	}),
} as const;

export const DeliveryViewSchema = z
	.discriminatedUnion("type", [
		z.object({ ...delivery, ...toWebhook }).meta({ id: "WebhookDelivery" }),
		z.object({ ...delivery, ...toAgent }).meta({ id: "AgentDelivery" }),
		z.object({ ...delivery, ...TO_REPOSITORY_DISPATCH }).meta({ id: "RepositoryDispatchDelivery" }),
		z.object({ ...delivery, ...TO_WORKFLOW_DISPATCH }).meta({ id: "WorkflowDispatchDelivery" }),
		z.object({ ...delivery, ...TO_SLACK_MESSAGE }).meta({ id: "SlackMessageDelivery" }),
	])
	.meta({ id: "Delivery" });
export type DeliveryView = z.infer<typeof DeliveryViewSchema>;

const deadLetter = {
	...delivery,
	timerName: z.string().nullable(),
	labels: LabelsSchema,
	deadAt: InstantSchema,
	reason: z.string(),
	request: ActionViewSchema,
	history: z.array(AttemptViewSchema),
} as const;

export const DeadLetterViewSchema = z
	.discriminatedUnion("type", [
		z.object({ ...deadLetter, ...toWebhook }).meta({ id: "WebhookDeadLetter" }),
		z.object({ ...deadLetter, ...toAgent }).meta({ id: "AgentDeadLetter" }),
		z
			.object({ ...deadLetter, ...TO_REPOSITORY_DISPATCH })
			.meta({ id: "RepositoryDispatchDeadLetter" }),
		z.object({ ...deadLetter, ...TO_WORKFLOW_DISPATCH }).meta({ id: "WorkflowDispatchDeadLetter" }),
		z.object({ ...deadLetter, ...TO_SLACK_MESSAGE }).meta({ id: "SlackMessageDeadLetter" }),
	])
	.meta({ id: "DeadLetter" });
export type DeadLetterView = z.infer<typeof DeadLetterViewSchema>;

export const DeadLetterListQuerySchema = z.strictObject({
	...PageQuerySchema.shape,
	name: z.string().min(1).max(LIMITS.nameLength).optional(),
	label: z.preprocess(
		(value) => (value === undefined || Array.isArray(value) ? value : [value]),
		z.array(z.string().regex(/^[^:]+:.*$/s, "expected key:value")).optional(),
	),
	deadBefore: InstantSchema.optional(),
	deadAfter: InstantSchema.optional(),
	host: z.string().max(253).optional().meta({ description: "Host of the destination" }),
});

/**
 * What may be edited before a replay: of a webhook all but the last, of what speaks to a service the
 * token alone. The id, and so the `webhook-id`, stays the same.
 */
export const DeadLetterPatchSchema = z
	.strictObject({
		url: z.string().min(1).max(LIMITS.urlLength),
		method: WebhookActionSchema.shape.method.unwrap(),
		headers: z.record(z.string(), z.string()),
		body: JsonValueSchema,
		timeoutMs: WebhookActionSchema.shape.timeoutMs.unwrap(),
		token: REPOSITORY_DISPATCH.token,
	})
	.partial();
export type DeadLetterPatch = z.infer<typeof DeadLetterPatchSchema>;
/**
 * An edit as it is stored: its headers and its token sealed. One of an earlier release has its
 * headers in the open.
 */
export type StoredPatch = Omit<DeadLetterPatch, "token"> & {
	readonly sealedHeaders?: string;
	readonly sealedToken?: string;
	readonly tokenPreview?: string;
};

export const ReplayBodySchema = z.strictObject({ patch: DeadLetterPatchSchema.optional() });

export const BulkReplayBodySchema = z
	.strictObject({
		filter: z.strictObject({
			name: z.string().min(1).max(LIMITS.nameLength).optional(),
			labels: LabelsSchema.optional(),
			deadBefore: InstantSchema.optional(),
			deadAfter: InstantSchema.optional(),
			host: z.string().max(253).optional(),
		}),
		ratePerSecond: z.number().positive().max(LIMITS.replayPerSecondMax).optional(),
	})
	.meta({ id: "BulkReplayCall" });

export const BulkReplayAnswerSchema = z
	.object({
		replayed: z.int(),
		refused: z.int().meta({ description: "How many the quota of active timers had no room for" }),
		lastAt: InstantSchema.nullable().meta({ description: "When the last of them is due" }),
		jobId: JobIdSchema.optional(),
	})
	.meta({ id: "BulkReplayAnswer" });
