/** What tests of retention do with a shard: let it live, let it grow old, and measure it. */
import { HOUR } from "../../../src/core/units.ts";
import { setClock } from "../clock.ts";
import type { ShardDriver } from "../harness.ts";

/** The tables that grow with what a tenant does. */
const TABLES = ["timer", "delivery", "event_chunk", "unique_key", "job"] as const;

export type Size = Readonly<Record<(typeof TABLES)[number], number>>;

export function sizeOf(shard: ShardDriver): Promise<Size> {
	return shard.inside((storage) => {
		const counts = TABLES.map((table) => {
			const [row] = storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).toArray();
			return [table, row?.n ?? 0];
		});
		// One entry for each of `TABLES`.
		return Object.fromEntries(counts) as Size;
	});
}

/** Moves the clock and answers every envelope with 200 until nothing is sent any more. */
export async function live(shard: ShardDriver, to: number): Promise<void> {
	let envelopes = await shard.advance(to);
	while (envelopes.length > 0) {
		for (const envelope of envelopes) await shard.report(envelope);
		envelopes = await shard.advance(to);
	}
}

/** In how many hours the alarm rings up to `to`. */
export async function hoursOfRings(shard: ShardDriver, to: number): Promise<number> {
	const hours = new Set<number>();
	for (;;) {
		const at = await shard.alarmAt();
		if (at === null || at > to) break;
		setClock(Math.max(at, Date.now()));
		await shard.ring();
		hours.add(Math.floor(at / HOUR));
	}
	setClock(to);
	return hours.size;
}

/** Longest that something expired waits to be removed. */
export const REST_MS = HOUR;
