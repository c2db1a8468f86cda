import { abortAllDurableObjects } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { START, setClock, standStill } from "./clock.ts";
import {
	accepted,
	answered,
	newShard,
	outcomeOf,
	type ShardDriver,
	timerOf,
	webhooks,
} from "./harness.ts";

standStill();

const DUE = START + 60_000;
const RETRY_MS = 20_000;

/** What happens between every two steps of a life. */
const BETWEEN: Record<string, (shard: ShardDriver) => Promise<void>> = {
	nothing: async () => {},
	eviction: (shard) => shard.evict(),
	"another epoch": (shard) => shard.reboot(),
	abort: async (shard) => {
		await shard.idle();
		await abortAllDurableObjects();
	},
	"a watchdog's wake": async (shard) => {
		await shard.stub().wake(shard.call);
	},
};

/**
 * Six timers through every kind of end: delivered, retried, dead and replayed, cancelled in flight,
 * several actions, no action at all.
 */
async function live(between: (shard: ShardDriver) => Promise<void>) {
	setClock(START);
	const shard = newShard();
	const steps: (() => Promise<unknown>)[] = [];
	const doc = { retry: { delaysMs: [RETRY_MS] } };
	for (const [index, actions] of [1, 1, 1, 1, 3, 0].entries()) {
		const timer = timerOf(DUE, actions === 0 ? { message: "m" } : webhooks(actions, doc));
		steps.push(() => shard.create(timer, { key: `k${index}`, bodyHash: "a" }));
	}
	const statusAt = (timer: number, action: number, attempt: number) => {
		if (timer === 2 || action === 1) return attempt === 1 ? 503 : 200;
		return timer === 3 && attempt === 1 ? 404 : 200;
	};
	/** Reports all that has been sent and not been reported, delivery by delivery. */
	const reportAll = async (to: number) => {
		await shard.advance(to);
		for (;;) {
			const claims = new Set((await shard.claims()).map(({ id }) => id));
			const envelope = shard.envelopes().findLast((one) => claims.has(one.claim));
			if (envelope === undefined) return;
			for (const delivery of envelope.deliveries) {
				const { timer, action, attempt } = delivery;
				const outcome = outcomeOf(delivery, statusAt(timer, action, attempt));
				await shard.report(envelope, [outcome], false);
				await between(shard);
				setClock(Math.max(Date.now(), to));
			}
			await shard.report(envelope, [], true);
		}
	};
	steps.push(
		() => shard.advance(DUE),
		() => shard.stub().cancel(shard.call, 4, "late"),
		() => reportAll(DUE + 10),
		() => reportAll(DUE + RETRY_MS + 100),
		async () => accepted(await shard.stub().replayDeadLetter(shard.call, 3, 1, 0, null)),
		() => reportAll(DUE + RETRY_MS + 200),
	);
	for (const step of steps) {
		await step();
		await between(shard);
	}
	await shard.advance(DUE + 3_600_000);
	const timers = await Promise.all(
		[1, 2, 3, 4, 5, 6].map(async (seq) => ({
			status: await shard.statusOf(seq),
			events: await shard.events(seq),
			deliveries: (await shard.deliveries(seq)).map(({ state, attempts, history }) => ({
				state,
				attempts,
				history: history.map(({ attempt, status }) => ({ attempt, status })),
			})),
		})),
	);
	return { timers, usage: await shard.stub().usage(), claims: await shard.claims() };
}

describe("a life", () => {
	it.each(Object.entries(BETWEEN))(
		"[SHARD-40] is the same with %s between every two steps",
		async (_, between) => {
			const undisturbed = await live(async () => {});
			expect(undisturbed.timers.map(({ status }) => status)).toEqual(Array(6).fill("settled"));
			expect(undisturbed.usage.active).toBe(0);
			expect(undisturbed.claims).toEqual([]);
			expect((await live(between)).timers).toEqual(undisturbed.timers);
		},
	);

	it("[SHARD-41] is not disturbed by an abort with envelopes outstanding", async () => {
		const shard = newShard();
		await shard.createMany(300, timerOf(DUE, webhooks(1)));
		const envelopes = await shard.advance(DUE);
		const waits = shard.stub().wait(1, 20_000);
		const lost = (async () => await waits)().catch(() => "lost");
		await abortAllDurableObjects();
		expect(await lost).toBe("lost");
		for (const envelope of envelopes) {
			await shard.report(envelope, answered(envelope, 200).slice(0, 50), false);
			await abortAllDurableObjects();
			await shard.report(envelope);
		}
		expect(await shard.stub().usage()).toMatchObject({ active: 0 });
	});

	it("[SHARD-42] refuses a database of a later release", async () => {
		const shard = newShard();
		await shard.create(timerOf(DUE));
		await shard.inside((storage) => {
			storage.sql.exec("INSERT INTO migration (id, applied_at) VALUES ('9999_later', 0)");
		});
		await abortAllDurableObjects();
		const get = async () => await shard.stub().get(1);
		await expect(get()).rejects.toThrow(/later release/);
	});
});
