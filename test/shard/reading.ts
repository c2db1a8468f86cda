/** What tests read of a shard's envelopes and events. */
import type { Envelope } from "../../src/contract/envelope.ts";
import { EVENT_TYPES, type EventType } from "../../src/contract/event.ts";
import type { ShardDriver } from "./harness.ts";

/** The timers that envelopes carry, in order. */
export function timersOf(envelopes: readonly Envelope[]): number[] {
	return envelopes.flatMap((envelope) => envelope.deliveries.map(({ timer }) => timer));
}

export type HeldEvent = { readonly type: EventType; readonly timer: number };

/** All events that the shard holds, in order, found through no timer's trail. Erased ones are gone. */
export function heldEvents(shard: ShardDriver): Promise<HeldEvent[]> {
	return shard.inside((storage) =>
		storage.sql
			.exec<{ body: string }>("SELECT body FROM event_chunk ORDER BY seq")
			.toArray()
			.flatMap(({ body }) => JSON.parse(body) as ([number, number] | null)[])
			.flatMap((stored) => {
				const type = EVENT_TYPES[stored?.[0] ?? -1];
				return stored === null || type === undefined ? [] : [{ type, timer: stored[1] }];
			}),
	);
}

/** The timers that have an event of this type, once for each. */
export async function timersWith(shard: ShardDriver, type: EventType): Promise<number[]> {
	return (await heldEvents(shard)).filter((one) => one.type === type).map(({ timer }) => timer);
}

export function countOf<T>(items: readonly T[], wanted: T): number {
	return items.filter((item) => item === wanted).length;
}
