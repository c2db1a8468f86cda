import { abortAllDurableObjects } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import type { ShardMessage } from "../../../durable-objects/tenant-shard/rpc.ts";
import { START, setClock, standStill } from "../clock.ts";
import { newShard, outcomeOf, type ShardDriver, timerOf, webhooks } from "../harness.ts";
import { DELAY_MS, dependent, leftovers, NOTHING_LEFT } from "./dependents.ts";

standStill();

const DUE = START + 60_000;

/** Two shards of one tenant; timers of the second are in shard 1. */
function pair() {
	setClock(START);
	const near = newShard();
	const far = newShard({ tenant: near.tenant, shard: 1 });
	return { near, far, both: [near, far] as const };
}

/** Lets both do what they have to until `to`; answers when neither has anything left to do then. */
async function passBoth(shards: readonly ShardDriver[], to: number): Promise<void> {
	const from = Date.now();
	for (let isQuiet = false; !isQuiet; ) {
		const before = shards.map(({ lab }) => lab.transactions).join();
		for (const shard of shards) {
			await shard.idle();
			setClock(Math.max(from, Math.min(to, (await shard.alarmAt()) ?? to)));
			await shard.pass(to);
			await shard.idle();
		}
		isQuiet = before === shards.map(({ lab }) => lab.transactions).join();
	}
}

const MESSAGE: ShardMessage = {
	kind: "depend",
	dependency: 1,
	dependent: { shard: 0, seq: 1 },
	on: "success",
};

