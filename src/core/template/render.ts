/**
 * Resolves `${…}` in texts and in JSON. Each text is read once: what an expression yields is never
 * taken for a template again. Keys are left as they are, and so is whatever is not a text.
 */
import type { JsonValue } from "../../contract/json.ts";
import { type ExpressionError, expressionError, Fault } from "../jmespath/errors.ts";
import { err, ok, type Result } from "../result.ts";
import type { TemplateContext } from "./context.ts";
import { readExpression, valueOfExpression } from "./expression.ts";
import { type Segment, scanTemplate, TEMPLATE_MARK } from "./scan.ts";

/** A value with all its templates resolved; a text that is one expression takes its JSON type. */
export function renderTemplates(
	value: JsonValue,
	context: TemplateContext,
): Result<JsonValue, ExpressionError> {
	return atBoundary(() => renderValue(value, context));
}

/** A text with its templates resolved, which stays a text: a url, a header, a message. */
export function renderText(
	text: string,
	context: TemplateContext,
): Result<string, ExpressionError> {
	return atBoundary(() => asText(renderString(text, context), context));
}

/** Carries an error out of the walk. */
class Failure extends Error {
	readonly error: ExpressionError;

	constructor(error: ExpressionError) {
		super(error.message);
		this.error = error;
	}
}

function atBoundary<T>(render: () => T): Result<T, ExpressionError> {
	try {
		return ok(render());
	} catch (fault) {
		if (fault instanceof Failure) return err(fault.error);
		throw fault;
	}
}

function renderValue(value: JsonValue, context: TemplateContext): JsonValue {
	if (typeof value === "string") return renderString(value, context);
	if (typeof value !== "object" || value === null) return value;
	const made = Array.isArray(value)
		? value.map((item) => renderValue(item, context))
		: Object.fromEntries(
				Object.entries(value).map(([key, item]) => [key, renderValue(item, context)]),
			);
	return held(made, context, TEMPLATE_MARK);
}

function renderString(text: string, context: TemplateContext): JsonValue {
	if (!text.includes(TEMPLATE_MARK)) return text;
	const segments = scanTemplate(text);
	const [only] = segments;
	if (only !== undefined && segments.length === 1) return valueOfSegment(only, context);
	const texts = segments.map((segment) => asText(valueOfSegment(segment, context), context));
	return held(texts.join(""), context, text);
}

function valueOfSegment(segment: Segment, context: TemplateContext): JsonValue {
	if ("text" in segment) return segment.text;
	const read = readExpression(segment.expression, context.budget);
	if (!read.ok) throw new Failure(read.error);
	const value = valueOfExpression(read.value, context);
	if (!value.ok) throw new Failure(value.error);
	return held(value.value, context, segment.expression);
}

/** How a value reads inside a text: a text as it is, all else as JSON. */
function asText(value: JsonValue, context: TemplateContext): string {
	return typeof value === "string" ? value : JSON.stringify(held(value, context, TEMPLATE_MARK));
}

/** `value`, unless it is larger than a template may make one. */
function held<T extends JsonValue>(value: T, { budget }: TemplateContext, source: string): T {
	try {
		return budget.hold(value);
	} catch (fault) {
		if (!(fault instanceof Fault)) throw fault;
		throw new Failure(expressionError(source, fault.reason, fault.message));
	}
}
