/**
 * What a timer may ask before it fires, in the forms it may be written in. Kept as it was written,
 * since it was read and found good when the timer was created.
 */

import type { ConditionOperator } from "../../contract/condition.ts";
import type { JsonObject, JsonValue } from "../../contract/json.ts";

/** `lhs` names data by its path; `rhs` does too where it begins with a root, and is a value else. */
export type Comparison = {
	readonly lhs?: string;
	readonly lhsValue?: JsonValue;
	readonly operator: ConditionOperator;
	readonly rhs?: JsonValue;
	readonly rhsValue?: JsonValue;
};

/** An expression, what must be equal to what, or comparisons and expressions that must all be met. */
export type Conditions = string | JsonObject | readonly (string | Comparison)[];

/** The roots of paths and expressions. */
export type ConditionData = {
	readonly params: JsonObject;
	readonly labels: JsonObject;
	readonly metadata: JsonObject;
	/** What the timer was told since, by PATCH. */
	readonly context: JsonObject;
	/** Payload of the last event of a topic. */
	readonly events: JsonObject;
	readonly timer: JsonObject;
	/** RFC 3339. */
	readonly now: string;
};

/** Whether an object is one comparison, and not what must be equal to what. */
export function isComparison(value: object): value is Comparison {
	return "operator" in value && ("lhs" in value || "lhsValue" in value);
}
