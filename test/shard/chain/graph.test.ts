import { abortAllDurableObjects } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { NewTimer } from "../../../durable-objects/tenant-shard/rpc.ts";
import { normaliseTimer } from "../../../src/core/normalise-timer.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { START, setClock, standStill } from "../clock.ts";
import {
	accepted,
	env,
	newShard,
	only,
	outcomeOf,
	refusal,
	type ShardDriver,
	timerOf,
} from "../harness.ts";
import { leftovers, NOTHING_LEFT } from "./dependents.ts";

standStill();

const SECOND = 1_000;
const url = "https://example.com/hook";

type Root = Parameters<typeof normaliseTimer>[0];
type Nodes = NonNullable<Root["temporalGraph"]>["nodes"];

/** The timer of a graph as the edge hands it to a shard; the root is due a second from now. */
function graphOf(shard: ShardDriver, nodes: Nodes, root: Root = {}): NewTimer {
	const ids = idSpaceOf(env, shard.tenant);
	const rules = {
		now: Date.now(),
		plan: { name: "Enterprise", horizonDays: null } as const,
		judge: () => ({ ok: true, value: new URL(url) }) as never,
		traceparent: null,
		timerAt: (id: string) => ids.parse("tmr", id),
	};
	const retry = { maxAttempts: 1 };
	const actions = [{ type: "webhook", url } as const];
	const input = { in: SECOND, actions, retry, ...root, temporalGraph: { nodes } };
	return accepted(normaliseTimer(input, rules, () => ({ ok: false, error: [] }))).stored;
}

const NODES: Nodes = [
	{ id: "a" },
	{ id: "b", after: ["root", "a"] },
	{ id: "c", after: ["b"] },
	{ id: "d", after: [{ node: "c", on: "always" }, "b"], offset: 5 },
];

function statesOf(shard: ShardDriver, count = 5) {
	const seqs = Array.from({ length: count }, (_, index) => index + 1);
	return Promise.all(seqs.map((seq) => shard.statusOf(seq)));
}

