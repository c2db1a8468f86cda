/** What a schema wanted, in words: the second half of an error message. */
import type { z } from "zod";

/** Longest list of allowed values that is written out. */
const VALUES_SHOWN = 20;

const TYPE_NAMES: Readonly<Record<string, string>> = {
	int: "a whole number",
	number: "a number",
	string: "text",
	boolean: "true or false",
	array: "an array",
	object: "an object",
	record: "an object",
	null: "null",
	nonoptional: "a value",
};

/** `a whole number`, `one of "a", "b"`, `at most 200 characters`. */
export function expectationOf(issue: z.core.$ZodIssue): string {
	switch (issue.code) {
		case "invalid_type":
			return TYPE_NAMES[issue.expected] ?? issue.expected;
		case "invalid_value":
			return oneOf(issue.values);
		case "too_small":
			return `${issue.inclusive === false ? "more than" : "at least"} ${amount(issue.minimum, issue.origin)}`;
		case "too_big":
			return `${issue.inclusive === false ? "less than" : "at most"} ${amount(issue.maximum, issue.origin)}`;
		case "invalid_format":
			return issue.pattern === undefined ? issue.format : `text like ${issue.pattern}`;
		case "not_multiple_of":
			return `a multiple of ${issue.divisor}`;
		default:
			return "another value";
	}
}

/** `"a"`, or `one of "a", "b"`. */
export function oneOf(values: readonly unknown[]): string {
	const shown = values.slice(0, VALUES_SHOWN).map((value) => JSON.stringify(value));
	if (shown.length === 1) return shown.join("");
	return `one of ${shown.join(", ")}${values.length > VALUES_SHOWN ? ", …" : ""}`;
}

function amount(bound: number | bigint, origin: string): string {
	const unit = origin === "string" ? "character" : origin === "array" ? "item" : undefined;
	if (unit === undefined) return String(bound);
	return `${bound} ${unit}${Number(bound) === 1 ? "" : "s"}`;
}
