/**
 * Reads the temporal graph of a new timer: its nodes as timers of their own, with what they inherit
 * from the root, in the order in which they were written. Pure; called by the normalisation of new
 * timers, which knows how a document is read.
 */
import type { DependencyCondition } from "../contract/dependency.ts";
import { LIMITS } from "../contract/limits.ts";
import type { TemporalGraph, TemporalNode } from "../contract/temporal-graph.ts";
import type { TimerCreate } from "../contract/timer.ts";
import { parseDuration } from "./duration.ts";
import { checkOrder } from "./graph-order.ts";
import { horizonOf, horizonText } from "./normalise-schedule.ts";
import type { ActionDoc, TimerDoc } from "./timer-doc.ts";
import { Flaws, type TimerRules } from "./timer-rules.ts";

/** What the root is called by its nodes, unless the graph says otherwise. */
const ROOT = "root";

/** Which timer of the graph a node waits for: 0 is the root, n the nth node. */
export type GraphEdge = { readonly node: number; readonly on: DependencyCondition };

export type GraphNode = {
	readonly id: string;
	readonly after: readonly GraphEdge[];
	/** Counted from when it is ready. */
	readonly delayMs: number;
	readonly doc: TimerDoc;
};

export type Graph = { readonly root: string; readonly nodes: readonly GraphNode[] };

/** What the nodes inherit. */
export type GraphRoot = {
	readonly doc: TimerDoc;
	/** How long the root waits, from its creation or from when it is released. */
	readonly delayMs: number;
	/** The action that the root's `agentBinding` became, which is among those of `doc`. */
	readonly binding: ActionDoc | undefined;
};

type ReadDoc = (input: TimerCreate, flaws: Flaws) => TimerDoc;

export function readGraph(
	graph: TemporalGraph,
	root: GraphRoot,
	rules: TimerRules,
	readDoc: ReadDoc,
	all: Flaws,
): Graph {
	const flaws = new Flaws({ flaws: all, path: "temporalGraph" });
	const name = graph.root ?? ROOT;
	const ordered = graph.nodes.map((node) => ({ id: node.id, after: edgesOf(node).map(nameOf) }));
	checkOrder(name, ordered, flaws);
	const places = new Map([[name, 0], ...graph.nodes.map(({ id }, i) => [id, i + 1] as const)]);
	const nodes = graph.nodes.map((node, index): GraphNode => {
		const own = new Flaws({ flaws, path: `nodes.${index}` });
		return {
			id: node.id,
			after: edgesOf(node).map((edge) => ({ node: places.get(nameOf(edge)) ?? 0, on: edge.on })),
			delayMs: readDelay(node, root.delayMs, rules, own),
			doc: docOf(node, name, root, readDoc, own),
		};
	});
	return { root: name, nodes };
}

type Edge = { readonly name: string; readonly on: DependencyCondition };

function edgesOf({ after = [] }: TemporalNode): readonly Edge[] {
	return after.map((edge) =>
		typeof edge === "string"
			? { name: edge, on: "success" }
			: { name: edge.node, on: edge.on ?? "success" },
	);
}

function nameOf({ name }: Edge): string {
	return name;
}

/** The first that is given, as in the founding system; its timers waited for a millisecond at least. */
function readDelay(node: TemporalNode, rootMs: number, rules: TimerRules, flaws: Flaws): number {
	const { offsetMs, offset, durationMs, duration } = node;
	const given = [
		["offsetMs", offsetMs],
		["offset", offset],
		["durationMs", durationMs],
		["duration", duration],
	] as const;
	const [field, value] = given.find(([, one]) => one !== undefined) ?? ["offset", rootMs];
	if (value === 0) return 1;
	const read = parseDuration(value);
	if (!read.ok) {
		flaws.invalid(field, read.error.message);
		return 1;
	}
	if (rules.now + read.value > horizonOf(rules)) {
		flaws.invalid(field, `lies too far ahead: ${horizonText(rules)}`);
	}
	return read.value;
}

function docOf(
	node: TemporalNode,
	rootName: string,
	root: GraphRoot,
	readDoc: ReadDoc,
	flaws: Flaws,
): TimerDoc {
	const { id, actions, actionBundle, agentBinding } = node;
	const name = `${root.doc.name ?? rootName}::${id}`;
	if (name.length > LIMITS.nameLength) {
		const why = `makes the name ${name.length} characters long; at most ${LIMITS.nameLength} are kept`;
		flaws.invalid("id", why);
	}
	const { params, retry, priority, fidelity, jitterPolicy, requestedBy, traceparent } = root.doc;
	const own = readDoc(
		{
			name,
			labels: { ...root.doc.labels, ...node.labels },
			metadata: { ...root.doc.metadata, ...node.metadata },
			...(actions !== undefined && { actions }),
			...(actionBundle !== undefined && { actionBundle }),
			...(agentBinding !== undefined && { agentBinding }),
		},
		flaws,
	);
	const carried = carriedActions(node, own.actions ?? [], root);
	if (carried.length > LIMITS.actionsPerTimer) {
		const why = `makes ${carried.length} actions with the inherited ones; at most ${LIMITS.actionsPerTimer} are kept`;
		flaws.invalid("agentBinding", why);
	}
	return {
		...(params !== undefined && { params }),
		...(retry !== undefined && { retry }),
		...(priority !== undefined && { priority }),
		...(fidelity !== undefined && { fidelity }),
		...(jitterPolicy !== undefined && { jitterPolicy }),
		...(requestedBy !== undefined && { requestedBy }),
		...(traceparent !== undefined && { traceparent }),
		...own,
		...(carried.length > 0 && { actions: carried }),
	};
}

/** A node's actions take the place of the root's, and its binding that of the root's binding. */
function carriedActions(
	{ actions, actionBundle, agentBinding }: TemporalNode,
	own: readonly ActionDoc[],
	{ doc, binding }: GraphRoot,
): readonly ActionDoc[] {
	const inherited = (doc.actions ?? []).filter((action) => action !== binding);
	const hasActions = actions !== undefined || actionBundle !== undefined;
	return [
		...(hasActions ? [] : inherited),
		...own,
		...(agentBinding === undefined && binding !== undefined ? [binding] : []),
	];
}
