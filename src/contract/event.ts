/** Events: CloudEvents 1.0 JSON objects with the extensions `tenantid`, `sequence`, `traceparent`. */
import { z } from "zod";
import { JsonObjectSchema } from "./json.ts";
import { InstantSchema } from "./timer.ts";

/** Position in this list is the code stored in event chunks: append only. */
export const EVENT_TYPES = [
	"timer.created",
	"timer.updated",
	"timer.fired",
	"timer.settled",
	"timer.failed",
	"timer.cancelled",
	"timer.deleted",
	"delivery.attempted",
	"delivery.delivered",
	"delivery.retrying",
	"delivery.dead",
	"message.leased",
	"message.acknowledged",
	"message.expired",
	"timer.paused",
	"timer.resumed",
	"timer.skipped",
	"timer.acknowledged",
	"timer.escalated",
	"firing.settled",
	"firing.failed",
	"firing.cancelled",
	"event.published",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export const EventSchema = z
	.object({
		specversion: z.literal("1.0"),
		id: z.string(),
		source: z.string(),
		type: z.enum(EVENT_TYPES),
		time: InstantSchema,
		subject: z.string(),
		datacontenttype: z.literal("application/json"),
		tenantid: z.string(),
		sequence: z.string(),
		traceparent: z.string().optional(),
		data: JsonObjectSchema,
	})
	.meta({ id: "Event" });
export type EventView = z.infer<typeof EventSchema>;
