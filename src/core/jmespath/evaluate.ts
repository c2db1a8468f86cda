/**
 * Evaluates a compiled expression. The library's own interpreter is not used: it reads what objects
 * inherit (`constructor`), takes data for code, sorts numbers as text and knows no bounds
 * (docs/decisions/0008-jmespath.md).
 */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { err, ok, type Result } from "../result.ts";
import { Arguments, Reference } from "./arguments.ts";
import type { Budget } from "./budget.ts";
import type { Dialect } from "./canonical.ts";
import type { Expression, Node } from "./compile.ts";
import { type ExpressionError, expressionError, Fault } from "./errors.ts";
import { FUNCTIONS } from "./functions.ts";
import { sliceOf } from "./slice.ts";

type NodeOf<Type extends Node["type"]> = Extract<Node, { readonly type: Type }>;

export function evaluate(
	{ text, root, dialect }: Expression,
	data: JsonValue,
	budget: Budget,
): Result<JsonValue, ExpressionError> {
	try {
		return ok(new Evaluation(data, budget, dialect).visit(root, data));
	} catch (fault) {
		if (fault instanceof Fault) return err(expressionError(text, fault.reason, fault.message));
		if (fault instanceof RangeError) return err(expressionError(text, "too_large", "is too large"));
		throw fault;
	}
}

/** What JMESPath takes for false: `false`, `null`, and whatever is empty. */
export function isTruthy(value: JsonValue): boolean {
	if (value === null || value === false || value === "") return false;
	if (Array.isArray(value)) return value.length > 0;
	return typeof value !== "object" || Object.keys(value).length > 0;
}

/** The member of an object, its own and no other; `null` of anything else. */
function memberOf(value: JsonValue, name: string): JsonValue {
	return isObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}

export function isObject(value: JsonValue): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The library names several kinds of node in one type. */
type Sides = { readonly left: Node; readonly right: Node };

class Evaluation {
	readonly #root: JsonValue;
	readonly #budget: Budget;
	readonly #dialect: Dialect;

	constructor(root: JsonValue, budget: Budget, dialect: Dialect) {
		this.#root = root;
		this.#budget = budget;
		this.#dialect = dialect;
	}

	visit(node: Node, current: JsonValue): JsonValue {
		this.#budget.spend(1);
		switch (node.type) {
			case "Identity":
			case "Current":
				return current;
			case "Root":
				return this.#root;
			case "Literal":
				// What is parsed is a JSON text, so nothing else can stand there.
				return node.value as JsonValue;
			case "Field":
				return memberOf(current, node.name);
			case "Index":
				return Array.isArray(current) ? (current.at(node.value) ?? null) : null;
			case "Slice":
				return this.#budget.hold(sliceOf(current, node));
			case "Subexpression": {
				const left = this.visit(node.left, current);
				return left === null ? null : this.visit(node.right, left);
			}
			case "IndexExpression":
			case "Pipe":
				return this.visit(node.right, this.visit(node.left, current));
			case "Flatten": {
				const list = this.visit(node.child, current);
				return Array.isArray(list) ? this.#made(list.flat()) : null;
			}
			case "Projection":
				return this.#project(node, current);
			case "ValueProjection": {
				const base = this.visit(node.left, current);
				return isObject(base) ? this.#each(Object.values(base), node.right) : null;
			}
			case "FilterProjection": {
				const base = this.visit(node.left, current);
				if (!Array.isArray(base)) return null;
				const met = base.filter((item) => isTruthy(this.visit(node.condition, item)));
				return this.#each(met, node.right);
			}
			case "MultiSelectList":
				return this.#made(node.children.map((child) => this.visit(child, current)));
			case "MultiSelectHash":
				return this.#made(
					Object.fromEntries(
						node.children.map(({ name, value }) => [name, this.visit(value, current)]),
					),
				);
			case "Comparator":
				return this.#compare(node, current);
			case "OrExpression": {
				const left = this.visit(node.left, current);
				return isTruthy(left) ? left : this.visit(node.right, current);
			}
			case "AndExpression": {
				const left = this.visit(node.left, current);
				return isTruthy(left) ? this.visit(node.right, current) : left;
			}
			case "NotExpression":
				return !isTruthy(this.visit(node.child, current));
			case "Ternary":
				return isTruthy(this.visit(node.condition, current))
					? this.visit(node.trueExpr, current)
					: this.visit(node.falseExpr, current);
			case "Unary": {
				const operand = requireNumber(this.visit(node.operand, current));
				return node.operator === "Minus" ? -operand : operand;
			}
			case "Arithmetic":
				return this.#calculate(node, current);
			case "Function":
				return this.#call(node, current);
			default:
				throw new Fault("syntax", `has a ${node.type} where a value is expected`);
		}
	}

	/** A slice of a text is a text, and not projected. */
	#project({ left, right }: Sides, current: JsonValue): JsonValue {
		const base = this.visit(left, current);
		if (Array.isArray(base)) return this.#each(base, right);
		const isSlice = left.type === "IndexExpression" && left.right.type === "Slice";
		return isSlice && typeof base === "string" ? this.visit(right, base) : null;
	}

	#each(items: readonly JsonValue[], right: Node): JsonValue {
		const values = items.map((item) => this.visit(right, item));
		return this.#made(values.filter((value) => value !== null));
	}

	#made<T extends JsonValue>(value: T): T {
		this.#budget.spendOn(value);
		return this.#budget.hold(value);
	}

	#compare({ name, left, right }: NodeOf<"Comparator">, current: JsonValue): JsonValue {
		const [a, b] = [this.visit(left, current), this.visit(right, current)];
		if (name === "EQ") return this.#budget.equal(a, b);
		if (name === "NE") return !this.#budget.equal(a, b);
		// Only numbers have an order.
		if (typeof a !== "number" || typeof b !== "number") return null;
		if (name === "GT") return a > b;
		if (name === "GTE") return a >= b;
		return name === "LT" ? a < b : a <= b;
	}

	#calculate({ operator, left, right }: NodeOf<"Arithmetic">, current: JsonValue): number {
		const a = requireNumber(this.visit(left, current));
		const b = requireNumber(this.visit(right, current));
		const result = calculate(operator, a, b);
		if (Number.isFinite(result)) return result;
		throw new Fault("invalid_value", "divides by zero, or leaves the range of numbers");
	}

	#call({ name, children }: NodeOf<"Function">, current: JsonValue): JsonValue {
		const values = children.map((child) =>
			child.type === "ExpressionReference"
				? new Reference((item) => this.visit(child.child, item))
				: this.visit(child, current),
		);
		for (const value of values) {
			if (!(value instanceof Reference)) this.#budget.spendOn(value);
		}
		// Conditions are asked of what may not be there yet.
		if (this.#dialect.lenient && name === "length" && values[0] === null) return 0;
		const args = new Arguments(name, values, this.#budget);
		const known = FUNCTIONS.get(name);
		if (known === undefined) throw new Fault("unknown_function", `calls ${name}()`);
		return this.#made(known.call(args));
	}
}

function calculate(operator: NodeOf<"Arithmetic">["operator"], a: number, b: number): number {
	switch (operator) {
		case "Plus":
			return a + b;
		case "Minus":
			return a - b;
		case "Divide":
			return a / b;
		case "Modulo":
			return a % b;
		case "Div":
			return Math.floor(a / b);
		default:
			return a * b;
	}
}

function requireNumber(value: JsonValue): number {
	if (typeof value === "number") return value;
	throw new Fault("invalid_type", "calculates with what is not a number");
}
