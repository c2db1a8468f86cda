/** Publishing an event under a topic, for timers that wait for one and for whoever follows events. */
import { z } from "zod";
import { JsonValueSchema } from "./json.ts";
import { LIMITS } from "./limits.ts";
import { InstantSchema } from "./timer.ts";

export const TopicSchema = z
	.string()
	.min(1)
	.max(LIMITS.topicLength)
	.regex(/^\P{Cc}*$/u, "expected no control characters")
	.meta({ id: "Topic", description: "Compared as it is written, e.g. orders.paid" });

export const EventPublishSchema = z
	.strictObject({
		topic: TopicSchema,
		payload: JsonValueSchema.optional().meta({ description: "Any JSON value; null unless given" }),
		source_agent_id: z.string().min(1).max(LIMITS.nameLength).optional().meta({
			description: "Who publishes, as the founding systems named it",
		}),
	})
	.meta({ id: "EventPublish" });
export type EventPublish = z.infer<typeof EventPublishSchema>;

export const PublishedSchema = z
	.object({
		id: z.string().meta({ description: "The id of its `event.published`" }),
		topic: TopicSchema,
		publishedAt: InstantSchema,
	})
	.meta({ id: "Published" });
export type Published = z.infer<typeof PublishedSchema>;
