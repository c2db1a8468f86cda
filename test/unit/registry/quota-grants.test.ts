/** How a quota is shared between shards: single decisions, and whole histories of a model. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decideGrant, type Grant } from "../../../src/core/quota-grants.ts";

describe("one grant", () => {
	it.each([
		// quota, others hold, held, used, want → granted
		["a small plan goes whole to the only shard", 100, [], 0, 0, 1, 100],
		["a large plan goes in blocks of 5 %", 10_000, [], 0, 0, 1, 501],
		["a block comes on top of what is needed", 10_000, [], 501, 501, 1, 1_002],
		["a batch gets what it needs and a block", 10_000, [], 0, 0, 9_000, 9_500],
		["the last block is what is left", 10_000, [], 9_800, 9_800, 1, 10_000],
		["a second shard gets half of what is left", 1_000, [900], 0, 0, 20, 60],
		["a grant that is enough stays", 10_000, [501], 501, 17, 3, 501],
	])("[GRANT-1] %s", (_, quota, others, held, used, want, granted) => {
		const grants = [
			{ shard: 0, granted: held },
			...others.map((granted, i) => ({ shard: i + 1, granted })),
		];
		expect(decideGrant({ quota, grants, shard: 0, used, want, isScarce: false })).toEqual({
			granted,
			reclaimFrom: [],
		});
	});

	it("[GRANT-3] without room it grants what is left and names the shards that may give back", () => {
		const grants = [
			{ shard: 0, granted: 10 },
			{ shard: 1, granted: 85 },
			{ shard: 2, granted: 0 },
		];
		expect(
			decideGrant({ quota: 100, grants, shard: 0, used: 10, want: 6, isScarce: false }),
		).toEqual({
			granted: 15,
			reclaimFrom: [1],
		});
	});

	it("[GRANT-3] a shard alone at its quota has nobody to ask", () => {
		const grants = [{ shard: 0, granted: 100 }];
		expect(
			decideGrant({ quota: 100, grants, shard: 0, used: 100, want: 1, isScarce: false }),
		).toEqual({
			granted: 100,
			reclaimFrom: [],
		});
	});

	it("[GRANT-3] while others wait it grants nothing in advance", () => {
		const asked = { quota: 10_000, grants: [], shard: 0, used: 0, want: 7 };
		expect(decideGrant({ ...asked, isScarce: true }).granted).toBe(7);
		const grants = [{ shard: 0, granted: 500 }];
		expect(decideGrant({ ...asked, grants, isScarce: true }).granted).toBe(7);
	});

	it("[GRANT-4] a smaller quota takes back what is unused and leaves what is used", () => {
		const grants = [
			{ shard: 0, granted: 500 },
			{ shard: 1, granted: 500 },
		];
		const asked = { quota: 100, grants, shard: 0, want: 1, isScarce: false };
		expect(decideGrant({ ...asked, used: 300 }).granted).toBe(300);
		expect(decideGrant({ ...asked, grants: [{ shard: 0, granted: 500 }], used: 20 }).granted).toBe(
			100,
		);
	});
});

type Shard = { granted: number; used: number };
type Step = { readonly shard: number; readonly change: number };

const SHARDS = 6;
const steps = fc.array(
	fc.record({ shard: fc.nat(SHARDS - 1), change: fc.integer({ min: -60, max: 60 }) }),
	{
		minLength: 1,
		maxLength: 200,
	},
);

/** Shards and a registry in one: every step creates or ends timers in one shard. */
class Model {
	readonly shards: readonly Shard[] = Array.from({ length: SHARDS }, () => ({
		granted: 0,
		used: 0,
	}));
	quota: number;

	constructor(quota: number) {
		this.quota = quota;
	}

	get sum(): number {
		return this.shards.reduce((sum, shard) => sum + shard.granted, 0);
	}

	get used(): number {
		return this.shards.reduce((sum, shard) => sum + shard.used, 0);
	}

	/** Answers how many of the wanted timers were created. */
	apply({ shard: index, change }: Step): number {
		const shard = this.shards[index];
		if (shard === undefined) throw new Error(`no shard ${index}`);
		if (change <= 0) {
			shard.used = Math.max(0, shard.used + change);
			return 0;
		}
		if (shard.used + change > shard.granted) this.#ask(index, shard, change);
		const created = Math.max(0, Math.min(change, shard.granted - shard.used));
		shard.used += created;
		return created;
	}

	#ask(index: number, shard: Shard, want: number): void {
		const decide = () =>
			decideGrant({
				quota: this.quota,
				grants: this.#grants(),
				shard: index,
				used: shard.used,
				want,
				isScarce: false,
			});
		const first = decide();
		shard.granted = first.granted;
		for (const other of first.reclaimFrom) {
			const holder = this.shards[other];
			if (holder !== undefined) holder.granted = holder.used;
		}
		shard.granted = decide().granted;
	}

	#grants(): readonly Grant[] {
		return this.shards.map(({ granted }, shard) => ({ shard, granted }));
	}
}

describe("many grants", () => {
	it("[GRANT-2] the sum never passes the quota and no grant falls below what is used", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 3_000 }), steps, (quota, history) => {
				const model = new Model(quota);
				for (const step of history) {
					model.apply(step);
					expect(model.sum).toBeLessThanOrEqual(quota);
					for (const shard of model.shards)
						expect(shard.granted).toBeGreaterThanOrEqual(shard.used);
				}
			}),
		);
	});

	it("[GRANT-3] nothing is refused that the plan has room for, whichever shard it goes to", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 300 }), steps, (quota, history) => {
				const model = new Model(quota);
				for (const step of history) {
					const room = quota - model.used;
					expect(model.apply(step)).toBe(Math.max(0, Math.min(step.change, room)));
				}
			}),
		);
	});

	it("[GRANT-4] after the quota shrank the sum only falls until it fits", () => {
		fc.assert(
			fc.property(steps, steps, fc.nat(100), (before, after, quota) => {
				const model = new Model(1_000);
				for (const step of before) model.apply(step);
				model.quota = quota;
				for (const step of after) {
					const sum = model.sum;
					model.apply(step);
					expect(model.sum).toBeLessThanOrEqual(Math.max(sum, quota));
					for (const shard of model.shards)
						expect(shard.granted).toBeGreaterThanOrEqual(shard.used);
				}
			}),
		);
	});
});
