/**
 * What other systems wrote, as a template that yields just that: a shell's `${HOME}` would else be
 * resolved as an expression. What a template yields is not read again, so one that yields `${` does.
 */
import type { JsonValue } from "../../contract/json.ts";

const OPENING = "${";
const LITERAL_OPENING = "${'${'}";

/** `kept`: a template of ours that the other system had as well. Names of members stay as they are. */
export function literal(value: JsonValue, kept?: string): JsonValue {
	if (typeof value === "string") {
		const parts = kept === undefined ? [value] : value.split(kept);
		return parts.map((part) => part.replaceAll(OPENING, LITERAL_OPENING)).join(kept ?? "");
	}
	if (typeof value !== "object" || value === null) return value;
	if (Array.isArray(value)) return value.map((item) => literal(item, kept));
	return Object.fromEntries(
		Object.entries(value).map(([name, item]) => [name, literal(item, kept)]),
	);
}
