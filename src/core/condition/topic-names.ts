/**
 * Which topics an expression or a list of conditions may speak of, so that only their last events
 * are read. A name too many is harmless: there is no such topic.
 */
import { childrenOf, type Node } from "../jmespath/compile.ts";
import { type Conditions, isComparison } from "./conditions.ts";
import { compileCondition } from "./expression.ts";

const EVENTS = "events.";

/** Every member that an expression names. */
export function topicsInExpression(text: string): ReadonlySet<string> {
	const names = new Set<string>();
	const collect = (node: Node): void => {
		if (node.type === "Field") names.add(node.name);
		for (const child of childrenOf(node)) collect(child);
	};
	const compiled = compileCondition(text);
	if (compiled.ok) collect(compiled.value.root);
	return names;
}

export function topicsIn(conditions: Conditions): ReadonlySet<string> {
	if (typeof conditions === "string") return topicsInExpression(conditions);
	if (Array.isArray(conditions)) {
		return new Set(conditions.flatMap((one) => [...topicsIn(one)]));
	}
	const paths = isComparison(conditions)
		? [conditions.lhs, conditions.rhs]
		: Object.keys(conditions);
	return new Set(paths.flatMap(topicsInPath));
}

/** A topic may have dots itself: `events.orders.paid.total` speaks of three at most. */
function topicsInPath(path: unknown): readonly string[] {
	if (typeof path !== "string" || !path.startsWith(EVENTS)) return [];
	const parts = path.slice(EVENTS.length).split(".");
	return parts.map((_, index) => parts.slice(0, index + 1).join("."));
}
