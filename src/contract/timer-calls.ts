/** Bodies and answers of the calls on timers other than create, change and read. */
import { z } from "zod";
import { FieldErrorSchema } from "./error.ts";
import { JobIdSchema, TimerIdSchema } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { TimerViewSchema } from "./timer.ts";
import { TimerFilterSchema } from "./timer-list.ts";

const ReasonSchema = z.string().max(LIMITS.reasonLength);

export const BatchItemErrorSchema = z.object({
	code: z.string(),
	message: z.string(),
	errors: z.array(FieldErrorSchema).optional(),
});
export type BatchItemError = z.infer<typeof BatchItemErrorSchema>;

export const BatchResultSchema = z.union([
	z.object({ index: z.int().min(0), id: TimerIdSchema }),
	z.object({ index: z.int().min(0), error: BatchItemErrorSchema }),
]);
export type BatchResult = z.infer<typeof BatchResultSchema>;

export const BatchAnswerSchema = z
	.object({ created: z.int(), failed: z.int(), results: z.array(BatchResultSchema) })
	.meta({ id: "BatchAnswer" });
export type BatchAnswer = z.infer<typeof BatchAnswerSchema>;

export const CancelBodySchema = z.strictObject({
	reason: ReasonSchema.optional(),
	tenantId: z.string().max(64).optional(),
	requestedBy: z.string().max(LIMITS.nameLength).optional(),
});
export type CancelBody = z.infer<typeof CancelBodySchema>;

export const CANCEL_OUTCOMES = ["cancelled", "already_fired", "in_flight"] as const;
export const CancelAnswerSchema = z
	.object({ outcome: z.enum(CANCEL_OUTCOMES), timer: TimerViewSchema })
	.meta({ id: "CancelAnswer" });
export type CancelOutcome = (typeof CANCEL_OUTCOMES)[number];

export const DeleteAnswerSchema = z
	.object({ deleted: z.object({ deliveries: z.int(), events: z.int() }) })
	.meta({ id: "DeleteAnswer" });

export const BulkBodySchema = z
	.strictObject({
		action: z.enum(["cancel", "delete"]),
		filter: TimerFilterSchema,
		dryRun: z.boolean().optional(),
		reason: ReasonSchema.optional(),
	})
	.meta({ id: "BulkCall" });
export type BulkBody = z.infer<typeof BulkBodySchema>;

export const BulkAnswerSchema = z
	.object({
		action: z.enum(["cancel", "delete"]),
		matched: z.int(),
		changed: z.int().meta({ description: "How many of them the action changed" }),
		dryRun: z.boolean(),
	})
	.meta({ id: "BulkAnswer" });

export const JobSchema = z
	.object({
		jobId: JobIdSchema,
		action: z.string(),
		status: z.enum(["running", "done"]),
		matched: z.int(),
		processed: z.int(),
		changed: z.int(),
	})
	.meta({ id: "Job" });
export type Job = z.infer<typeof JobSchema>;