describe("a graph in a shard", () => {
	it("[GRAPH-20] is created whole, each node a timer of its own", async () => {
		const shard = newShard();
		await shard.create(graphOf(shard, NODES, { name: "deploy" }));
		expect(await statesOf(shard)).toEqual([
			"scheduled",
			"scheduled",
			"pending",
			"pending",
			"pending",
		]);
		const ids = idSpaceOf(env, shard.tenant);
		const at = (seq: number) => ids.timer({ shard: 0, seq });
		expect(parseTimerDoc((await shard.timer(1)).doc).graph).toEqual({
			root: "root",
			nodes: { a: at(2), b: at(3), c: at(4), d: at(5) },
		});
		expect(parseTimerDoc((await shard.timer(5)).doc)).toMatchObject({
			name: "deploy::d",
			graph: { rootId: at(1), nodeId: "d" },
			dependsOn: [
				{ timer: at(4), on: "always" },
				{ timer: at(3), on: "success" },
			],
			delayMs: 5,
		});
		expect(await shard.stub().usage()).toMatchObject({ active: 5 });
		expect(await shard.events(5)).toEqual(["timer.created"]);
	});

	/** Lives through `NODES`, where `b` fails or does not, and says in which order they were sent. */
	async function live(bStatus: number, between: (shard: ShardDriver) => Promise<void>) {
		setClock(START);
		const shard = newShard();
		await shard.create(graphOf(shard, NODES));
		const sent: string[] = [];
		for (let to = START; to <= START + 6 * SECOND; to += SECOND / 2) {
			await between(shard);
			await shard.pass(to);
			for (const { id } of await shard.claims()) {
				const envelope = shard.envelopes().findLast((one) => one.claim === id);
				for (const delivery of envelope?.deliveries ?? []) {
					if (envelope === undefined) continue;
					sent.push(`${delivery.timer} at ${Date.now() - START}`);
					const outcome = outcomeOf(delivery, delivery.timer === 3 ? bStatus : 200);
					await shard.report(envelope, [outcome], false);
					await between(shard);
				}
				if (envelope !== undefined) await shard.report(envelope, [], true);
			}
		}
		return {
			sent: [...new Set(sent)],
			states: await statesOf(shard),
			left: await leftovers(shard),
		};
	}

	it("[GRAPH-21] runs each node after what it waits for, and skips what can no longer be", async () => {
		expect(await live(200, async () => {})).toEqual({
			sent: ["1 at 1000", "2 at 1000", "3 at 2000", "4 at 3000", "5 at 3500"],
			states: Array(5).fill("settled"),
			left: NOTHING_LEFT,
		});
		expect(await live(404, async () => {})).toEqual({
			sent: ["1 at 1000", "2 at 1000", "3 at 2000"],
			states: ["settled", "settled", "failed", "skipped", "skipped"],
			left: NOTHING_LEFT,
		});
	});

	it.each<[string, (shard: ShardDriver) => Promise<void>]>([
		["eviction", (shard) => shard.evict()],
		[
			"abort",
			async (shard) => {
				await shard.idle();
				await abortAllDurableObjects();
			},
		],
	])("[GRAPH-22] is the same with %s between every two steps", async (_, between) => {
		expect(await live(200, between)).toEqual(await live(200, async () => {}));
	});

	it("[GRAPH-23] counts against the quota with all its nodes, whole or not at all", async () => {
		const shard = newShard({ plan: "free" });
		const many = Array.from({ length: 60 }, (_, index) => ({ id: `n${index}`, after: ["root"] }));
		await shard.create(graphOf(shard, many));
		expect(await shard.stub().usage()).toMatchObject({ active: 61, createsThisMinute: 61 });
		const again = await shard.stub().create(shard.call, graphOf(shard, many), null);
		expect(refusal(again)).toBe("quota_exceeded");
		expect(await shard.stub().usage()).toMatchObject({ active: 61, createsThisMinute: 61 });
		await shard.create(graphOf(shard, many.slice(0, 38)));
		expect(await shard.stub().usage()).toMatchObject({ active: 100 });
		const one = await shard.stub().create(shard.call, timerOf(START + SECOND), null);
		expect(refusal(one)).toBe("quota_exceeded");
	});

	it("[GRAPH-24] is cancelled with its root, but for what started beside that", async () => {
		const shard = newShard();
		await shard.create(graphOf(shard, NODES));
		await shard.stub().cancel(shard.call, 1, null);
		expect(await statesOf(shard)).toEqual([
			"cancelled",
			"scheduled",
			"cancelled",
			"cancelled",
			"cancelled",
		]);
		await shard.report(only(await shard.advance(START + SECOND)));
		expect(await shard.statusOf(2)).toBe("settled");
		expect(await leftovers(shard)).toEqual(NOTHING_LEFT);
	});

	it("[GRAPH-25] waits with its root, and ends with a root that is ended at once", async () => {
		const shard = newShard();
		const first = await shard.create(timerOf(START + SECOND, { message: "m" }));
		const id = idSpaceOf(env, shard.tenant).timer({ shard: 0, seq: first.seq });
		const dependsOn = [id];
		await shard.create(graphOf(shard, NODES, { dependsOn }));
		expect(await statesOf(shard, 6)).toEqual(["scheduled", ...Array(5).fill("pending")]);
		await shard.pass(START + SECOND);
		expect((await statesOf(shard, 4)).slice(1)).toEqual(["scheduled", "scheduled", "pending"]);
		expect((await shard.timer(2)).fireAt).toBe(START + 2 * SECOND);
		expect((await shard.timer(3)).fireAt).toBe(START + 2 * SECOND);
		const vain = graphOf(shard, NODES, { dependsOn: [{ timer: id, on: "failure" }] });
		const created = await shard.create(vain);
		expect(created.standing).toMatchObject({ status: "skipped" });
		const states = await statesOf(shard, 11);
		expect(states.slice(6)).toEqual(Array(5).fill("skipped"));
	});
});
