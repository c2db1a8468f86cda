/** Timers that wait for events, and the events that are published to them. */
import type { NewTimer, PublishedEvent } from "../../durable-objects/tenant-shard/rpc.ts";
import type { JsonValue } from "../../src/contract/json.ts";
import { NO_INSTANT } from "../../src/core/dependency.ts";
import type { EventSchedule } from "../../src/core/event-schedule.ts";
import { parseTimerDoc, type TimerDoc } from "../../src/core/timer-doc.ts";
import { accepted, type ShardDriver, timerOf, WEBHOOK } from "./harness.ts";

/** A timer that listens, as the edge makes it. */
export function listener(schedule: EventSchedule, doc: TimerDoc = WEBHOOK): NewTimer {
	const { endAt, limit } = schedule;
	const timer = timerOf(endAt ?? NO_INSTANT, { ...doc, schedule });
	return limit === undefined ? timer : { ...timer, firing: { limit } };
}

export async function publish(
	shard: ShardDriver,
	topic: string,
	payload: JsonValue = null,
	key: string | null = null,
): Promise<PublishedEvent> {
	const event = { topic, payload: JSON.stringify(payload), source: null };
	const claim = key === null ? null : { key, bodyHash: "hash" };
	return accepted(await shard.stub().publish(shard.call, event, claim));
}

/** What is sent now: for each delivery its timer, firing, due time and the event's payload. */
export async function sentNow(shard: ShardDriver) {
	// The alarm never rings at the instant at which it is set.
	const envelopes = await shard.advance(Date.now() + 1);
	return envelopes
		.flatMap(({ deliveries }) => deliveries)
		.map(({ timer, firing, dueAt, doc }) => ({
			timer,
			firing,
			dueAt,
			payload: parseTimerDoc(doc).event?.payload,
		}));
}

/** The reasons of a timer's `timer.skipped` events, oldest first. */
export async function skipsOf(shard: ShardDriver, seq: number) {
	const { items } = accepted(await shard.stub().events(seq, 0, 1_000));
	return items
		.filter(({ type }) => type === "timer.skipped")
		.map(({ data }) => data)
		.reverse();
}
