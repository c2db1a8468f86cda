/**
 * An event that a caller published under a topic: as templates and conditions see it, as a firing
 * keeps it, and as a shard tells it to another one.
 */
import type { JsonObject, JsonValue } from "../contract/json.ts";

export type TopicEvent = {
	/** The public id; the same in the stream of events. */
	readonly id: string;
	readonly topic: string;
	/** RFC 3339, so that templates can write it as it is. */
	readonly publishedAt: string;
	readonly payload: JsonValue;
	/** Who published it, where the caller has said so. */
	readonly source?: string;
};

/** Bytes of a payload that the stream of events shows; of a larger one it says how large it is. */
const PAYLOAD_SHOWN_BYTES = 1_024;

/** What the stream of events says of one. */
export function publishedData(event: Omit<TopicEvent, "id">, payloadBytes: number): JsonObject {
	const { topic, source, payload } = event;
	return {
		topic,
		...(source !== undefined && { source }),
		...(payloadBytes <= PAYLOAD_SHOWN_BYTES ? { payload } : { payloadBytes }),
	};
}
