import { describe, expect, it } from "vitest";
import type { TimerFilter } from "../../durable-objects/tenant-shard/rpc.ts";
import { LIMITS } from "../../src/contract/limits.ts";
import type { TimerStatus } from "../../src/contract/timer.ts";
import { START, setClock, standStill } from "./clock.ts";
import { newShard, only, outcomeOf, timerOf, webhooks } from "./harness.ts";
import { ALL, list, listAll, seqsOf } from "./list-calls.ts";

standStill();

const DUE = START + 60_000;
const HOUR = 3_600_000;
/** Rows that a scan may read beyond what it needs: one slice a lane. */
const READ_AHEAD = 3 * 200;
describe("a shard's part of a list", () => {
	it("[LISTSH-1] is in the order of creation, or of the due time over all priorities", async () => {
		const shard = newShard();
		const dues = [DUE + 3, DUE + 1, DUE + 1, DUE + 9, DUE];
		for (const [index, due] of dues.entries()) {
			await shard.create(timerOf(due, { ...webhooks(1), priority: 1 + 2 * (index % 5) }));
		}
		expect(seqsOf(await list(shard))).toEqual([1, 2, 3, 4, 5]);
		expect(seqsOf(await list(shard, { order: "due" }))).toEqual([5, 2, 3, 1, 4]);
		await shard.stub().cancel(shard.call, 2, null);
		expect(seqsOf(await list(shard, { order: "due" }))).toEqual([5, 3, 1, 4, 2]);
	});

	it("[LISTSH-1] holds positions that order the timers of all shards", async () => {
		const shard = newShard({ shard: 3 });
		await shard.create(timerOf(DUE));
		expect((await list(shard)).items[0]?.position).toEqual({ key: START, shard: 3, seq: 1 });
		expect((await list(shard, { order: "due" })).items[0]?.position).toEqual({
			key: DUE,
			shard: 3,
			seq: 1,
		});
		await shard.stub().cancel(shard.call, 1, null);
		expect((await list(shard, { order: "due" })).items[0]?.position).toEqual({
			key: Number.POSITIVE_INFINITY,
			shard: 3,
			seq: 1,
		});
	});

	it("[LISTSH-2] knows every status, derived ones included", async () => {
		const shard = newShard();
		const fail = { retry: { delaysMs: [] } };
		await shard.createMany(4, timerOf(DUE, webhooks(1, fail)));
		await shard.create(timerOf(DUE + HOUR));
		await shard.create(timerOf(DUE + 1_000));
		const envelope = only(await shard.advance(DUE));
		const [a, b, c] = envelope.deliveries;
		if (a === undefined || b === undefined || c === undefined) throw new Error("too few");
		await shard.report(envelope, [outcomeOf(a, 200), outcomeOf(b, 404)], false);
		await shard.stub().cancel(shard.call, 3, null);
		await shard.report(envelope, [outcomeOf(c, 404)], false);
		const of = async (...statuses: TimerStatus[]) =>
			seqsOf(await list(shard, { filter: { statuses } }));
		expect(await of("settled")).toEqual([1]);
		expect(await of("failed")).toEqual([2]);
		expect(await of("cancelled")).toEqual([3]);
		expect(await of("firing")).toEqual([4]);
		expect(await of("scheduled")).toEqual([5]);
		expect(await of("armed")).toEqual([6]);
		expect(await of("settled", "firing")).toEqual([1, 4]);
		expect(await shard.stub().count({ ...ALL, statuses: ["settled", "firing"] })).toBe(2);
	});

	it("[LISTSH-2] is filtered by name, by every label, and by the due time, exclusively", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, { ...webhooks(1), name: "a", labels: { team: "ops" } }));
		await shard.create(
			timerOf(DUE + 1, { ...webhooks(1), name: "a", labels: { team: "ops", env: "prod" } }),
		);
		await shard.create(timerOf(DUE + 2, { ...webhooks(1), name: "b", labels: { team: "dev" } }));
		const of = async (filter: Partial<TimerFilter>) => seqsOf(await list(shard, { filter }));
		expect(await of({ name: "a" })).toEqual([1, 2]);
		expect(await of({ labels: [["team", "ops"]] })).toEqual([1, 2]);
		expect(
			await of({
				labels: [
					["team", "ops"],
					["env", "prod"],
				],
			}),
		).toEqual([2]);
		expect(await of({ labels: [["team", "o"]] })).toEqual([]);
		expect(await of({ labels: [["toString", ""]] })).toEqual([]);
		expect(await of({ dueAfter: DUE })).toEqual([2, 3]);
		expect(await of({ dueBefore: DUE + 1 })).toEqual([1]);
		expect(await of({ dueAfter: DUE, dueBefore: DUE + 2 })).toEqual([2]);
	});

	it.each(["created", "due"] as const)(
		"[LISTSH-3] goes on exactly after a position, by %s, of this shard or another",
		async (order) => {
			const shard = newShard({ shard: 3 });
			for (let index = 0; index < 10; index++) {
				setClock(START + (index >> 1));
				await shard.create(
					timerOf(DUE + (index >> 1), { ...webhooks(1), priority: (index % 9) + 1 }),
				);
			}
			const keyOf = (half: number) => (order === "created" ? START : DUE) + half;
			const from = async (key: number, home: number, seq: number) =>
				seqsOf(await list(shard, { order, after: { key, shard: home, seq } }));
			expect(await listAll(shard, { order, limit: 3 })).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
			expect(await from(keyOf(1), 3, 3)).toEqual([4, 5, 6, 7, 8, 9, 10]);
			// Of the same key, a lower shard comes before this one and a higher one after.
			expect(await from(keyOf(1), 2, 99)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
			expect(await from(keyOf(1), 4, 1)).toEqual([5, 6, 7, 8, 9, 10]);
			expect(await from(keyOf(99), 0, 0)).toEqual([]);
			expect(await from(keyOf(-99), 63, 1)).toHaveLength(10);
		},
	);

	it("[LISTSH-3] goes on after a position among those that are due no more", async () => {
		const shard = newShard({ shard: 3 });
		await shard.createMany(5, timerOf(DUE));
		for (const seq of [1, 2, 3, 4]) await shard.stub().cancel(shard.call, seq, null);
		const from = async (home: number, seq: number) =>
			seqsOf(
				await list(shard, {
					order: "due",
					after: { key: Number.POSITIVE_INFINITY, shard: home, seq },
				}),
			);
		expect(await from(3, 2)).toEqual([3, 4]);
		expect(await from(2, 99)).toEqual([1, 2, 3, 4]);
		expect(await from(4, 1)).toEqual([]);
		expect(await listAll(shard, { order: "due", limit: 2 })).toEqual([5, 1, 2, 3, 4]);
	});

	it.each(["created", "due"] as const)(
		"[LISTSH-4] reads a bounded number of rows a page, by %s, whatever the filter",
		async (order) => {
			const shard = newShard();
			for (const priority of [1, 5, 9]) {
				await shard.createMany(8_000, timerOf(DUE, { ...webhooks(1), priority, fidelity: "fast" }));
			}
			await shard.create(timerOf(DUE, { ...webhooks(1), name: "needle" }));
			await shard.stub().cancel(shard.call, 24_001, null);
			let pages = 0;
			let rowsRead = shard.lab.rowsRead;
			const check = async () => {
				pages += 1;
				expect(shard.lab.rowsRead - rowsRead).toBeLessThanOrEqual(LIMITS.pageScanRows + READ_AHEAD);
				rowsRead = shard.lab.rowsRead;
			};
			const filter = { name: "needle" };
			expect(await listAll(shard, { order, filter }, check)).toEqual([24_001]);
			expect(pages).toBeGreaterThanOrEqual(2);
			await check();
		},
	);

	it("[LISTSH-4] reads little for a small page", async () => {
		const shard = newShard();
		await shard.createMany(5_000, timerOf(DUE));
		for (const order of ["created", "due"] as const) {
			const { rowsRead } = shard.lab;
			expect(seqsOf(await list(shard, { order, limit: 10 }))).toHaveLength(10);
			expect(shard.lab.rowsRead - rowsRead).toBeLessThanOrEqual(READ_AHEAD + 20);
		}
	});

	it("[LISTSH-5] is empty for a shard that has no tables yet, and makes none", async () => {
		const shard = newShard();
		expect(await list(shard)).toEqual({ items: [], scannedTo: null });
		expect(await shard.stub().count(ALL)).toBe(0);
		expect(
			await shard.inside((storage) =>
				storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'timer'").toArray(),
			),
		).toEqual([]);
	});
});
