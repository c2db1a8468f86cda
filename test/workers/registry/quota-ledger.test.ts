/** Grants of a registry to modelled shards, whose messages arrive in any order. */
import { runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { RELEASE_TIMEOUT_MS } from "../../../durable-objects/tenant-registry/constants.ts";
import {
	QuotaLedger,
	type QuotaPort,
} from "../../../durable-objects/tenant-registry/quota-ledger.ts";
import { createStore, type Store } from "../../../durable-objects/tenant-registry/store.ts";
import { newTenant } from "./new-tenant.ts";

/** Runs `work` on the tables of a new registry, without grants. */
async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
	const { registry } = await newTenant();
	return await runInDurableObject(registry, (_, { storage }) => work(createStore(storage)));
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** A shard as rpc.ts asks it to be: it drops an answer that a release has overtaken. */
class ModelShard {
	granted = 0;
	used = 0;
	#releases = 0;

	/** Creates as many of `want` timers as it is granted; answers how many. */
	async create(want: number, ask: (used: number) => Promise<number>): Promise<number> {
		while (this.used + want > this.granted) {
			const releases = this.#releases;
			const answer = await ask(this.used);
			if (releases !== this.#releases) continue;
			this.granted = answer;
			break;
		}
		const created = Math.min(want, this.granted - this.used);
		this.used += created;
		return created;
	}

	release(): number {
		this.#releases += 1;
		this.granted = this.used;
		return this.used;
	}
}

const SHARDS = 4;
const wants = fc.array(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 }), {
	minLength: SHARDS,
	maxLength: SHARDS,
});

/** Lets all shards create at once; answers how many timers each call wanted and got. */
async function race(
	store: Store,
	net: fc.Scheduler,
	quota: number,
	history: readonly (readonly number[])[],
) {
	for (const { shard } of store.listGrants.all()) store.putGrant.run(shard, 0);
	const shards = history.map(() => new ModelShard());
	const travel = async <T>(value: T): Promise<T> => await net.schedule(Promise.resolve(value));
	const ledger = new QuotaLedger(store, {
		quota: () => quota,
		release: async (shard) => {
			await travel(null);
			const kept = shards[shard]?.release() ?? 0;
			check();
			return await travel(kept);
		},
		onUnreachable: (_, error) => {
			throw error;
		},
	});
	function check(): void {
		expect(sum(shards.map(({ granted }) => granted))).toBeLessThanOrEqual(quota);
		expect(sum(store.listGrants.all().map(({ granted }) => granted))).toBeLessThanOrEqual(quota);
	}
	const calls = shards.map(async (shard, index) => {
		const made = [];
		for (const want of history[index] ?? []) {
			const created = await shard.create(want, async (used) => {
				await travel(null);
				return await travel(await ledger.grant(index, used, want));
			});
			check();
			made.push({ want, created });
		}
		return made;
	});
	return (await net.waitFor(Promise.all(calls))).flat();
}

describe("modelled shards", () => {
	it("[GRANT-2] never hold more than the quota, in whatever order messages arrive", async () => {
		await withStore(async (store) => {
			await fc.assert(
				fc.asyncProperty(
					fc.scheduler(),
					fc.integer({ min: 1, max: 500 }),
					wants,
					async (net, quota, history) => {
						const made = await race(store, net, quota, history);
						const total = sum(made.map(({ created }) => created));
						expect(total).toBeLessThanOrEqual(quota);
						// The very last room may go to a timer whose neighbours were refused, but not be lost.
						expect(total).toBe(Math.min(quota, sum(made.map(({ want }) => want))));
					},
				),
			);
		});
	});

	it("[GRANT-3] refuse nothing when all they want fits the plan", async () => {
		await withStore(async (store) => {
			await fc.assert(
				fc.asyncProperty(fc.scheduler(), wants, async (net, history) => {
					const quota = sum(history.flat());
					fc.pre(quota > 0);
					for (const { want, created } of await race(store, net, quota, history)) {
						expect(created).toBe(want);
					}
				}),
			);
		});
	});
});

describe("a ledger", () => {
	const port = (quota: number | null, release: QuotaPort["release"]): QuotaPort => ({
		quota: () => quota,
		release,
		onUnreachable: vi.fn(),
	});

	it("[GRANT-5] a shard that fails or is silent keeps its grant and holds nobody up", async () => {
		await withStore(async (store) => {
			vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
			try {
				const silent = new Promise<number>(() => undefined);
				const release = vi.fn((shard: number) =>
					shard === 1 ? silent : Promise.reject(new Error("broken")),
				);
				const ports = port(100, release);
				const ledger = new QuotaLedger(store, ports);
				store.putGrant.run(1, 30);
				store.putGrant.run(2, 60);
				const answer = ledger.grant(0, 0, 20);
				await vi.advanceTimersByTimeAsync(RELEASE_TIMEOUT_MS);
				expect(await answer).toBe(10);
				expect(release).toHaveBeenCalledTimes(2);
				expect(ports.onUnreachable).toHaveBeenCalledWith(2, new Error("broken"));
				expect(ports.onUnreachable).toHaveBeenCalledWith(
					1,
					new Error(`No answer within ${RELEASE_TIMEOUT_MS} ms`),
				);
				expect(sum(store.listGrants.all().map(({ granted }) => granted))).toBe(100);
			} finally {
				vi.useRealTimers();
			}
		});
	});

	it("[GRANT-6] asks of many shards at once share the calls to the others", async () => {
		await withStore(async (store) => {
			const release = vi.fn(async () => 100);
			const ledger = new QuotaLedger(store, port(100, release));
			store.putGrant.run(0, 100);
			const asks = Array.from({ length: 50 }, (_, index) => ledger.grant(index + 1, 0, 1));
			expect(new Set(await Promise.all(asks))).toEqual(new Set([0]));
			// One call for the round that was running when the others came, and one for theirs.
			expect(release).toHaveBeenCalledTimes(2);
		});
	});

	it("[GRANT-7] an unlimited plan grants whatever is wanted and keeps no count", async () => {
		await withStore(async (store) => {
			const ledger = new QuotaLedger(store, port(null, vi.fn()));
			expect(await ledger.grant(0, 1e6, 5e5)).toBe(1.5e6);
			expect(store.listGrants.all()).toEqual([]);
		});
	});
});
