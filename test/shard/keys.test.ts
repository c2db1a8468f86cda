import { describe, expect, it } from "vitest";
import { IDEMPOTENCY_KEPT_MS } from "../../durable-objects/tenant-shard/constants.ts";
import { START, setClock, standStill } from "./clock.ts";
import {
	accepted,
	answered,
	newShard,
	only,
	refusal,
	type ShardDriver,
	timerOf,
	WEBHOOK,
} from "./harness.ts";

standStill();

const DUE = START + 60_000;
const KEY = { key: "POST /v1/timers one", bodyHash: "hash-a" };

function createWith(shard: ShardDriver, key = KEY, dueAt = DUE) {
	return shard.stub().create(shard.call, timerOf(dueAt), key);
}

function batchOf(count: number, dedupeKey?: (index: number) => string) {
	return Array.from({ length: count }, (_, index) => ({
		index: index * 2,
		timer: timerOf(DUE, WEBHOOK, dedupeKey?.(index)),
	}));
}

describe("idempotency keys", () => {
	it("[DEDUPE-1] answer the same request alike, whatever has become of the timer", async () => {
		const shard = newShard();
		const first = accepted(await createWith(shard));
		const replayed = { kind: "replayed", seq: 1, createdAt: START, dueAt: DUE };
		expect(first).toMatchObject({ kind: "created", seq: 1 });
		setClock(START + 5_000);
		expect(accepted(await createWith(shard))).toMatchObject(replayed);
		await shard.evict();
		expect(accepted(await createWith(shard))).toMatchObject(replayed);
		await shard.stub().cancel(shard.call, 1, null);
		expect(accepted(await createWith(shard))).toMatchObject(replayed);
		await shard.stub().delete(shard.call, 1, null);
		expect(accepted(await createWith(shard))).toMatchObject(replayed);
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[DEDUPE-1] answer alike what was a duplicate at first", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE, WEBHOOK, "nightly"));
		const again = () => shard.stub().create(shard.call, timerOf(DUE, WEBHOOK, "nightly"), KEY);
		expect(accepted(await again())).toMatchObject({ kind: "existing", seq: 1 });
		await shard.stub().cancel(shard.call, 1, null);
		expect(accepted(await again())).toMatchObject({
			kind: "existing",
			seq: 1,
			timer: { status: "cancelled" },
		});
	});

	it("[DEDUPE-2] refuse another body", async () => {
		const shard = newShard();
		await createWith(shard);
		expect(refusal(await createWith(shard, { ...KEY, bodyHash: "hash-b" }))).toBe(
			"idempotency_key_reused",
		);
		expect(refusal(await shard.stub().createBatch(shard.call, [], { ...KEY, bodyHash: "c" }))).toBe(
			"idempotency_key_reused",
		);
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
	});

	it("[DEDUPE-2] do not interfere with each other", async () => {
		const shard = newShard();
		await createWith(shard);
		expect(accepted(await createWith(shard, { ...KEY, key: "POST /v1/timers two" }))).toMatchObject(
			{ kind: "created", seq: 2 },
		);
	});

	it("[DEDUPE-3] are free again after a day", async () => {
		const shard = newShard();
		await createWith(shard);
		setClock(START + IDEMPOTENCY_KEPT_MS - 1);
		expect(accepted(await createWith(shard))).toMatchObject({ kind: "replayed" });
		setClock(START + IDEMPOTENCY_KEPT_MS);
		const later = START + IDEMPOTENCY_KEPT_MS + 60_000;
		expect(accepted(await createWith(shard, { ...KEY, bodyHash: "b" }, later))).toMatchObject({
			kind: "created",
			seq: 2,
		});
	});

	it("[DEDUPE-4] answer a batch alike, failures included", async () => {
		const shard = newShard({ plan: "free" });
		const key = { ...KEY, key: "POST /v1/timers/batch one" };
		const call = () => shard.stub().createBatch(shard.call, batchOf(120), key);
		const first = accepted(await call());
		expect(first.kind).toBe("created");
		expect(first.created).toHaveLength(100);
		expect(first.failed).toHaveLength(20);
		expect(first.created[99]).toEqual({ index: 198, seq: 100 });
		await shard.evict();
		const { kind, created, failed, createdAt } = accepted(await call());
		expect({ kind, created, failed, createdAt }).toEqual({
			kind: "replayed",
			created: first.created,
			failed: first.failed,
			createdAt: START,
		});
		expect(accepted(await shard.stub().findBatch(key))?.created).toEqual(first.created);
		expect(await shard.stub().usage()).toMatchObject({ active: 100 });
	});

	it("[DEDUPE-4] can be tried again when a batch was refused whole", async () => {
		const shard = newShard({ plan: "free" });
		await shard.createMany(100, timerOf(DUE));
		const key = { ...KEY, key: "POST /v1/timers/batch one" };
		const call = () => shard.stub().createBatch(shard.call, batchOf(3), key);
		expect(accepted(await call())).toMatchObject({ created: [], failed: [{}, {}, {}] });
		await shard.stub().cancel(shard.call, 1, null);
		expect(accepted(await call()).created).toHaveLength(1);
		expect(accepted(await call())).toMatchObject({ kind: "replayed", created: [{ seq: 101 }] });
	});

	it("[DEDUPE-5] can be looked up without creating anything, also before the first write", async () => {
		const shard = newShard();
		expect(accepted(await shard.stub().findCreated(KEY))).toBeNull();
		expect(accepted(await shard.stub().findBatch(KEY))).toBeNull();
		expect(await shard.stub().findDedupeKeys(["a"])).toEqual([null]);
		expect(
			await shard.inside((storage) =>
				storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'timer'").toArray(),
			),
		).toEqual([]);
		await createWith(shard);
		expect(accepted(await shard.stub().findCreated(KEY))).toMatchObject({ seq: 1 });
		expect(refusal(await shard.stub().findCreated({ ...KEY, bodyHash: "b" }))).toBe(
			"idempotency_key_reused",
		);
	});

	it("[DEDUPE-6] hold a call that runs elsewhere, until it is answered or a minute is up", async () => {
		const shard = newShard();
		const key = { key: "POST /v1/timers/bulk one", bodyHash: "a" };
		const reserve = () => shard.stub().reserveKey(shard.call, key);
		expect(accepted(await reserve())).toEqual({ answer: null });
		expect(refusal(await reserve())).toBe("idempotency_in_progress");
		await shard.stub().completeKey(shard.call, key.key, null);
		expect(accepted(await reserve())).toEqual({ answer: null });
		setClock(START + 60_000);
		expect(accepted(await reserve())).toEqual({ answer: null });
		await shard.stub().completeKey(shard.call, key.key, '{"status":200}');
		await shard.stub().completeKey(shard.call, key.key, null);
		expect(accepted(await reserve())).toEqual({ answer: '{"status":200}' });
		expect(refusal(await shard.stub().reserveKey(shard.call, { ...key, bodyHash: "b" }))).toBe(
			"idempotency_key_reused",
		);
	});

	it("[DEDUPE-6] let exactly one of several concurrent calls run", async () => {
		const shard = newShard();
		const key = { key: "POST /v1/timers/bulk one", bodyHash: "a" };
		const answers = await Promise.all(
			Array.from({ length: 5 }, () => shard.stub().reserveKey(shard.call, key)),
		);
		expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
		const created = await Promise.all(Array.from({ length: 5 }, () => createWith(shard)));
		expect(created.map((one) => accepted(one).seq)).toEqual(Array(5).fill(1));
	});
});

