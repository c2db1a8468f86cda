/**
 * Whether the nodes of a temporal graph can follow from one another: every name is known and used
 * once, and no node waits for itself, directly or by way of others. Pure.
 */
import type { Flaws } from "./timer-rules.ts";

/** A node as far as its order goes. `after` names other nodes, or the root. */
export type OrderedNode = { readonly id: string; readonly after: readonly string[] };

/** Says what is wrong; `flaws` are told below the path of the graph. */
export function checkOrder(root: string, nodes: readonly OrderedNode[], flaws: Flaws): void {
	const firsts = new Map<string, number>();
	for (const [index, { id }] of nodes.entries()) {
		const first = firsts.get(id);
		const path = `nodes.${index}.id`;
		if (id === root) flaws.invalid(path, `${quoted(id)} is what the root is called`);
		else if (first !== undefined) flaws.invalid(path, `${quoted(id)} is nodes.${first} too`);
		else firsts.set(id, index);
	}
	for (const [index, { after }] of nodes.entries()) {
		for (const [at, name] of after.entries()) {
			const path = `nodes.${index}.after.${at}`;
			if (name !== root && !firsts.has(name)) {
				flaws.invalid(path, `${quoted(name)} is neither a node nor the root, ${quoted(root)}`);
			} else if (after.indexOf(name) < at) flaws.invalid(path, `${quoted(name)} stands twice`);
		}
	}
	const cycle = findCycle(nodes);
	if (cycle === undefined) return;
	const [last] = cycle;
	const path = `nodes.${last === undefined ? 0 : firsts.get(last)}.after`;
	flaws.invalid(path, `closes a cycle: ${[...cycle, cycle[0]].map(String).join(" after ")}`);
}

/** The nodes of a cycle, each after the next; undefined where there is none. */
export function findCycle(nodes: readonly OrderedNode[]): readonly string[] | undefined {
	const waitsFor = new Map(nodes.map(({ id, after }) => [id, after]));
	const settled = new Set<string>();
	for (const { id } of nodes) {
		// The way down from `id`: each node, and how many of those it waits for have been looked at.
		const path: { readonly id: string; next: number }[] = [{ id, next: 0 }];
		const onPath = new Set([id]);
		for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
			const name = settled.has(top.id) ? undefined : waitsFor.get(top.id)?.[top.next++];
			if (name === undefined) {
				settled.add(top.id);
				onPath.delete(top.id);
				path.pop();
			} else if (onPath.has(name)) {
				const start = path.findIndex((step) => step.id === name);
				return path.slice(start).map((step) => step.id);
			} else if (!settled.has(name)) {
				path.push({ id: name, next: 0 });
				onPath.add(name);
			}
		}
	}
	return undefined;
}

function quoted(text: string): string {
	return JSON.stringify(text);
}
