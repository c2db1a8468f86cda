import { describe, expect, it } from "vitest";
import { TOPICS_KEPT } from "../../durable-objects/tenant-shard/constants.ts";
import type { EventRecord, NewEvent } from "../../durable-objects/tenant-shard/rpc.ts";
import type { TopicEvent } from "../../src/core/topic-event.ts";
import { idSpaceOf } from "../../src/derived-keys.ts";
import { START, setClock, standStill } from "./clock.ts";
import { accepted, env, newShard, only, refusal, type ShardDriver } from "./harness.ts";

standStill();

const KEY = { key: "POST /v1/events one", bodyHash: "hash-a" };

function eventOf(topic: string, payload: unknown = { n: 1 }): NewEvent {
	return { topic, payload: JSON.stringify(payload), source: null };
}

async function publish(shard: ShardDriver, event: NewEvent, key: typeof KEY | null = null) {
	return accepted(await shard.stub().publish(shard.call, event, key));
}

async function recorded(shard: ShardDriver): Promise<readonly EventRecord[]> {
	return (await shard.stub().eventsAfter({ chunk: 0, index: 0 })).events;
}

async function lastOf(shard: ShardDriver, topic: string): Promise<TopicEvent | null> {
	const row = await shard.store((store) => store.getTopic.first(topic));
	return row === undefined ? null : JSON.parse(row.event);
}

describe("publishing", () => {
	it("[TOPIC-1] records the event under the id that is answered", async () => {
		const shard = newShard();
		setClock(START + 5);
		const { id, publishedAt } = await publish(shard, { ...eventOf("a"), source: "importer" });
		expect(publishedAt).toBe(new Date(START + 5).toISOString());
		const { sequence, ...record } = only(await recorded(shard));
		expect(idSpaceOf(env, shard.tenant).event({ shard: 0, seq: sequence })).toBe(id);
		expect(record).toMatchObject({
			type: "event.published",
			at: START + 5,
			data: { topic: "a", payload: { n: 1 }, source: "importer" },
		});
	});

	it("[TOPIC-2] shows how large a payload over 1 KiB is, and keeps it whole", async () => {
		const shard = newShard();
		const payload = { text: "x".repeat(1_024) };
		await publish(shard, eventOf("a", payload));
		const { data } = only(await recorded(shard));
		expect(data).toEqual({ topic: "a", payloadBytes: JSON.stringify(payload).length });
		expect(await lastOf(shard, "a")).toMatchObject({ payload });
	});

	it("[TOPIC-3] is answered alike under one Idempotency-Key, and recorded once", async () => {
		const shard = newShard();
		const first = await publish(shard, eventOf("a"), KEY);
		expect(first.replayed).toBe(false);
		await shard.evict();
		setClock(START + 60_000);
		const again = await Promise.all([1, 2].map(() => publish(shard, eventOf("a"), KEY)));
		expect(again).toEqual([1, 2].map(() => ({ ...first, replayed: true })));
		expect(accepted(await shard.stub().findPublished(KEY))).toEqual({ ...first, replayed: true });
		const other = await shard.stub().publish(shard.call, eventOf("b"), { ...KEY, bodyHash: "b" });
		expect(refusal(other)).toBe("idempotency_key_reused");
		expect(await recorded(shard)).toHaveLength(1);
	});
});

describe("the last event of a topic", () => {
	it("[TOPIC-4] is kept by name, also over a restart", async () => {
		const shard = newShard();
		await publish(shard, eventOf("a", 1));
		await publish(shard, eventOf("b", 2));
		await publish(shard, eventOf("a", 3));
		await shard.evict();
		expect(await lastOf(shard, "a")).toMatchObject({ topic: "a", payload: 3 });
		expect(await lastOf(shard, "b")).toMatchObject({ topic: "b", payload: 2 });
		expect(await lastOf(shard, "A")).toBeNull();
	});

	it("[TOPIC-4] is not replaced by one that was published before it", async () => {
		const shard = newShard();
		const told = (id: string, payload: number, at: number) => ({
			kind: "event" as const,
			event: { id, topic: "a", payload, publishedAt: new Date(at).toISOString() },
			after: 0,
		});
		const [late, early] = [told("evt_2", 2, START + 2), told("evt_1", 1, START + 1)];
		expect(await shard.stub().receive(shard.call, [late, early])).toEqual([null, null]);
		expect(await lastOf(shard, "a")).toMatchObject({ payload: 2 });
	});

	it("[TOPIC-5] is forgotten for the topics that were silent for longest, beyond 1,000", async () => {
		const shard = newShard();
		for (let at = 0; at <= TOPICS_KEPT; at += 250) {
			setClock(START + at);
			const count = at === TOPICS_KEPT ? 1 : 250;
			const topics = Array.from({ length: count }, (_, index) => `t-${at + index}`);
			await Promise.all(topics.map((topic) => publish(shard, eventOf(topic))));
		}
		expect(await shard.store((store) => store.countTopics.first()?.n)).toBe(901);
		expect(await lastOf(shard, "t-1000")).not.toBeNull();
		expect(await lastOf(shard, "t-500")).not.toBeNull();
	});
});