describe("dedupe keys", () => {
	const nightly = () => timerOf(DUE, WEBHOOK, "nightly");

	it("[DEDUPE-7] answer with the timer that has the key, while that has not ended", async () => {
		const shard = newShard();
		await shard.create(nightly());
		const existing = { kind: "existing", seq: 1, timer: { seq: 1 } };
		expect(await shard.create(nightly())).toMatchObject(existing);
		await shard.evict();
		expect(await shard.create(nightly())).toMatchObject(existing);
		const envelope = only(await shard.advance(DUE));
		expect(await shard.create(nightly())).toMatchObject({
			...existing,
			timer: { status: "firing" },
		});
		await shard.report(envelope, answered(envelope, 503));
		expect(await shard.create(nightly())).toMatchObject(existing);
		expect(await shard.stub().findDedupeKeys(["nightly", "other"])).toEqual([1, null]);
		expect(await shard.stub().usage()).toMatchObject({ active: 1 });
	});

	it.each(["settle", "fail", "cancel", "delete"] as const)(
		"[DEDUPE-8] are free after a %s",
		async (end) => {
			const shard = newShard();
			await shard.create(nightly());
			if (end === "cancel") await shard.stub().cancel(shard.call, 1, null);
			else if (end === "delete") await shard.stub().delete(shard.call, 1, null);
			else {
				const envelope = only(await shard.advance(DUE));
				await shard.report(envelope, answered(envelope, end === "settle" ? 200 : 404));
			}
			expect(await shard.stub().findDedupeKeys(["nightly"])).toEqual([null]);
			expect(await shard.create(nightly())).toMatchObject({ kind: "created", seq: 2 });
			expect(await shard.stub().findDedupeKeys(["nightly"])).toEqual([2]);
		},
	);

	it("[DEDUPE-8] stay with their new timer when the earlier one is deleted", async () => {
		const shard = newShard();
		await shard.create(nightly());
		await shard.stub().cancel(shard.call, 1, null);
		await shard.create(nightly());
		await shard.stub().delete(shard.call, 1, null);
		expect(await shard.create(nightly())).toMatchObject({ kind: "existing", seq: 2 });
	});

	it("[DEDUPE-9] hold in a batch, against earlier lines too", async () => {
		const shard = newShard();
		const lines = batchOf(4, (index) => `key-${index % 2}`);
		const { created, failed } = accepted(await shard.stub().createBatch(shard.call, lines, null));
		expect(created).toEqual([
			{ index: 0, seq: 1 },
			{ index: 2, seq: 2 },
			{ index: 4, seq: 1, existing: true },
			{ index: 6, seq: 2, existing: true },
		]);
		expect(failed).toEqual([]);
		expect(await shard.stub().usage()).toMatchObject({ active: 2 });
	});
});
