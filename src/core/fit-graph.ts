/**
 * Makes what a shard stores of a temporal graph: each node as a timer that is due by itself, or that
 * waits. Called once nothing is wrong with any of them.
 */
import { LIMITS } from "../contract/limits.ts";
import { NO_INSTANT } from "./dependency.ts";
import type { NormalTimer } from "./fit-timer.ts";
import type { Graph, GraphEdge, GraphNode } from "./normalise-graph.ts";
import { type Payload, utf8Length } from "./offload-bodies.ts";
import { err, ok, type Result } from "./result.ts";
import type { TimerDoc } from "./timer-doc.ts";
import { DEPENDED } from "./timer-flags.ts";
import type { TimerRefusal } from "./timer-rules.ts";

/** The shape of `NewGraph`. */
export type StoredGraph = {
	readonly root: string;
	readonly nodes: readonly StoredNode[];
};

type StoredNode = Pick<NormalTimer["stored"], "dueAt" | "flags" | "name" | "doc"> & {
	readonly id: string;
	readonly after: readonly GraphEdge[];
};

type Fit = (doc: TimerDoc, dueAt: number) => Result<NormalTimer, TimerRefusal>;

/** @param now epoch ms from which nodes count that wait for nothing */
export function fitGraph(
	root: NormalTimer,
	{ root: name, nodes }: Graph,
	now: number,
	fitDoc: Fit,
): Result<NormalTimer, TimerRefusal> {
	const waitedFor = new Set(nodes.flatMap(({ after }) => after.map((edge) => edge.node)));
	const flagsAt = (place: number) => (waitedFor.has(place) ? DEPENDED : 0);
	const stored: StoredNode[] = [];
	const payloads: Payload[] = [...root.payloads];
	let bytes = utf8Length(root.stored.doc);
	for (const [index, node] of nodes.entries()) {
		const fitted = fitNode(root.doc, node, now, fitDoc);
		if (!fitted.ok) return fitted;
		const { flags, name: called, doc, dueAt } = fitted.value.stored;
		const { id, after } = node;
		stored.push({ id, after, flags: flags | flagsAt(index + 1), name: called, doc, dueAt });
		payloads.push(...fitted.value.payloads);
		bytes += utf8Length(doc);
	}
	if (bytes > LIMITS.graphBytes) {
		const detail = `The graph's timers take ${bytes} bytes with what they inherit; at most ${LIMITS.graphBytes} are stored at once.`;
		return err({ code: "payload_too_large", detail });
	}
	const flags = root.stored.flags | flagsAt(0);
	return ok({
		...root,
		stored: { ...root.stored, flags, graph: { root: name, nodes: stored } },
		payloads,
	});
}

/** A node that waits for nothing of the graph starts with the root, so it waits for what that does. */
function fitNode(root: TimerDoc, { after, delayMs, doc }: GraphNode, now: number, fitDoc: Fit) {
	const { dependsOn } = root;
	if (after.length > 0) return fitDoc({ ...doc, delayMs }, NO_INSTANT);
	if (dependsOn === undefined) return fitDoc(doc, now + delayMs);
	return fitDoc({ ...doc, dependsOn, delayMs }, NO_INSTANT);
}
