import { describe, expect, it } from "vitest";
import { NO_INSTANT } from "../../../src/core/dependency.ts";
import { createIdSpace } from "../../../src/core/public-id.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { DEPENDED } from "../../../src/core/timer-flags.ts";
import { accepted, NOW, readTimer, refused } from "../timers/read-timer.ts";

const ids = createIdSpace(new Uint8Array(32).fill(7), "acme");
const rules = { timerAt: (id: string) => ids.parse("tmr", id) };
const url = "https://example.com/hook";
const other = "https://example.com/other";

function graphOf(temporalGraph: object, root: object = {}) {
	const input = { name: "deploy", in: "10s", actions: [{ type: "webhook", url }], ...root };
	return readTimer({ ...input, temporalGraph }, rules);
}

/** What a shard is to store of each node. */
function nodesOf(temporalGraph: object, root: object = {}) {
	const { graph } = accepted(graphOf(temporalGraph, root)).stored;
	return (graph?.nodes ?? []).map(({ doc, ...node }) => ({ ...node, doc: parseTimerDoc(doc) }));
}

describe("a node of a graph", () => {
	it("[GRAPH-4] waits for nodes or the root, on success unless it says otherwise", () => {
		const nodes = nodesOf({
			nodes: [
				{ id: "a", after: [] },
				{ id: "b", after: ["root", { node: "c", on: "always" }] },
				{ id: "c" },
			],
		});
		expect(nodes.map(({ after }) => after)).toEqual([
			[],
			[
				{ node: 0, on: "success" },
				{ node: 3, on: "always" },
			],
			[],
		]);
		expect(nodes.map(({ dueAt }) => dueAt)).toEqual([NOW + 10_000, NO_INSTANT, NOW + 10_000]);
	});

	it("[GRAPH-5] counts its offset, else its duration, else what the root counts", () => {
		const after = ["root"];
		const nodes = nodesOf({
			nodes: [
				{ id: "a", after },
				{ id: "b", after, duration: "2s" },
				{ id: "c", after, offset: "3s", durationMs: 2_000 },
				{ id: "d", after, offsetMs: 4_000, offset: "3s" },
				{ id: "e", after, offset: 0 },
				{ id: "f", offsetMs: 25 },
			],
		});
		expect(nodes.map(({ doc }) => doc.delayMs)).toEqual([
			10_000,
			2_000,
			3_000,
			4_000,
			1,
			undefined,
		]);
		expect(nodes.at(-1)?.dueAt).toBe(NOW + 25);
		const at = new Date(NOW + 60_000).toISOString();
		const [node] = nodesOf({ nodes: [{ id: "a", after }] }, { in: undefined, at });
		expect(node?.doc.delayMs).toBe(60_000);
	});

	it("[GRAPH-6] is named after the root and inherits what it does not say", () => {
		const root = {
			params: { region: "eu" },
			labels: { team: "ops", stage: "one" },
			metadata: { a: 1, b: 1 },
			priority: 2,
			retry: { maxAttempts: 2 },
			requestedBy: "ci",
		};
		const [plain, own] = nodesOf(
			{
				nodes: [
					{ id: "a" },
					{
						id: "b",
						labels: { stage: "two" },
						metadata: { b: 2 },
						actionBundle: {
							actions: [{ id: "x", kind: "webhook", parameters: { url: other } }],
							retryPolicy: { maxAttempts: 1 },
						},
					},
				],
			},
			root,
		);
		expect(plain).toMatchObject({
			name: "deploy::a",
			doc: { ...root, actions: [{ type: "webhook", url }] },
		});
		expect(own).toMatchObject({
			name: "deploy::b",
			doc: {
				labels: { team: "ops", stage: "two" },
				metadata: { a: 1, b: 2 },
				priority: 2,
				retry: { maxAttempts: 1 },
				actions: [{ type: "webhook", url: other }],
			},
		});
		const [nameless] = nodesOf({ nodes: [{ id: "a" }] }, { name: undefined });
		expect(nameless?.name).toBe("root::a");
	});

	it("[GRAPH-7] tells the agent that its binding names, or else the root's", () => {
		const binding = { adapter: "mcp", target: "builders", acknowledgementTimeoutMs: 5_000 };
		const nodes = nodesOf(
			{
				nodes: [
					{ id: "a" },
					{ id: "b", actions: [{ type: "webhook", url: other }] },
					{ id: "c", agentBinding: { target: "testers", payloadTemplate: { job: 7 } } },
				],
			},
			{ agentBinding: binding },
		);
		const builders = {
			type: "agent",
			mailbox: "builders",
			command: { adapter: "mcp" },
			ackTimeoutMs: 5_000,
		};
		expect(nodes.map(({ doc }) => doc.actions)).toEqual([
			[{ type: "webhook", url }, builders],
			[{ type: "webhook", url: other }, builders],
			[
				{ type: "webhook", url },
				{ type: "agent", mailbox: "testers", command: { job: 7 } },
			],
		]);
		const uri = { nodes: [{ id: "a", agentBinding: { target: "session://x" } }] };
		expect(refused(graphOf(uri))).toEqual([
			"unsupported_action",
			"temporalGraph.nodes.0.agentBinding.target",
		]);
	});

	it("[GRAPH-8] that waits for nothing of the graph waits with the root for what that waits for", () => {
		const id = ids.timer({ shard: 0, seq: 5 });
		const nodes = nodesOf({ nodes: [{ id: "a" }, { id: "b", after: ["a"] }] }, { dependsOn: [id] });
		expect(nodes.map(({ dueAt }) => dueAt)).toEqual([NO_INSTANT, NO_INSTANT]);
		expect(nodes[0]?.doc.dependsOn).toEqual([{ timer: id, on: "success" }]);
	});

	it("[GRAPH-9] that others wait for is known by its flags", () => {
		const temporalGraph = { nodes: [{ id: "a" }, { id: "b", after: ["a"] }] };
		const isDepended = (flags: number) => (flags & DEPENDED) !== 0;
		expect(nodesOf(temporalGraph).map(({ flags }) => isDepended(flags))).toEqual([true, false]);
		expect(isDepended(accepted(graphOf(temporalGraph)).stored.flags)).toBe(false);
		const after = { nodes: [{ id: "a", after: ["root"] }] };
		expect(isDepended(accepted(graphOf(after)).stored.flags)).toBe(true);
	});
});

