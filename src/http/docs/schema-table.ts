/** A JSON Schema as a table of fields, a row each; named schemas become links. */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { listOf, objectOf, textOf } from "../openapi/json-access.ts";
import { element, escapeHtml, prose, table } from "./html.ts";

const REFERENCE = /^#\/components\/schemas\/(.+)$/;

/** The fields of an object schema, or what the schema is where it is none. */
export function schemaTable(schema: JsonObject): string {
	const fields = Object.entries(objectOf(schema["properties"]));
	if (fields.length === 0) return element("p", typeOf(schema));
	const required = listOf(schema["required"]);
	const rows = fields.map(([name, value]) => {
		const field = objectOf(value);
		const note = required.includes(name) ? "" : " <small>optional</small>";
		return [`<code>${escapeHtml(name)}</code>${note}`, typeOf(field), notesOf(field)];
	});
	return table(["field", "type", ""], rows);
}

/** The type of a schema in a few words, as HTML. */
export function typeOf(schema: JsonObject): string {
	const named = REFERENCE.exec(textOf(schema["$ref"]))?.[1];
	if (named !== undefined) {
		return element("a", escapeHtml(named), { href: `#schema-${named}` });
	}
	const choices = [...listOf(schema["anyOf"]), ...listOf(schema["oneOf"])].map(objectOf);
	if (choices.length > 0) return choices.map(typeOf).join(" or ");
	if ("const" in schema) return element("code", escapeHtml(JSON.stringify(schema["const"])));
	const values = listOf(schema["enum"]);
	if (values.length > 0) return values.map(literal).join(" ");
	const type = schema["type"];
	if (type === "array") return `list of ${typeOf(objectOf(schema["items"]))}`;
	return Array.isArray(type) ? type.join(" or ") : textOf(type) || "any JSON";
}

function literal(value: JsonValue): string {
	return element("code", escapeHtml(typeof value === "string" ? value : JSON.stringify(value)));
}

const BOUNDS = [
	["minimum", "from"],
	["exclusiveMinimum", "above"],
	["maximum", "to"],
	["minLength", "at least, in characters:"],
	["maxLength", "at most, in characters:"],
	["minItems", "at least, in items:"],
	["maxItems", "at most, in items:"],
	["default", "default"],
] as const;

/** What a schema says beyond its type: description, bounds, default. */
export function notesOf(schema: JsonObject): string {
	const bounds = BOUNDS.flatMap(([keyword, word]) => {
		const bound = schema[keyword];
		return bound === undefined ? [] : [`${word} ${literal(bound)}`];
	});
	const description = textOf(schema["description"]);
	return [...(description === "" ? [] : [prose(description)]), ...bounds].join("; ");
}
