/**
 * One expression of a template: JMESPath, or an instant counted from `now`, which JMESPath cannot
 * say. Read once where a timer is created, and again where it is sent.
 */
import type { JsonValue } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import { parseDuration } from "../duration.ts";
import { formatInstant } from "../instant.ts";
import type { Budget } from "../jmespath/budget.ts";
import { compileExpression, type Expression } from "../jmespath/compile.ts";
import { STEPS_PER_CHARACTER_READ } from "../jmespath/constants.ts";
import { type ExpressionError, expressionError, Fault } from "../jmespath/errors.ts";
import { evaluate } from "../jmespath/evaluate.ts";
import { err, ok, type Result } from "../result.ts";
import type { TemplateContext } from "./context.ts";

/** JMESPath, or how many milliseconds from `now`. */
export type TemplateExpression =
	| { readonly kind: "jmespath"; readonly expression: Expression }
	| { readonly kind: "instant"; readonly text: string; readonly offsetMs: number };

const INSTANT = /^now\s*[+-]/;
const OFFSETS = /([+-])([^+-]*)/g;

export function readExpression(
	text: string,
	budget: Budget,
): Result<TemplateExpression, ExpressionError> {
	try {
		budget.spend(text.length * STEPS_PER_CHARACTER_READ);
	} catch (fault) {
		if (fault instanceof Fault) return err(expressionError(text, fault.reason, fault.message));
		throw fault;
	}
	if (INSTANT.test(text)) return readInstant(text);
	const compiled = compileExpression(text);
	return compiled.ok ? ok({ kind: "jmespath", expression: compiled.value }) : compiled;
}

export function valueOfExpression(
	read: TemplateExpression,
	context: TemplateContext,
): Result<JsonValue, ExpressionError> {
	if (read.kind === "jmespath") {
		return evaluate(read.expression, context.data, context.budget);
	}
	const at = context.now + read.offsetMs;
	if (at >= 0 && at <= LIMITS.instantMax) return ok(formatInstant(at));
	return err(expressionError(read.text, "invalid_value", "leaves the years 1970 to 9999"));
}

/** `now+1h`, `now - 24h`, `now+1d-30m`. */
function readInstant(text: string): Result<TemplateExpression, ExpressionError> {
	let offsetMs = 0;
	for (const [, sign, length = ""] of text.matchAll(OFFSETS)) {
		const ms = parseDuration(length.trim());
		if (!ms.ok) return err(expressionError(text, "syntax", `has no duration: ${ms.error.message}`));
		offsetMs += sign === "-" ? -ms.value : ms.value;
	}
	return ok({ kind: "instant", text, offsetMs });
}
