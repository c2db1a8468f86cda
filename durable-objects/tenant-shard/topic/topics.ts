/**
 * What a shard knows of topics: the last event of each, for conditions, and which timers listen. A
 * tenant's events go to all its shards, so each of them knows of all.
 */
import type { TopicEvent } from "../../../src/core/topic-event.ts";
import { TOPICS_DROPPED, TOPICS_KEPT } from "../constants.ts";
import type { Shard } from "../shard.ts";
import type { TopicRow } from "../statements/topic.ts";

/** The last event of a topic; undefined while there was none, or none for long. */
function lastEventOf(shard: Shard, topic: string): TopicEvent | undefined {
	const row = shard.store.getTopic.first(topic);
	return row === undefined ? undefined : readEvent(row);
}

/** The last events of all topics, on from a name. */
export function lastEventsAfter(shard: Shard, after: string, limit: number): readonly TopicEvent[] {
	return shard.store.topicsAfter.all(after, limit).map(readEvent);
}

/** The last events of those of `names` that are topics. */
export function lastEventsOf(
	shard: Shard,
	names: Iterable<string>,
): Readonly<Record<string, TopicEvent>> {
	const events = new Map<string, TopicEvent>();
	for (const name of names) {
		const event = lastEventOf(shard, name);
		if (event !== undefined) events.set(name, event);
	}
	return Object.fromEntries(events);
}

/** Keeps an event as the last of its topic, unless it has been overtaken on its way here. */
export function rememberEvent(shard: Shard, event: TopicEvent): void {
	const { store } = shard;
	const known = store.getTopic.first(event.topic);
	const publishedAt = Date.parse(event.publishedAt);
	if (known !== undefined && known.published_at > publishedAt) return;
	store.putTopic.run(event.topic, publishedAt, JSON.stringify(event));
	if (known !== undefined) return;
	// Topics are names that callers invent: those that were silent for longest are forgotten.
	if ((store.countTopics.first()?.n ?? 0) > TOPICS_KEPT) store.deleteOldTopics.run(TOPICS_DROPPED);
}

function readEvent({ event }: TopicRow): TopicEvent {
	// Only `rememberEvent` writes this text.
	return JSON.parse(event) as TopicEvent;
}
