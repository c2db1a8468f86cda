/** A shard's copies of calendars: when they come, what replaces them, what they outlive. */
import { expect, it } from "vitest";
import type { StoredCalendar } from "../../durable-objects/tenant-shard/rpc.ts";
import { START, standStill } from "./clock.ts";
import { newShard, type ShardDriver, timerOf } from "./harness.ts";

standStill();

function calendar(name: string, version: number, ...dates: readonly string[]): StoredCalendar {
	return { name, version, dates };
}

async function use(shard: ShardDriver, ...calendars: readonly StoredCalendar[]): Promise<void> {
	const created = await shard
		.stub()
		.create({ ...shard.call, calendars }, timerOf(START + 60_000), null);
	expect(created.ok).toBe(true);
}

async function copyOf(shard: ShardDriver, name: string) {
	const row = await shard.store((store) => store.getCalendar.first(name));
	return row && { version: row.version, dates: JSON.parse(row.dates) };
}

it("[CAL-7] a copy comes with the call that names it, and outlives the shard's eviction", async () => {
	const shard = newShard();
	await use(shard, calendar("a", 3, "2026-12-25"), calendar("b", 4));
	await shard.evict();
	expect(await copyOf(shard, "a")).toEqual({ version: 3, dates: ["2026-12-25"] });
	expect(await copyOf(shard, "b")).toEqual({ version: 4, dates: [] });
});

it("[CAL-7] a change replaces a copy, an older one does not, and where there is none nothing is kept", async () => {
	const shard = newShard();
	await shard.stub().putCalendar(shard.call, calendar("a", 1, "2026-12-25"));
	await use(shard, calendar("a", 3, "2026-12-25"));
	await shard.stub().putCalendar(shard.call, calendar("a", 5, "2026-12-26"));
	await shard.stub().putCalendar(shard.call, calendar("b", 6, "2026-12-26"));
	await use(shard, calendar("a", 4, "2026-12-27"));
	expect(await copyOf(shard, "a")).toEqual({ version: 5, dates: ["2026-12-26"] });
	expect(await copyOf(shard, "b")).toBeUndefined();
});

it("[CAL-7] a shard without timers makes no tables for a calendar", async () => {
	const shard = newShard();
	await shard.stub().putCalendar(shard.call, calendar("a", 1));
	const tables = await shard.inside(({ sql }) =>
		sql.exec("SELECT name FROM sqlite_master WHERE name = 'timer'").toArray(),
	);
	expect(tables).toEqual([]);
});
