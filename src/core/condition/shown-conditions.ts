/** What the event of a skipped firing says of its conditions: as much as an event may hold. */
import type { JsonObject, JsonValue } from "../../contract/json.ts";
import { SHOWN_LENGTH, SHOWN_VALUE_LENGTH } from "./constants.ts";
import type { EvaluatedCondition } from "./evaluate-conditions.ts";

/** Those that are not met come first, and what is long is cut. At least one is there. */
export function shownConditions(evaluated: readonly EvaluatedCondition[]): readonly JsonObject[] {
	const unmetFirst = evaluated.toSorted((a, b) => Number(a.met) - Number(b.met));
	let length = 0;
	return unmetFirst
		.map(({ condition, value, met, error }): JsonObject => {
			const shown = { condition: cut(condition), value: cut(value), met };
			return error === undefined ? shown : { ...shown, error: error.slice(0, SHOWN_VALUE_LENGTH) };
		})
		.filter((shown, index) => {
			length += JSON.stringify(shown).length;
			return index === 0 || length <= SHOWN_LENGTH;
		});
}

function cut(value: JsonValue): JsonValue {
	if (typeof value !== "object" && typeof value !== "string") return value;
	const text = JSON.stringify(value);
	if (text.length <= SHOWN_VALUE_LENGTH) return value;
	return `${text.slice(0, SHOWN_VALUE_LENGTH).toWellFormed()}…`;
}
