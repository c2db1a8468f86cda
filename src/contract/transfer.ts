/** Timers as files: what an export answers and an import takes. */
import { z } from "zod";
import { TimerIdSchema } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { MailboxNameSchema } from "./mailbox-name.ts";
import { TimerCreateSchema } from "./timer.ts";
import { BatchItemErrorSchema } from "./timer-calls.ts";
import { TimerListQuerySchema } from "./timer-list.ts";

const { status, label, name, dueBefore, dueAfter } = TimerListQuerySchema.shape;

export const ExportQuerySchema = z.strictObject({
	format: z.enum(["ndjson", "ical"]).default("ndjson"),
	status,
	label,
	name,
	dueBefore,
	dueAfter,
});
export type ExportQuery = z.infer<typeof ExportQuerySchema>;

export const IMPORT_FORMATS = ["json", "ical", "crontab"] as const;
export type ImportFormat = (typeof IMPORT_FORMATS)[number];

export const ImportQuerySchema = z.strictObject({
	format: z.enum(IMPORT_FORMATS).optional().meta({
		description: "What the body is, where its Content-Type does not say so",
	}),
	dryRun: z.enum(["true", "false"]).default("false"),
	once: z.enum(["true", "false"]).default("false").meta({
		description:
			"Whether a line that an import with `once` has brought already is answered with the timer it made then: while that runs, and for 30 days at least",
	}),
	url: z.string().min(1).max(LIMITS.urlLength).optional().meta({
		description: "What is called for a line that names no action of its own",
	}),
	mailbox: MailboxNameSchema.optional().meta({
		description: "Who gets a message for a line that names no action of its own",
	}),
	timezone: z.string().min(1).max(64).optional().meta({
		description: "IANA name, for local times that come without a zone. UTC unless given",
	}),
});
export type ImportQuery = z.infer<typeof ImportQuerySchema>;

/** The body, which is not JSON of one shape, and what its Content-Type says it is. */
export const ImportBodySchema = z.object({ format: z.enum(IMPORT_FORMATS), text: z.string() });
export type ImportBody = z.infer<typeof ImportBodySchema>;

const line = {
	index: z.int().min(0),
	source: z.string().nullable().meta({ description: "What it was called where it came from" }),
};

export const ImportResultSchema = z.union([
	z.object({
		...line,
		id: TimerIdSchema,
		existing: z.literal(true).optional().meta({
			description: "It was there already, under the line's dedupe key",
		}),
		warning: z.string().optional().meta({ description: "In what it is not as it was" }),
	}),
	z.object({ ...line, timer: TimerCreateSchema }).meta({
		description: "With `dryRun`: what would be created",
	}),
	z.object({ ...line, skipped: z.string() }),
	z.object({ ...line, error: BatchItemErrorSchema }),
]);
export type ImportResult = z.infer<typeof ImportResultSchema>;

export const ImportAnswerSchema = z
	.object({
		created: z.int(),
		existing: z.int().meta({ description: "Lines whose timer was there already" }),
		skipped: z.int(),
		failed: z.int(),
		dryRun: z.boolean(),
		results: z.array(ImportResultSchema),
	})
	.meta({ id: "ImportAnswer" });
export type ImportAnswer = z.infer<typeof ImportAnswerSchema>;
