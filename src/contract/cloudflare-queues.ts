/**
 * The HTTP API of Cloudflare Queues, as far as mailboxes speak it: the shapes that its official SDKs
 * send and read (`queues.messages` of `cloudflare` 7 and others; "Pull consumers" in its docs). Its
 * names and its units, not ours. What a caller sends beyond them is ignored, as there.
 */
import { z } from "zod";
import { JsonValueSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";

const SECOND_MS = 1_000;

const DelaySecondsSchema = z
	.int()
	.min(0)
	.max(LIMITS.messageDelayMsMax / SECOND_MS);

export const QueuePullCallSchema = z
	.object({
		batch_size: z.int().min(1).max(LIMITS.pullBatchMax).optional(),
		visibility_timeout_ms: z.int().min(LIMITS.leaseMsMin).max(LIMITS.leaseMsMax).optional(),
	})
	.meta({ id: "QueuePullCall" });

export const QueueMessageSchema = z
	.object({
		id: z.string(),
		lease_id: z.string(),
		attempts: z.int(),
		body: z.string().meta({ description: "Text as it is, any other JSON as base64" }),
		metadata: z.object({ "CF-Content-Type": z.enum(["text", "json"]) }),
		timestamp_ms: z.int(),
	})
	.meta({ id: "QueueMessage" });

export const QueuePullResultSchema = z.object({
	message_backlog_count: z.int(),
	messages: z.array(QueueMessageSchema),
});

const LeaseIdSchema = z.string().max(100);

export const QueueAckCallSchema = z
	.object({
		acks: z
			.array(z.object({ lease_id: LeaseIdSchema }))
			.max(LIMITS.pullBatchMax)
			.optional(),
		retries: z
			.array(z.object({ lease_id: LeaseIdSchema, delay_seconds: DelaySecondsSchema.optional() }))
			.max(LIMITS.pullBatchMax)
			.optional(),
	})
	.meta({ id: "QueueAckCall" });

export const QueueAckResultSchema = z.object({
	ackCount: z.int(),
	retryCount: z.int(),
	warnings: z
		.record(z.string(), z.string())
		.meta({ description: "By lease, why nothing became of it" }),
});

export const QueuePushCallSchema = z
	.object({
		body: JsonValueSchema,
		content_type: z.enum(["text", "json"]).optional(),
		delay_seconds: DelaySecondsSchema.optional(),
	})
	.refine(({ content_type, body }) => content_type !== "text" || typeof body === "string", {
		path: ["body"],
		message: "expected text, as content_type says",
	})
	.meta({ id: "QueuePushCall" });

export const QueueBulkPushCallSchema = z
	.object({
		messages: z.array(QueuePushCallSchema).min(1).max(LIMITS.pullBatchMax),
		delay_seconds: DelaySecondsSchema.optional(),
	})
	.meta({ id: "QueueBulkPushCall" });

const NoticeSchema = z.object({ code: z.int(), message: z.string() });

/** A push answers an empty result: the metrics of a backlog are optional there. */
export const QueuePushResultSchema = z.object({});

/** What every answer stands in. */
export function queueEnvelopeOf<T extends z.ZodType>(result: T) {
	return z.object({
		success: z.literal(true),
		errors: z.array(NoticeSchema),
		messages: z.array(NoticeSchema),
		result,
	});
}

export const QueueFailureSchema = z
	.object({
		success: z.literal(false),
		errors: z.array(
			z.object({
				code: z.int().meta({ description: "The HTTP status" }),
				message: z.string(),
				documentation_url: z.string(),
			}),
		),
		messages: z.array(NoticeSchema),
		result: z.null(),
	})
	.meta({ id: "QueueFailure", description: "A failure in Cloudflare's own envelope" });
