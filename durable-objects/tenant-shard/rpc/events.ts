/**
 * Events, as they are published, and as the event hub and other shards read them. Part of the
 * boundary in rpc.ts.
 */
import type { Result } from "../../../src/core/result.ts";
import type { TopicEvent } from "../../../src/core/topic-event.ts";
import type { IdempotencyClaim, ShardCall, ShardError } from "./call.ts";
import type { EventPosition, EventsAfter } from "./records.ts";

/** An event to be published; `payload` is JSON text. */
export type NewEvent = {
	readonly topic: string;
	readonly payload: string;
	readonly source: string | null;
};

/** An event as its publisher is answered. */
export type PublishedEvent = {
	readonly id: string;
	/** RFC 3339. */
	readonly publishedAt: string;
	/** Whether the same request was answered before. */
	readonly replayed: boolean;
};

export interface EventCalls {
	/** Records an event and tells every shard of the tenant. */
	publish(
		call: ShardCall,
		event: NewEvent,
		idempotency: IdempotencyClaim | null,
	): Promise<Result<PublishedEvent, ShardError>>;
	/** What a publisher was answered with under an earlier shard count; null when it is not known. */
	findPublished(idempotency: IdempotencyClaim): Promise<Result<PublishedEvent | null, ShardError>>;
	/** From a shard that is new: the last event of each topic, on from a name. */
	lastEvents(after: string, limit: number): Promise<readonly TopicEvent[]>;
	/** From the event hub: what has happened since `position`; null asks for the end alone. */
	eventsAfter(position: EventPosition | null, limit?: number): Promise<EventsAfter>;
	/** From the event hub: it wants to be poked of new events until `until` (epoch ms). Answers where
	 * the events end now. */
	registerHub(call: ShardCall, until: number): Promise<EventPosition>;
}
