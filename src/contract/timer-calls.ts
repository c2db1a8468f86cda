/** Bodies and answers of the calls on timers other than create, change and read. */
import { z } from "zod";
import { FieldErrorSchema } from "./error.ts";
import { JobIdSchema, TimerIdSchema } from "./ids.ts";
import { JsonObjectSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { DurationSchema, InstantSchema, TimerViewSchema } from "./timer.ts";
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

export const NoteBodySchema = z
	.strictObject({
		note: ReasonSchema.optional().meta({ description: "Shown with the timer, kept in its events" }),
	})
	.meta({ id: "NoteCall" });

export const SnoozeBodySchema = z
	.strictObject({
		by: DurationSchema.optional().meta({ description: "How much later than it is due now" }),
		until: InstantSchema.optional().meta({ description: "When it is to fire instead" }),
	})
	.meta({ id: "SnoozeCall", description: "One of `by` and `until`" });
export type SnoozeBody = z.infer<typeof SnoozeBodySchema>;

const params = JsonObjectSchema.optional().meta({
	description: "Instead of the timer's, for this firing alone",
});
const FiringNumberSchema = z.int().min(1).meta({ description: "Number of a firing, its `seq`" });

export const RunBodySchema = z.strictObject({ params }).meta({ id: "RunCall" });
export type RunBody = z.infer<typeof RunBodySchema>;

export const RunAnswerSchema = z
	.object({ firing: FiringNumberSchema, timer: TimerViewSchema })
	.meta({ id: "RunAnswer" });

export const ReplayFiringBodySchema = z
	.strictObject({
		firing: FiringNumberSchema.optional().meta({
			description: "Which firing; the newest that has ended, unless given",
		}),
		params,
	})
	.meta({ id: "ReplayFiringCall" });
export type ReplayFiringBody = z.infer<typeof ReplayFiringBodySchema>;

export const ReplayFiringAnswerSchema = z
	.object({ firing: FiringNumberSchema, replayOf: FiringNumberSchema, timer: TimerViewSchema })
	.meta({ id: "ReplayFiringAnswer" });

export const BackfillBodySchema = z
	.strictObject({
		from: InstantSchema.meta({ description: "The first instant whose occurrence counts" }),
		to: InstantSchema.meta({ description: "The last one; not in the future" }),
		overlap: z.enum(["buffer_all", "allow"]).optional().meta({
			description: "One firing after the other (the default), or all at once",
		}),
	})
	.meta({ id: "BackfillCall" });
export type BackfillBody = z.infer<typeof BackfillBodySchema>;

export const BackfillAnswerSchema = z
	.object({
		firings: z.int().min(0).meta({ description: "How many occurrences are filled in" }),
		nextAt: InstantSchema.nullable().meta({
			description: "Where the next call goes on, if one call may not fill in all",
		}),
	})
	.meta({ id: "BackfillAnswer" });

export const AcknowledgeBodySchema = z
	.strictObject({
		note: ReasonSchema.optional(),
		firing: FiringNumberSchema.optional().meta({
			description: "Up to which firing; all that have fired, unless given",
		}),
	})
	.meta({ id: "AcknowledgeCall" });
export type AcknowledgeBody = z.infer<typeof AcknowledgeBodySchema>;

export const BULK_ACTIONS = ["cancel", "delete", "pause", "resume", "run", "replay"] as const;
export const BulkActionSchema = z.enum(BULK_ACTIONS);

export const BulkBodySchema = z
	.strictObject({
		action: BulkActionSchema,
		filter: TimerFilterSchema,
		dryRun: z.boolean().optional(),
		reason: ReasonSchema.optional().meta({
			description: "Why they are cancelled, or the note of a pause or resume",
		}),
	})
	.meta({ id: "BulkCall" });
export type BulkBody = z.infer<typeof BulkBodySchema>;

export const ENDED_STATUSES = ["settled", "failed", "cancelled", "skipped"] as const;

export const CleanupBodySchema = z
	.strictObject({
		olderThan: DurationSchema.meta({ description: "How long ago they have ended, at least" }),
		statuses: z.array(z.enum(ENDED_STATUSES)).min(1).optional().meta({
			description: "How they have ended; however, unless given",
		}),
		dryRun: z.boolean().optional(),
	})
	.meta({ id: "CleanupCall" });
export type CleanupBody = z.infer<typeof CleanupBodySchema>;

export const BulkAnswerSchema = z
	.object({
		action: BulkActionSchema,
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
