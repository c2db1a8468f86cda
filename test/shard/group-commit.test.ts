import { describe, expect, it } from "vitest";
import { START, standStill } from "./clock.ts";
import { accepted, answered, newShard, only, timerOf, WEBHOOK } from "./harness.ts";

standStill();

const DUE = START + 60_000;

describe("calls that arrive together", () => {
	it("[SHARD-60] commit in few transactions, in the order in which they came", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		const { transactions } = shard.lab;
		const created = await Promise.all(
			Array.from({ length: 300 }, () => shard.create(timerOf(DUE))),
		);
		expect(created.map(({ seq }) => seq)).toEqual(
			Array.from({ length: 300 }, (_, index) => index + 2),
		);
		expect(shard.lab.transactions - transactions).toBeLessThan(150);
	});

	it("[SHARD-61] see what earlier ones of their group did", async () => {
		const shard = newShard();
		const timer = timerOf(DUE, WEBHOOK, "nightly");
		const [first, second, third] = await Promise.all([
			shard.create(timer),
			shard.create(timer),
			shard.create(timer, { key: "POST /v1/timers k", bodyHash: "a" }),
		]);
		expect(first).toMatchObject({ kind: "created", seq: 1 });
		expect(second).toMatchObject({ kind: "existing", seq: 1, timer: { seq: 1 } });
		expect(third).toMatchObject({ kind: "existing", seq: 1 });
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
	});

	it("[SHARD-61] see a timer that their group cancelled or deleted", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, WEBHOOK, "nightly"));
		const [, created] = await Promise.all([
			shard.stub().cancel(shard.call, 1, null),
			shard.create(timerOf(DUE, WEBHOOK, "nightly")),
		]);
		expect(created).toMatchObject({ kind: "created", seq: 2 });
		const [, again] = await Promise.all([
			shard.stub().delete(shard.call, 2, null),
			shard.stub().get(2),
			shard.create(timerOf(DUE, WEBHOOK, "nightly")),
		]);
		expect(again).toBeDefined();
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
	});

	it("[SHARD-62] fail alone: the others of the group go through", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		shard.lab.fault = (query, values) => {
			if (
				query.startsWith("INSERT INTO timer") &&
				values.some((value) => String(value).includes("poison"))
			) {
				throw new Error("A fault, as the test asked.");
			}
		};
		const names = ["a", "b", "poison", "c", "d"];
		const answers = await Promise.allSettled(
			names.map((name) => shard.create(timerOf(DUE, { ...WEBHOOK, name }))),
		);
		expect(answers.map(({ status }) => status)).toEqual([
			"fulfilled",
			"fulfilled",
			"rejected",
			"fulfilled",
			"fulfilled",
		]);
		expect(await shard.stub().usage()).toMatchObject({ active: 5 });
		for (const seq of [2, 3, 4, 5]) {
			expect(await shard.events(seq)).toEqual(["timer.created"]);
		}
		expect(await shard.store((store) => store.newestTimer.first()?.id)).toBe(5);
	});

	it("[SHARD-63] leave nothing half-written when the storage fails", async () => {
		for (const part of [
			"INSERT INTO event_chunk",
			"UPDATE counter",
			"unique_key (",
			"INTO timer",
		]) {
			const shard = newShard();
			await shard.create(timerOf(DUE));
			shard.lab.fault = (query) => {
				if (query.includes(part)) throw new Error("A fault, as the test asked.");
			};
			const key = { key: "POST /v1/timers k", bodyHash: "a" };
			await expect(shard.create(timerOf(DUE, WEBHOOK, "d"), key)).rejects.toThrow();
			const timers = [{ index: 0, timer: timerOf(DUE, WEBHOOK, "e") }];
			// The promise of a stub is handled only where it is awaited.
			const batch = async () => await shard.stub().createBatch(shard.call, timers, key);
			await expect(batch()).rejects.toThrow();
			shard.lab.fault = () => {};
			expect(await shard.stub().usage()).toMatchObject({ active: 1, createsThisMinute: 1 });
			expect(await shard.stub().findDedupeKeys(["d", "e"])).toEqual([null, null]);
			expect(accepted(await shard.stub().findCreated(key))).toBeNull();
			// The next one has the number, and the event, that the failed one would have had.
			expect(await shard.create(timerOf(DUE), key)).toMatchObject({ kind: "created", seq: 2 });
			expect(await shard.events(2)).toEqual(["timer.created"]);
		}
	});

	it("[SHARD-63] keep the open claims when a report cannot be stored", async () => {
		const shard = newShard();
		await shard.createMany(3, timerOf(DUE, { ...WEBHOOK, retry: { delaysMs: [1_000] } }));
		const envelope = only(await shard.advance(DUE));
		for (const part of ["UPDATE timer", "INTO delivery", "DELETE FROM claim", "event_chunk ("]) {
			shard.lab.fault = (query) => {
				if (query.includes(part)) throw new Error("A fault, as the test asked.");
			};
			await expect(shard.report(envelope, answered(envelope, 503))).rejects.toThrow();
			shard.lab.fault = () => {};
			expect(await shard.deliveries(1)).toMatchObject([{ state: "sending", attempts: 1 }]);
			expect(await shard.advance(Date.now() + 10)).toEqual([]);
		}
		await shard.report(envelope);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
		expect(await shard.claims()).toEqual([]);
	});
});
