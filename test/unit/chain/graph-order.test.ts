import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkOrder, findCycle, type OrderedNode } from "../../../src/core/graph-order.ts";
import { Flaws } from "../../../src/core/timer-rules.ts";

function flawsOf(nodes: readonly OrderedNode[], root = "root") {
	const flaws = new Flaws();
	checkOrder(root, nodes, flaws);
	const refusal = flaws.refusal();
	return refusal !== undefined && "errors" in refusal ? refusal.errors : [];
}

/** Nodes n0…, each after some of those before it, in any order. */
const dags = fc
	.array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 2, maxLength: 40 })
	.map((picks) =>
		picks.map((some, index): OrderedNode => {
			const earlier = index === 0 ? [] : some.map((pick) => `n${pick % index}`);
			return { id: `n${index}`, after: [...new Set(["root", ...earlier])] };
		}),
	)
	.chain((nodes) => fc.shuffledSubarray(nodes, { minLength: nodes.length }));

describe("the order of a graph", () => {
	it("[GRAPH-1] is accepted for any acyclic graph, in any order of its nodes", () => {
		fc.assert(
			fc.property(dags, (nodes) => {
				expect(flawsOf(nodes)).toEqual([]);
			}),
		);
	});

	it("[GRAPH-2] is refused for a cycle, which is named", () => {
		expect(flawsOf([{ id: "a", after: ["a"] }])).toEqual([
			{ path: "nodes.0.after", message: "closes a cycle: a after a" },
		]);
		const nodes = [
			{ id: "a", after: ["root"] },
			{ id: "b", after: ["a", "d"] },
			{ id: "c", after: ["b"] },
			{ id: "d", after: ["c"] },
		];
		expect(flawsOf(nodes)).toEqual([
			{ path: "nodes.1.after", message: "closes a cycle: b after d after c after b" },
		]);
	});

	it("[GRAPH-2] names a cycle of any graph that has one", () => {
		fc.assert(
			fc.property(dags, fc.nat(), (nodes, pick) => {
				const last = nodes[pick % nodes.length];
				if (last === undefined) return;
				// Everything now waits for what waits for it.
				const back = nodes.map((node) =>
					last.after.includes(node.id) ? { ...node, after: [...node.after, last.id] } : node,
				);
				const cycle = findCycle(back);
				const hasBack = nodes.some((node) => last.after.includes(node.id));
				expect(cycle !== undefined).toBe(hasBack);
				const after = new Map(back.map((node) => [node.id, node.after]));
				cycle?.forEach((id, index) => {
					expect(after.get(id)).toContain(cycle[(index + 1) % cycle.length]);
				});
			}),
		);
	});

	it("[GRAPH-2] finds a cycle at the end of a chain of any length", () => {
		const nodes = Array.from({ length: 20_000 }, (_, index) => ({
			id: `n${index}`,
			after: [`n${index + 1}`],
		}));
		expect(findCycle(nodes)).toBeUndefined();
		expect(findCycle([...nodes, { id: "n20000", after: ["n19999"] }])).toEqual([
			"n19999",
			"n20000",
		]);
	});

	it("[GRAPH-3] is refused for unknown names, names used twice, and the root's own", () => {
		const nodes = [
			{ id: "root", after: [] },
			{ id: "a", after: ["b", "root", "root"] },
			{ id: "a", after: [] },
		];
		expect(flawsOf(nodes).map(({ path }) => path)).toEqual([
			"nodes.0.id",
			"nodes.2.id",
			"nodes.1.after.0",
			"nodes.1.after.2",
		]);
		expect(flawsOf([{ id: "root", after: ["start"] }], "start")).toEqual([]);
	});
});
