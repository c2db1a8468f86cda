/**
 * An expression that a firing depends on: JMESPath, and what the founding systems wrote beside it,
 * `${…}` around the whole, bare numbers, literals that are no JSON, the length of what is not there.
 */
import type { JsonValue } from "../../contract/json.ts";
import { Budget } from "../jmespath/budget.ts";
import { compileExpression, type Expression } from "../jmespath/compile.ts";
import type { ExpressionError } from "../jmespath/errors.ts";
import { evaluate } from "../jmespath/evaluate.ts";
import { ok, type Result } from "../result.ts";
import { scanTemplate } from "../template/scan.ts";

export { isTruthy } from "../jmespath/evaluate.ts";

/** The value of an expression over `data`, a JSON object. Whether it is met `isTruthy` says. */
export function evaluateExpression(
	text: string,
	data: JsonValue,
	budget = new Budget(),
): Result<JsonValue, ExpressionError> {
	const compiled = compileCondition(text);
	return compiled.ok ? evaluate(compiled.value, data, budget) : compiled;
}

/** Whether an expression can be read at all. */
export function checkExpression(text: string): Result<null, ExpressionError> {
	const compiled = compileCondition(text);
	return compiled.ok ? ok(null) : compiled;
}

/** Reads an expression as a condition may be written. */
export function compileCondition(text: string): Result<Expression, ExpressionError> {
	return compileExpression(unwrapped(text.trim()), { lenient: true });
}

function unwrapped(text: string): string {
	const [only, more] = scanTemplate(text);
	return more === undefined && only !== undefined && "expression" in only ? only.expression : text;
}