describe("two shards", () => {
	it("[CHAIN-64] tell each other again what was not answered, less and less often, until it is", async () => {
		const { near, far, both } = pair();
		await far.create(timerOf(DUE, { message: "m" }));
		let refusals = 0;
		far.lab.fault = (query) => {
			if (!query.includes("INTO edge")) return;
			refusals += 1;
			throw new Error("The disk refuses, as the test asked.");
		};
		await near.create(dependent(near, [{ shard: 1, seq: 1 }]));
		await near.idle();
		expect(await leftovers(near)).toEqual({ edge: 0, awaited: 1, outbox: 1 });
		await near.pass(START + 30_000);
		// At once, and then 2, 4, 8 and 16 s after each other, each tried in a group and alone.
		expect(refusals).toBe(5);
		await near.evict();
		far.lab.fault = () => {};
		await near.pass(START + 59_000);
		await near.idle();
		expect(await leftovers(near)).toEqual({ edge: 0, awaited: 1, outbox: 0 });
		expect(await leftovers(far)).toEqual({ edge: 1, awaited: 0, outbox: 0 });
		await passBoth(both, DUE);
		expect(await near.timer(1)).toMatchObject({ status: "scheduled", fireAt: DUE + DELAY_MS });
		expect(await leftovers(far)).toEqual(NOTHING_LEFT);
	});

	it("[CHAIN-65] take a message that comes twice as one", async () => {
		const { near, far, both } = pair();
		await far.create(timerOf(DUE, { message: "m" }));
		await near.create(dependent(near, [{ shard: 1, seq: 1 }], { doc: { message: "m" } }));
		await near.idle();
		for (let time = 0; time < 2; time++) {
			expect(await far.stub().receive(far.call, [MESSAGE])).toEqual([null]);
		}
		expect(await leftovers(far)).toEqual({ edge: 1, awaited: 0, outbox: 0 });
		await passBoth(both, DUE);
		const ended: ShardMessage = {
			kind: "ended",
			dependent: 1,
			dependency: { shard: 1, seq: 1 },
			end: "settled",
			at: DUE,
		};
		expect(await far.stub().receive(far.call, [MESSAGE])).toEqual([ended]);
		await passBoth(both, DUE + DELAY_MS);
		expect(await near.statusOf(1)).toBe("settled");
		await near.stub().receive(near.call, [ended, { ...ended, end: "failed" }]);
		expect(await near.statusOf(1)).toBe("settled");
		expect(await near.events(1)).toEqual([
			"timer.created",
			"timer.updated",
			"timer.fired",
			"timer.settled",
		]);
	});

	it("[CHAIN-66] hold no message up for another that is at fault", async () => {
		const { near, far, both } = pair();
		for (let seq = 1; seq <= 3; seq++) await far.create(timerOf(DUE * 2, { message: "m" }));
		far.lab.fault = (query, values) => {
			if (query.includes("INTO edge") && values[0] === 2) throw new Error("Row 2 is at fault.");
		};
		await Promise.all([1, 2, 3].map((seq) => near.create(dependent(near, [{ shard: 1, seq }]))));
		await passBoth(both, START + 59_000);
		expect(await leftovers(near)).toEqual({ edge: 0, awaited: 3, outbox: 1 });
		expect(await leftovers(far)).toEqual({ edge: 2, awaited: 0, outbox: 0 });
	});

	it("[CHAIN-67] cancel what lies in the other, and release it on `always`", async () => {
		const { near, far, both } = pair();
		await far.create(timerOf(DUE));
		const edge = { shard: 1, seq: 1 };
		await near.create(dependent(near, [edge]));
		await near.create(dependent(near, [{ ...edge, on: "always" }]));
		await near.create(dependent(near, [{ shard: 0, seq: 1 }]));
		await near.idle();
		await far.stub().delete(far.call, 1, null);
		await passBoth(both, START + 1_000);
		expect(await Promise.all([1, 2, 3].map((seq) => near.statusOf(seq)))).toEqual([
			"cancelled",
			"scheduled",
			"cancelled",
		]);
		for (const shard of both) expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
	});

	/** far 1 → near 1 → far 2 → near 2, which waits for near 1 as well. */
	async function chain(between: (shards: readonly ShardDriver[]) => Promise<void>) {
		const { near, far, both } = pair();
		const doc = webhooks(1, { retry: { maxAttempts: 1 } });
		const steps = [
			() => far.create(timerOf(DUE, doc)),
			() => near.create(dependent(near, [{ shard: 1, seq: 1 }], { doc })),
			() => far.create(dependent(far, [{ shard: 0, seq: 1 }], { doc })),
			() =>
				near.create(
					dependent(
						near,
						[
							{ shard: 1, seq: 2 },
							{ shard: 0, seq: 1 },
						],
						{ doc },
					),
				),
		];
		for (const step of steps) {
			await step();
			await between(both);
		}
		const sent = new Set<string>();
		for (let to = DUE; to <= DUE + 6 * DELAY_MS; to += DELAY_MS / 2) {
			await passBoth(both, to);
			await between(both);
			for (const shard of both) {
				const open = new Set((await shard.claims()).map(({ id }) => id));
				for (const envelope of shard.envelopes().filter(({ claim }) => open.has(claim))) {
					for (const delivery of envelope.deliveries) {
						sent.add(`${shard.call.shard}:${delivery.timer}`);
						await shard.report(envelope, [outcomeOf(delivery, 200)], false);
						await between(both);
					}
					await shard.report(envelope, [], true);
					await between(both);
				}
			}
		}
		const states = await Promise.all(both.flatMap((one) => [one.statusOf(1), one.statusOf(2)]));
		return { sent: [...sent], states, left: await Promise.all(both.map(leftovers)) };
	}

	it.each<[string, (shards: readonly ShardDriver[]) => Promise<void>]>([
		[
			"evictions",
			async (shards) => {
				for (const shard of shards) await shard.evict();
			},
		],
		[
			"aborts",
			async (shards) => {
				for (const shard of shards) await shard.idle();
				await abortAllDurableObjects();
			},
		],
		// Whatever was on its way between them is lost, and told again.
		[
			"aborts amid a call",
			async (shards) => {
				await abortAllDurableObjects();
				// What the dead were about to do is never done.
				for (const { lab } of shards) lab.background.clear();
			},
		],
	])(
		"[CHAIN-68] take every step of a chain once, with %s between every two",
		async (_, between) => {
			const undisturbed = await chain(async () => {});
			expect(undisturbed).toEqual({
				sent: ["1:1", "0:1", "1:2", "0:2"],
				states: Array(4).fill("settled"),
				left: [NOTHING_LEFT, NOTHING_LEFT],
			});
			expect(await chain(between)).toEqual(undisturbed);
		},
	);

	it("[CHAIN-69] forget a dependent that has ended, when they come to tell it", async () => {
		const { near, far, both } = pair();
		await far.create(timerOf(DUE, { message: "m" }));
		await near.create(dependent(near, [{ shard: 1, seq: 1 }]));
		await near.idle();
		await near.stub().delete(near.call, 1, null);
		expect(await leftovers(far)).toEqual({ edge: 1, awaited: 0, outbox: 0 });
		await passBoth(both, DUE);
		for (const shard of both) expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
		await vi.waitFor(async () => expect(await far.statusOf(1)).toBe("settled"));
	});
});