describe("a graph", () => {
	it("[GRAPH-10] is refused below the path of what is wrong, all of it at once", () => {
		const nodes = [
			{ id: "a", after: ["x"], offset: "soon" },
			{ id: "root", actions: [{ type: "webhook", url: "https://127.0.0.1/" }] },
			{ id: "a" },
		];
		expect(refused(graphOf({ nodes }))).toEqual([
			"validation_failed",
			"temporalGraph.nodes.1.id",
			"temporalGraph.nodes.2.id",
			"temporalGraph.nodes.0.after.0",
			"temporalGraph.nodes.0.offset",
			"temporalGraph.nodes.1.actions.0.url",
		]);
		expect(refused(graphOf({ nodes: [] }))).toEqual(["validation_failed", "temporalGraph.nodes"]);
		const cycle = [
			{ id: "a", after: ["b"] },
			{ id: "b", after: ["a"] },
		];
		expect(refused(graphOf({ nodes: cycle }))).toEqual([
			"validation_failed",
			"temporalGraph.nodes.0.after",
		]);
	});

	it("[GRAPH-11] is bounded in its nodes, its names, its horizon and its bytes", () => {
		const many = Array.from({ length: 101 }, (_, index) => ({ id: `n${index}` }));
		expect(refused(graphOf({ nodes: many }))).toEqual(["validation_failed", "temporalGraph.nodes"]);
		const name = "n".repeat(198);
		expect(refused(graphOf({ nodes: [{ id: "a" }] }, { name }))).toEqual([
			"validation_failed",
			"temporalGraph.nodes.0.id",
		]);
		const far = graphOf({ nodes: [{ id: "a", offset: "1000000w" }] });
		expect(refused(far)[0]).toBe("validation_failed");
		const body = "x".repeat(30_000);
		const actions = Array.from({ length: 5 }, () => ({ type: "webhook", url, body }));
		const large = graphOf({ nodes: many.slice(0, 40) }, { actions });
		expect(refused(large)).toEqual(["payload_too_large"]);
	});
});
