/** Reads parts of a JSON document whose shape the writer knows and the type does not say. */
import type { JsonObject, JsonValue } from "../../contract/json.ts";

/** The value as an object; an empty one when it is something else. */
export function objectOf(value: JsonValue | undefined): JsonObject {
	return isObject(value) ? value : {};
}

/** The value as a list; an empty one when it is something else. */
export function listOf(value: JsonValue | undefined): readonly JsonValue[] {
	return isList(value) ? value : [];
}

/** The value as text; "" when it is something else. */
export function textOf(value: JsonValue | undefined): string {
	return typeof value === "string" ? value : "";
}

function isObject(value: JsonValue | undefined): value is JsonObject {
	return typeof value === "object" && value !== null && !isList(value);
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
	return Array.isArray(value);
}
