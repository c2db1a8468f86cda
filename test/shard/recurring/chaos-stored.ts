/** What a shard has stored, as the chaos of recurring timers reads it after each step. */
import type {
	ClaimRow,
	CounterRow,
	DeliveryRow,
	TimerRow,
} from "../../../durable-objects/tenant-shard/store.ts";
import { EVENT_TYPES } from "../../../src/contract/event.ts";
import { type StoredTimerState, timerStateOf } from "../../../src/core/timer-state.ts";
import type { ShardDriver } from "../harness.ts";

export type Told = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

export type Stored = {
	readonly now: number;
	/** Timers, and the rows of their firings. */
	readonly rows: readonly TimerRow[];
	readonly deliveries: ReadonlyMap<string, DeliveryRow>;
	readonly claims: readonly ClaimRow[];
	/** Keys of claimed deliveries, one entry a claim. */
	readonly claimed: readonly string[];
	readonly counter: CounterRow;
	/** The rows that stand in the queue of a concurrency key, and do not have it. */
	readonly queued: ReadonlySet<number>;
	readonly places: number;
	readonly alarmAt: number | null;
	readonly events: ReadonlyMap<number, readonly Told[]>;
};

export type Delivery = { readonly timer: number; readonly firing: number; readonly action: number };

export function keyOf({ timer, firing, action }: Delivery): string {
	return `${timer}:${firing}:${action}`;
}

export async function readStored(shard: ShardDriver): Promise<Stored> {
	return await shard.inside(async (storage) => {
		const rows = <T>(query: string) => storage.sql.exec(query).toArray() as T[];
		const claims = rows<ClaimRow>("SELECT * FROM claim");
		const deliveries = rows<DeliveryRow>("SELECT * FROM delivery");
		const events = new Map<number, Told[]>();
		for (const { body } of rows<{ body: string }>("SELECT body FROM event_chunk ORDER BY seq")) {
			type Event = readonly [type: number, timer: number, after: number, data: Told["data"] | 0];
			for (const stored of JSON.parse(body) as (Event | null)[]) {
				if (stored === null) continue;
				const [type, timer, , data] = stored;
				const of = events.get(timer) ?? [];
				of.push({ type: String(EVENT_TYPES[type]), data: data === 0 ? {} : data });
				events.set(timer, of);
			}
		}
		const [counter] = rows<CounterRow>("SELECT * FROM counter");
		if (counter === undefined) throw new Error("The shard has no counter.");
		return {
			now: Date.now(),
			rows: rows<TimerRow>("SELECT * FROM timer ORDER BY id"),
			deliveries: new Map(deliveries.map((row) => [keyOf(row), row])),
			claims,
			claimed: claims.flatMap(({ deliveries: text }) => {
				const numbers = JSON.parse(text) as number[];
				return Array.from({ length: numbers.length / 5 }, (_, index) => {
					const [timer = 0, firing = 0, action = 0] = numbers.slice(index * 5);
					return keyOf({ timer, firing, action });
				});
			}),
			counter,
			places: rows("SELECT 1 FROM concurrency_place").length,
			queued: new Set(
				rows<{ row: number }>("SELECT row FROM concurrency_turn WHERE granted = 0").map(
					({ row }) => row,
				),
			),
			alarmAt: await storage.getAlarm(),
			events,
		};
	});
}

/** Whether the schedule of a timer is over, and it waits for its open firings alone. */
export function isOver({ state, due, remaining }: TimerRow): boolean {
	const of: StoredTimerState = timerStateOf(state);
	return of === "firing" && due === null && remaining === 0;
}
