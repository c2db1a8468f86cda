/** A shard's copies of calendars: when they come, what replaces them, what they outlive. */
import { expect, it } from "vitest";
import type { StoredCalendar } from "../../durable-objects/tenant-shard/rpc.ts";
import { LIMITS } from "../../src/contract/limits.ts";
import type { TimerDoc } from "../../src/core/timer-doc.ts";
import { DAY, HOUR } from "../../src/core/units.ts";
import { START, standStill } from "./clock.ts";
import { newShard, type ShardDriver, timerOf, WEBHOOK } from "./harness.ts";

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

const DAILY: TimerDoc = {
	name: "daily",
	schedule: { cron: ["0 12 * * *"], exclude: { calendars: ["off"] } },
};
/** The first noons after the start. */
const NOONS = [0, 1, 2].map((day) => Math.floor(START / DAY) * DAY + day * DAY + 12 * HOUR);

function dateOf(at: number | undefined): string {
	return new Date(at ?? 0).toISOString().slice(0, 10);
}

async function create(shard: ShardDriver, doc: TimerDoc, dueAt = NOONS[0] ?? 0): Promise<number> {
	const calendars = [calendar("off", 1)];
	const created = await shard
		.stub()
		.create({ ...shard.call, calendars }, timerOf(dueAt, doc), null);
	if (!created.ok) throw new Error(created.error.code);
	return created.value.seq;
}

async function fireAt(shard: ShardDriver, seq: number): Promise<number | null> {
	const row = await shard.store((store) => store.getTimer.first(seq));
	return row?.due ?? null;
}

it("[CAL-11] moves what names the calendar, slice by slice, over an eviction", async () => {
	const shard = newShard();
	const first = await create(shard, DAILY);
	const other = await create(shard, { schedule: { cron: ["0 12 * * *"] } });
	const lines = Array.from({ length: 2_500 }, (_, index) => ({
		index,
		timer: timerOf(NOONS[0] ?? 0, index === 2_499 ? DAILY : WEBHOOK),
	}));
	const batch = await shard.stub().createBatch(shard.call, lines, null);
	const last = batch.ok ? (batch.value.created.at(-1)?.seq ?? 0) : 0;
	await shard.stub().putCalendar(shard.call, calendar("off", 2, dateOf(NOONS[0])));
	await shard.ring();
	expect(await fireAt(shard, first)).toBe(NOONS[1]);
	expect(await fireAt(shard, last)).toBe(NOONS[0]);
	await shard.evict();
	while ((await shard.alarmAt()) !== null && ((await shard.alarmAt()) ?? 0) < START + HOUR) {
		await shard.ring();
	}
	expect(await fireAt(shard, last)).toBe(NOONS[1]);
	expect(await fireAt(shard, other)).toBe(NOONS[0]);
	const left = await shard.store((store) => store.changedCalendar.first());
	expect(left).toBeUndefined();
});

it("[CAL-11] ends a timer that has nothing left, moves a paused one, leaves a snooze that stands", async () => {
	const shard = newShard();
	const once: TimerDoc = {
		schedule: { dates: [NOONS[0] ?? 0], exclude: { calendars: ["off"] } },
	};
	const [ended, paused, snoozed] = [
		await create(shard, once),
		await create(shard, DAILY),
		await create(shard, DAILY, NOONS[1]),
	];
	await shard.stub().pause(shard.call, paused, null);
	const later = (NOONS[1] ?? 0) + HOUR;
	const change = { dueAt: null, extendMs: null, snoozeUntil: later, docPatch: null, ifMatch: null };
	await shard.stub().patch(shard.call, snoozed, { ...change, horizonAt: LIMITS.instantMax });
	await shard.stub().putCalendar(shard.call, calendar("off", 2, dateOf(NOONS[0])));
	await shard.ring();
	const states = await Promise.all(
		[ended, paused, snoozed].map(async (seq) => {
			const timer = await shard.stub().get(seq);
			return timer.ok ? [timer.value.status, timer.value.fireAt] : [];
		}),
	);
	expect(states[0]?.[0]).toBe("skipped");
	expect(states[1]).toEqual(["paused", NOONS[1]]);
	expect(states[2]).toEqual(["scheduled", later]);
});
