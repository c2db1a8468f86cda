/** Live events: how a stream is asked for, and the token that a browser shows instead of a key. */
import { z } from "zod";
import { TimerIdSchema } from "./ids.ts";
import { InstantSchema } from "./timer.ts";

const TOPIC = "(?:\\*|[a-z]+\\.(?:\\*|[a-z]*))";

export const StreamQuerySchema = z.strictObject({
	topic: z
		.string()
		.max(1_024)
		.regex(new RegExp(`^${TOPIC}(?:,${TOPIC})*$`), "expected types like timer.fired, or timer.*")
		.optional()
		.meta({ description: "Types or prefixes (`timer.*`) of events, separated by commas" }),
	timer: TimerIdSchema.optional().meta({ description: "Only events of this timer" }),
	lastEventId: z
		.string()
		.max(1_024)
		.optional()
		.meta({ description: "Resume after this id; the header `Last-Event-ID` wins over it" }),
	token: z
		.string()
		.max(512)
		.optional()
		.meta({ description: "A stream token, where no key can be sent" }),
});
export type StreamQuery = z.infer<typeof StreamQuerySchema>;

export const StreamTokenSchema = z
	.object({
		token: z.string().meta({ description: "For `?token=`, once" }),
		expiresAt: InstantSchema,
	})
	.meta({ id: "StreamToken" });

/** What a stream tells of itself instead of events that are kept no longer. */
export const STREAM_GAP_TYPE = "stream.gap";
