/**
 * Reads every template of a value without resolving any: what a caller gets wrong is said when the
 * timer is written, not when it fires.
 */
import type { JsonValue } from "../../contract/json.ts";
import type { Budget } from "../jmespath/budget.ts";
import { readExpression } from "./expression.ts";
import { scanTemplate, TEMPLATE_MARK } from "./scan.ts";

export type TemplateFlaw = { readonly path: string; readonly message: string };

/** What is wrong with the templates in `value`, by their paths below `path`. */
export function checkTemplates(value: JsonValue, path: string, budget: Budget): TemplateFlaw[] {
	if (typeof value === "string") {
		return expressionsOf(value).flatMap((expression) => {
			const read = readExpression(expression, budget);
			return read.ok ? [] : [{ path, message: read.error.message }];
		});
	}
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, item]) =>
		checkTemplates(item, path === "" ? key : `${path}.${key}`, budget),
	);
}

/** Whether any text in `value` looks like a template. Most hold none, and cost no more than this look. */
export function holdsMark(value: JsonValue): boolean {
	if (typeof value === "string") return value.includes(TEMPLATE_MARK);
	return typeof value === "object" && value !== null && Object.values(value).some(holdsMark);
}

/** The expressions of a text, in its order. */
export function expressionsOf(text: string): readonly string[] {
	if (!text.includes(TEMPLATE_MARK)) return [];
	return scanTemplate(text).flatMap((part) => ("expression" in part ? [part.expression] : []));
}
