/**
 * The documents of a temporal graph once its timers have their ids: the root names its nodes, and
 * each node its root and what it waits for. Pure; called by the shard, which gives the ids, and by
 * the edge, which shows them in its answer.
 */
import type { TimerId } from "../contract/ids.ts";
import type { GraphEdge } from "./normalise-graph.ts";
import type { TimerDoc } from "./timer-doc.ts";

/** The id of the timer at a place of the graph: 0 is the root, n the nth node. */
export type IdAt = (place: number) => TimerId;

export function linkRoot(
	doc: TimerDoc,
	graph: { readonly root: string; readonly nodes: readonly { readonly id: string }[] },
	idAt: IdAt,
): TimerDoc {
	const nodes = Object.fromEntries(graph.nodes.map(({ id }, index) => [id, idAt(index + 1)]));
	return { ...doc, graph: { root: graph.root, nodes } };
}

/** A node that waits for nothing of the graph keeps what it waits for with the root. */
export function linkNode(
	doc: TimerDoc,
	{ id, after }: { readonly id: string; readonly after: readonly GraphEdge[] },
	idAt: IdAt,
): TimerDoc {
	return {
		...doc,
		...(after.length > 0 && {
			dependsOn: after.map(({ node, on }) => ({ timer: idAt(node), on })),
		}),
		graph: { rootId: idAt(0), nodeId: id },
	};
}
