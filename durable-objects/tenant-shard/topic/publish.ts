/**
 * Publishing an event: one shard records it, and tells all shards of the tenant, itself included, in
 * the transaction of the record. Once it is answered, every timer that listens hears of it.
 */
import type { JsonValue } from "../../../src/contract/json.ts";
import { formatInstant } from "../../../src/core/instant.ts";
import { utf8Length } from "../../../src/core/offload-bodies.ts";
import { NO_TIMER } from "../../../src/core/render-event.ts";
import { ok, type Result } from "../../../src/core/result.ts";
import { publishedData, type TopicEvent } from "../../../src/core/topic-event.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { lookUpIdempotency, storeAnswer } from "../calls/unique-keys.ts";
import type { IdempotencyClaim, NewEvent, PublishedEvent, ShardCall, ShardError } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { Transaction } from "../transaction.ts";
import { tellListeners } from "./tell-listeners.ts";
import { rememberEvent } from "./topics.ts";

export async function publishEvent(
	shard: Shard,
	call: ShardCall,
	event: NewEvent,
	idempotency: IdempotencyClaim | null,
): Promise<Result<PublishedEvent, ShardError>> {
	await shard.prepare(call);
	return shard.group.submit((tx) => {
		if (idempotency === null) return ok(record(shard, tx, call, event));
		const known = findPublished(shard, idempotency, tx.now);
		if (!known.ok) return known;
		if (known.value !== null) return ok(known.value);
		const published = record(shard, tx, call, event);
		storeAnswer(shard, idempotency, JSON.stringify(published), tx.now);
		return ok(published);
	});
}

/** What a publisher was answered with under this key; null when the key is free. */
export function findPublished(
	shard: Shard,
	idempotency: IdempotencyClaim,
	now: number,
): Result<PublishedEvent | null, ShardError> {
	const known = lookUpIdempotency(shard, idempotency, now);
	if (!known.ok) return known;
	if (known.value === null) return ok(null);
	// Only `publishEvent` writes this text.
	const stored = JSON.parse(known.value) as PublishedEvent;
	return ok({ ...stored, replayed: true });
}

function record(
	shard: Shard,
	tx: Transaction,
	call: ShardCall,
	{ topic, payload: text, source }: NewEvent,
): PublishedEvent {
	const { tenant, shard: home } = shard.identity;
	const publishedAt = formatInstant(tx.now);
	// The edge has made this text of a payload that it had read.
	const payload = JSON.parse(text) as JsonValue;
	const fields = { topic, publishedAt, payload, ...(source !== null && { source }) };
	const data = publishedData(fields, utf8Length(text));
	tx.event("event.published", NO_TIMER, data, call.traceparent);
	const id = idSpaceOf(shard.env, tenant).event({ shard: home, seq: tx.lastSequence });
	const event: TopicEvent = { id, ...fields };
	rememberEvent(shard, event);
	tellListeners(shard, tx, event, 0);
	// Those of a growth to come as well: timers may be made there in the next minute.
	const shards = shard.config.shardSteps.at(-1)?.count ?? 1;
	for (let other = 0; other < shards; other++) {
		if (other !== home) shard.outbox.send(tx, other, { kind: "event", event, after: 0 });
	}
	return { id, publishedAt, replayed: false };
}
