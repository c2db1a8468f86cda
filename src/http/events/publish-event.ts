/**
 * Publishes an event: to the home of its `Idempotency-Key`, or of its topic, which keeps the events
 * of a topic in order. That shard tells the others.
 */
import type { IdempotencyClaim, NewEvent } from "../../../durable-objects/tenant-shard/rpc.ts";
import { LIMITS } from "../../contract/limits.ts";
import type { EventPublish, Published } from "../../contract/topic.ts";
import { utf8Length } from "../../core/offload-bodies.ts";
import { err, type Result } from "../../core/result.ts";
import { homesOfKey } from "../../core/shard-count.ts";
import { DAY } from "../../core/units.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { type Reply, reply } from "../reply.ts";
import { shardFailure } from "../shard-failure.ts";
import { homeOf } from "../timers/shards.ts";

/** How long, in ms, an answer is kept under its key, and so may lie in an earlier home. */
const ANSWER_KEPT_MS = DAY;

const WHAT = "The event";

export async function publishEvent(
	context: TenantContext,
	{ topic, payload = null, source_agent_id }: EventPublish,
	claim: IdempotencyClaim | null,
): Promise<Result<Reply, HttpFailure>> {
	const bytes = utf8Length(JSON.stringify(payload));
	if (bytes > LIMITS.eventPayloadBytes) {
		const detail = `The payload takes ${bytes} bytes; at most ${LIMITS.eventPayloadBytes} are taken.`;
		return refuse("payload_too_large", detail);
	}
	const { now, config } = context;
	const { home, earlier } = homesOfKey(
		claim?.key ?? topic,
		config.shardSteps,
		now,
		claim === null ? 0 : ANSWER_KEPT_MS,
	);
	if (claim !== null) {
		for (const shard of earlier) {
			const found = await homeOf(context, shard).stub.findPublished(claim);
			if (!found.ok) return err(shardFailure(found.error, WHAT));
			if (found.value !== null) return answer(topic, found.value);
		}
	}
	const event: NewEvent = {
		topic,
		payload: JSON.stringify(payload),
		source: source_agent_id ?? null,
	};
	const { stub, call } = homeOf(context, home);
	const published = await stub.publish(call, event, claim);
	return published.ok ? answer(topic, published.value) : err(shardFailure(published.error, WHAT));
}

function answer(
	topic: string,
	{ id, publishedAt, replayed }: { id: string; publishedAt: string; replayed: boolean },
): Result<Reply, HttpFailure> {
	const published: Published = { id, topic, publishedAt };
	return reply(published, 202, replayed ? { "idempotency-replayed": "true" } : {});
}
