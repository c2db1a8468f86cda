/** The steps of moving time, over shards that only keep a list of due instants. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
	ClockMover,
	type ClockShard,
} from "../../../durable-objects/tenant-registry/clock-mover.ts";
import { DAY, HOUR, SECOND } from "../../../src/core/units.ts";

const NOW = Date.UTC(2026, 11, 1, 9);

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
});
afterEach(() => {
	vi.useRealTimers();
});

type FakeShard = ClockShard & { readonly dues: number[] };

/** A shard with timers due at `dues`, each of which takes `stepMs` of real time to settle. */
function shardOf(log: string[], name: string, dues: number[], stepMs = 0): FakeShard {
	return {
		dues,
		nextDue: async (after) => dues.toSorted((a, b) => a - b).find((due) => due > after) ?? null,
		async standAt(at) {
			const fires = dues.filter((due) => due <= at);
			for (const due of fires) {
				dues.splice(dues.indexOf(due), 1);
				log.push(`${name} ${(due - NOW) / HOUR} at ${(at - NOW) / HOUR}`);
				vi.setSystemTime(Date.now() + stepMs);
			}
			return fires.length;
		},
	};
}

function moverOf(shards: readonly ClockShard[], stored = { aheadMs: 0 }) {
	return new ClockMover({
		shards: () => shards,
		load: () => stored.aheadMs,
		save: (aheadMs) => {
			stored.aheadMs = aheadMs;
		},
	});
}

it("[CLOCK-12] time stops at each due instant of all shards, in order", async () => {
	const log: string[] = [];
	const shards = [
		shardOf(log, "a", [NOW + 3 * HOUR, NOW + HOUR]),
		shardOf(log, "b", [NOW + 2 * HOUR, NOW + 3 * HOUR, NOW + 25 * HOUR]),
		shardOf(log, "c", []),
	];
	const mover = moverOf(shards);
	const move = await mover.moveTo(NOW + DAY);
	expect(move).toEqual({ now: NOW + DAY, reached: true, fired: 4, steps: 3 });
	expect(log).toEqual(["a 1 at 1", "b 2 at 2", "a 3 at 3", "b 3 at 3"]);
	expect(mover.read(NOW)).toEqual({ aheadMs: DAY, standsAt: null, isMoving: false });
});

it("[CLOCK-12] what one shard's firing makes due in another at the same instant fires there", async () => {
	const log: string[] = [];
	const b = shardOf(log, "b", []);
	const a = shardOf(log, "a", [NOW + HOUR]);
	const tells: ClockShard = {
		...a,
		async standAt(at) {
			const fired = await a.standAt(at);
			if (fired > 0) b.dues.push(at);
			return fired;
		},
	};
	expect(await moverOf([tells, b]).moveTo(NOW + DAY)).toMatchObject({ fired: 2, steps: 1 });
	expect(log).toEqual(["a 1 at 1", "b 1 at 1"]);
});

it("[CLOCK-13] what is overdue fires before time moves on", async () => {
	const log: string[] = [];
	const mover = moverOf([shardOf(log, "a", [NOW - HOUR])]);
	expect(await mover.moveTo(NOW + DAY)).toMatchObject({ fired: 1, steps: 0 });
	expect(log).toEqual(["a -1 at 0"]);
});

it("[CLOCK-13] a call is answered in bounded time, and the next one goes on", async () => {
	const dues = Array.from({ length: 24 }, (_, hour) => NOW + (hour + 1) * HOUR);
	const stored = { aheadMs: 0 };
	const mover = moverOf([shardOf([], "a", dues, 2 * SECOND)], stored);
	const first = await mover.moveTo(NOW + DAY);
	expect(first).toEqual({ now: NOW + 10 * HOUR, reached: false, fired: 10, steps: 10 });
	expect(stored.aheadMs).toBe(NOW + 10 * HOUR - Date.now());
	expect(await mover.moveTo(NOW + DAY)).toMatchObject({ reached: false, fired: 10 });
	expect(await mover.moveTo(NOW + DAY)).toMatchObject({ reached: true, fired: 4 });
});

it("[CLOCK-13] one call moves time, and another meanwhile is told so", async () => {
	const mover = moverOf([shardOf([], "a", [NOW + HOUR])]);
	const first = mover.moveTo(NOW + DAY);
	expect(mover.read(NOW).isMoving).toBe(true);
	expect(await mover.moveTo(NOW + DAY)).toBeUndefined();
	expect(await first).toMatchObject({ reached: true });
	expect(await mover.moveTo(NOW + 2 * DAY)).toMatchObject({ reached: true });
});

it("[CLOCK-13] a shard that fails leaves time where it stood, and free to be moved", async () => {
	const failing: ClockShard = {
		nextDue: async () => NOW + HOUR,
		standAt: async (at) => {
			if (at > NOW) throw new Error("as the test asked");
			return 0;
		},
	};
	const stored = { aheadMs: 0 };
	const mover = moverOf([failing], stored);
	await expect(mover.moveTo(NOW + DAY)).rejects.toThrow("as the test asked");
	expect(mover.read(NOW)).toEqual({ aheadMs: HOUR, standsAt: null, isMoving: false });
	expect(stored.aheadMs).toBe(HOUR);
});
