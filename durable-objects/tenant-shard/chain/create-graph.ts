/**
 * Creates the nodes of a temporal graph, in the transaction of its root's create: timers that follow
 * the root in sequence, with their edges. Whether they may be created has been decided before.
 */
import { conditionCode } from "../../../src/core/dependency.ts";
import { type IdAt, linkNode } from "../../../src/core/graph-docs.ts";
import { formatTimerDoc, parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { creationOf, writeTimer } from "../calls/write-timer.ts";
import type { NewGraph, NewNode, ShardCall } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { Transaction } from "../transaction.ts";
import { beginWaiting, firstDueOf, isWaiting, type Prospect } from "./waiting.ts";

/** The ids of a graph whose root has the sequence `root`. */
export function idsOfGraph({ env, identity }: Shard, root: number): IdAt {
	const ids = idSpaceOf(env, identity.tenant);
	return (place) => ids.timer({ shard: identity.shard, seq: root + place });
}

/** @param prospect what the root waits for, and with it each node that waits for none of the graph */
export function createNodes(
	shard: Shard,
	tx: Transaction,
	call: ShardCall,
	root: number,
	{ nodes }: NewGraph,
	prospect: Prospect | null,
): void {
	const idAt = idsOfGraph(shard, root);
	const besideRoot: { readonly id: number; readonly flags: number }[] = [];
	for (const node of nodes) {
		const waitsWithRoot = node.after.length === 0 && prospect !== null && isWaiting(prospect);
		const dueAt = dueOf(tx, node, prospect);
		const seq = writeTimer(shard, tx, call, {
			...node,
			doc: formatTimerDoc(linkNode(parseTimerDoc(node.doc), node, idAt)),
			nominalAt: dueAt,
			dueAt,
			isPending: node.after.length > 0 || waitsWithRoot,
		});
		writeEdges(shard, root, seq, node);
		if (waitsWithRoot) besideRoot.push({ id: seq, flags: node.flags });
	}
	// Not before all edges stand: one of these may end at once, and others with it.
	if (prospect !== null) {
		for (const row of besideRoot) beginWaiting(shard, tx, row, prospect);
	}
}

function dueOf(tx: Transaction, node: NewNode, prospect: Prospect | null): number {
	if (node.after.length > 0 || prospect === null) return node.dueAt;
	return firstDueOf(prospect, node, creationOf(tx));
}

/** Both sides of each; that they are waited for, the flags of the others say from the beginning. */
function writeEdges(shard: Shard, root: number, seq: number, { after }: NewNode): void {
	const { store, identity } = shard;
	for (const { node, on } of after) {
		const condition = conditionCode(on);
		store.insertEdge.run(root + node, identity.shard, seq, condition);
		store.insertAwaited.run(seq, identity.shard, root + node, condition, null);
	}
}
