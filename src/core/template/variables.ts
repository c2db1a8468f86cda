/**
 * Which data a template reads: the paths from the root of its context, as they would be written.
 * What an expression reads relative to an element (in a filter, behind a pipe) is part of the path
 * that led there.
 */
import type { JsonValue } from "../../contract/json.ts";
import { Budget } from "../jmespath/budget.ts";
import { childrenOf, type Node } from "../jmespath/compile.ts";
import { isObject } from "../jmespath/evaluate.ts";
import { expressionsOf } from "./check.ts";
import type { TemplateContext } from "./context.ts";
import { readExpression } from "./expression.ts";

/** Names of members and indexes. */
type Path = readonly (string | number)[];

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The paths that the templates in `value` read, sorted, each once. */
export function templateVariables(value: JsonValue): readonly string[] {
	return [...pathsOf(value).keys()].sort();
}

/** Those of them that lead to nothing; a member that is `null` is there. */
export function missingVariables(value: JsonValue, context: TemplateContext): readonly string[] {
	const missing = [...pathsOf(value)].filter(([, path]) => !leads(path, context.data));
	return missing.map(([name]) => name).sort();
}

function pathsOf(value: JsonValue): ReadonlyMap<string, Path> {
	const budget = new Budget();
	const found = new Map<string, Path>();
	const collect = (item: JsonValue): void => {
		if (typeof item === "string") {
			for (const text of expressionsOf(item)) {
				const read = readExpression(text, budget);
				if (!read.ok) continue;
				const paths =
					read.value.kind === "instant" ? [["now"]] : readBy(read.value.expression.root);
				for (const path of paths) found.set(format(path), path);
			}
		} else if (typeof item === "object" && item !== null) {
			for (const inner of Object.values(item)) collect(inner);
		}
	};
	collect(value);
	return found;
}

/** The paths that a node reads from the root. */
function readBy(node: Node): readonly Path[] {
	const path = pathOf(node);
	if (path !== undefined) return path.length === 0 ? [] : [path];
	switch (node.type) {
		case "Subexpression":
		case "IndexExpression":
		case "Pipe":
		case "Projection":
		case "ValueProjection":
		case "FilterProjection":
			return readBy(node.left);
		case "ExpressionReference":
			return [];
		default:
			return childrenOf(node).flatMap(readBy);
	}
}

/** The path that a node is, or `undefined` if it is more than that. */
function pathOf(node: Node): Path | undefined {
	switch (node.type) {
		case "Identity":
		case "Current":
		case "Root":
			return [];
		case "Field":
			return [node.name];
		case "Index":
			return [node.value];
		case "Subexpression":
		case "IndexExpression": {
			const [left, right] = [pathOf(node.left), pathOf(node.right)];
			return left && right && [...left, ...right];
		}
		default:
			return undefined;
	}
}

function format(path: Path): string {
	return path.reduce<string>((text, step) => {
		if (typeof step === "number") return `${text}[${step}]`;
		const name = IDENTIFIER.test(step) ? step : JSON.stringify(step);
		return text === "" ? name : `${text}.${name}`;
	}, "");
}

function leads(path: Path, data: JsonValue): boolean {
	let value: JsonValue | undefined = data;
	for (const step of path) {
		if (typeof step === "number") value = Array.isArray(value) ? value.at(step) : undefined;
		else
			value =
				value !== undefined && isObject(value) && Object.hasOwn(value, step)
					? value[step]
					: undefined;
	}
	return value !== undefined;
}
