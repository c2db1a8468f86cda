/** Mailboxes: the calls by which agents pull work, keep it, and say what became of it. */
import { z } from "zod";
import { JsonValueSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { PageQuerySchema } from "./page.ts";
import { InstantSchema } from "./timer.ts";

export { MailboxNameSchema } from "./mailbox-name.ts";

export const PullCallSchema = z
	.strictObject({
		batchSize: z.int().min(1).max(LIMITS.pullBatchMax).optional(),
		visibilityTimeoutMs: z
			.int()
			.min(LIMITS.leaseMsMin)
			.max(LIMITS.leaseMsMax)
			.optional()
			.meta({ description: "How long the lease lasts; the message's own deadline by default" }),
		waitMs: z.int().min(0).max(LIMITS.pullWaitMsMax).optional(),
	})
	.meta({ id: "PullCall" });

export const PulledMessageSchema = z
	.object({
		id: z.string().meta({ description: "The delivery's id, or msg_… of a message put in by hand" }),
		leaseId: z.string(),
		attempts: z.int().min(1),
		priority: z.int(),
		enqueuedAt: InstantSchema,
		leaseExpiresAt: InstantSchema,
		body: JsonValueSchema,
		traceparent: z.string().nullable(),
	})
	.meta({ id: "PulledMessage" });

export const PullAnswerSchema = z
	.object({
		messages: z.array(PulledMessageSchema),
		backlog: z.int().meta({ description: "Messages that wait for an agent" }),
	})
	.meta({ id: "PullAnswer" });

export const AckCallSchema = z
	.strictObject({
		acks: z
			.array(z.strictObject({ leaseId: z.string().max(100), result: JsonValueSchema.optional() }))
			.max(LIMITS.pullBatchMax)
			.optional(),
		retries: z
			.array(
				z.strictObject({
					leaseId: z.string().max(100),
					delayMs: z.int().min(0).max(LIMITS.messageDelayMsMax).optional(),
					reason: z.string().max(LIMITS.reasonLength).optional(),
					notStarted: z.boolean().optional().meta({
						description: "Nothing was begun, so that the lease counts as no attempt",
					}),
				}),
			)
			.max(LIMITS.pullBatchMax)
			.optional(),
	})
	.meta({ id: "AckCall" });

/** `stale`: the lease has ended or was settled; nothing changed. */
export const LEASE_OUTCOMES = ["acknowledged", "retried", "dead", "extended", "stale"] as const;
export const LeaseOutcomeSchema = z
	.object({
		leaseId: z.string(),
		outcome: z.enum(LEASE_OUTCOMES),
		leaseExpiresAt: InstantSchema.optional(),
	})
	.meta({ id: "LeaseOutcome" });

export const AckAnswerSchema = z
	.object({
		ackCount: z.int(),
		retryCount: z.int(),
		acks: z.array(LeaseOutcomeSchema),
		retries: z.array(LeaseOutcomeSchema),
	})
	.meta({ id: "AckAnswer" });

export const ExtendCallSchema = z
	.strictObject({
		leases: z
			.array(
				z.strictObject({
					leaseId: z.string().max(100),
					byMs: z.int().min(LIMITS.leaseMsMin).max(LIMITS.leaseMsMax),
				}),
			)
			.min(1)
			.max(LIMITS.pullBatchMax),
	})
	.meta({ id: "ExtendCall" });

export const ExtendAnswerSchema = z
	.object({ leases: z.array(LeaseOutcomeSchema) })
	.meta({ id: "ExtendAnswer" });

export const PutMessageSchema = z
	.strictObject({
		body: JsonValueSchema,
		delayMs: z.int().min(0).max(LIMITS.messageDelayMsMax).optional(),
		priority: z.int().min(1).max(9).optional(),
		ttlMs: z.int().min(LIMITS.leaseMsMin).max(LIMITS.messageTtlMsMax).optional(),
		ackTimeoutMs: z.int().min(LIMITS.leaseMsMin).max(LIMITS.leaseMsMax).optional(),
		maxAttempts: z.int().min(1).max(LIMITS.attemptsMax).optional(),
	})
	.meta({ id: "PutMessageCall" });

export const PutAnswerSchema = z
	.object({ id: z.string(), enqueuedAt: InstantSchema })
	.meta({ id: "PutMessageAnswer" });

export const MailboxSchema = z
	.object({
		name: z.string(),
		/** Waiting for an agent now. */
		depth: z.int(),
		leased: z.int(),
		delayed: z.int(),
		dead: z.int().meta({ description: "Messages put in by hand that were given up" }),
		oldestAgeMs: z.int().nullable().meta({ description: "Age of the oldest waiting message" }),
		createdAt: InstantSchema,
	})
	.meta({ id: "Mailbox" });

/** Smaller pages than other lists have: each mailbox on one is asked for its state. */
export const MailboxListQuerySchema = PageQuerySchema.extend({
	limit: z.coerce.number().int().min(1).max(LIMITS.mailboxPageMax).default(LIMITS.pageDefault),
});

export const MailboxDeletedSchema = z.object({ deleted: z.object({ messages: z.int() }) });

export const MessageReplayedSchema = z.object({ id: z.string() });

/** A message put in by hand that was given up: expired, or all its attempts used. */
export const DeadMessageSchema = z
	.object({
		id: z.string(),
		body: JsonValueSchema,
		priority: z.int(),
		attempts: z.int(),
		enqueuedAt: InstantSchema,
		deadAt: InstantSchema,
		reason: z.string(),
	})
	.meta({ id: "DeadMessage" });
