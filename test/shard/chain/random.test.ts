import { abortAllDurableObjects } from "cloudflare:test";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { DependencyCondition } from "../../../src/contract/dependency.ts";
import { isSatisfied } from "../../../src/core/dependency.ts";
import { START, setClock, standStill } from "../clock.ts";
import { newShard, outcomeOf, type ShardDriver, timerOf, webhooks } from "../harness.ts";
import { dependent, leftovers, NOTHING_LEFT } from "./dependents.ts";

standStill();

const SECOND = 1_000;
const RUNS = 20;

type Edge = { readonly to: number; readonly on: DependencyCondition };
type Node = { readonly shard: 0 | 1; readonly fails: boolean; readonly edges: readonly Edge[] };

const nodes: fc.Arbitrary<readonly Node[]> = fc
	.array(
		fc.record({
			shard: fc.constantFrom(0 as const, 1 as const),
			fails: fc.boolean(),
			picks: fc.array(
				fc.record({
					to: fc.nat(),
					on: fc.constantFrom<DependencyCondition>("success", "failure", "always"),
				}),
				{ maxLength: 3 },
			),
		}),
		{ minLength: 2, maxLength: 8 },
	)
	.map((raw) =>
		raw.map(({ picks, ...node }, index) => {
			const edges = index === 0 ? [] : picks.map(({ to, on }) => ({ to: to % index, on }));
			const distinct = edges.filter((edge, at) => {
				return edges.findIndex(({ to }) => to === edge.to) === at;
			});
			return { ...node, edges: distinct };
		}),
	);

/** How each of them must end: what has nothing to wait for any more runs, the others are skipped. */
function model(graph: readonly Node[]): readonly string[] {
	const states: ("settled" | "failed" | "skipped")[] = [];
	for (const { fails, edges } of graph) {
		const runs = edges.every(({ to, on }) => isSatisfied(on, states[to] ?? "settled"));
		states.push(runs ? (fails ? "failed" : "settled") : "skipped");
	}
	return states;
}

async function live(graph: readonly Node[], disturbances: readonly number[]) {
	setClock(START);
	const near = newShard();
	const both = [near, newShard({ tenant: near.tenant, shard: 1 })] as const;
	// So that both have tables, whether the graph has timers there or not.
	for (const shard of both) await shard.create(timerOf(START + SECOND, { message: "m" }));
	let steps = 0;
	const disturb = async () => {
		if (!disturbances.includes(steps++ % 17)) return;
		await abortAllDurableObjects();
		for (const { lab } of both) lab.background.clear();
	};
	const doc = webhooks(1, { retry: { maxAttempts: 1 } });
	const places: { shard: number; seq: number }[] = [];
	for (const { shard, edges } of graph) {
		const on = edges.map((edge) => {
			const place = places[edge.to] ?? { shard: 0, seq: 0 };
			return { ...place, on: edge.on };
		});
		const home: ShardDriver = both[shard];
		const timer =
			on.length === 0
				? timerOf(START + SECOND, doc)
				: dependent(home, on, { doc, delayMs: SECOND });
		const { seq } = await home.create(timer);
		places.push({ shard, seq });
		await disturb();
	}
	for (let to = START; to <= START + 30 * SECOND; to += SECOND) {
		for (const shard of both) {
			await shard.idle();
			await shard.pass(to);
			await shard.idle();
			const open = new Set((await shard.claims()).map(({ id }) => id));
			for (const envelope of shard.envelopes().filter(({ claim }) => open.has(claim))) {
				const outcomes = envelope.deliveries.map((delivery) => {
					const at = places.findIndex((place) => {
						return place.shard === shard.call.shard && place.seq === delivery.timer;
					});
					return outcomeOf(delivery, graph[at]?.fails === true ? 404 : 200);
				});
				await shard.report(envelope, outcomes, true);
				await disturb();
			}
		}
	}
	const states = await Promise.all(
		places.map(({ shard, seq }) => (shard === 0 ? both[0] : both[1]).statusOf(seq)),
	);
	return { states, left: await Promise.all(both.map(leftovers)) };
}

it("[CHAIN-71] ends every timer of any acyclic set as its dependencies say", {
	timeout: 120_000,
}, async () => {
	await fc.assert(
		fc.asyncProperty(nodes, fc.array(fc.nat(16), { maxLength: 3 }), async (graph, disturbances) => {
			expect(await live(graph, disturbances)).toEqual({
				states: model(graph),
				left: [NOTHING_LEFT, NOTHING_LEFT],
			});
		}),
		{ numRuns: RUNS },
	);
});
