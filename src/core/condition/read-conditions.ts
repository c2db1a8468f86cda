/**
 * Judges the conditions of a timer as a caller wrote them, naming each field that is wrong. Called
 * for new timers and for changes.
 */
import { CONDITION_OPERATORS } from "../../contract/condition.ts";
import type { JsonValue } from "../../contract/json.ts";
import { LIMITS } from "../../contract/limits.ts";
import type { Flaws } from "../timer-rules.ts";
import { type Conditions, isComparison } from "./conditions.ts";
import { checkExpression } from "./expression.ts";

const MEMBERS = ["lhs", "lhsValue", "operator", "rhs", "rhsValue"];

/** The conditions to store, or `undefined` where they are flawed. */
export function readConditions(
	input: JsonValue,
	path: string,
	flaws: Flaws,
): Conditions | undefined {
	if (typeof input === "string") return readExpression(input, path, flaws) ? input : undefined;
	if (Array.isArray(input)) return readList(input, path, flaws);
	if (typeof input !== "object" || input === null) {
		const expected = "an expression, an object of values, or an array of comparisons is expected";
		flaws.invalid(path, `got ${JSON.stringify(input)}; ${expected}`);
		return undefined;
	}
	if (isComparison(input)) return readComparison(input, path, flaws) ? input : undefined;
	const keys = Object.keys(input);
	if (!isFew(keys.length, path, flaws)) return undefined;
	const bad = keys.filter((key) => !isPath(key, `${path}.${key}`, flaws));
	// Narrowing by isArray does not exclude a readonly array.
	return bad.length === 0 ? (input as Conditions) : undefined;
}

function readList(input: readonly JsonValue[], path: string, flaws: Flaws): Conditions | undefined {
	if (!isFew(input.length, path, flaws)) return undefined;
	const bad = input.filter((item, index) => {
		const at = `${path}.${index}`;
		return typeof item === "string"
			? !readExpression(item, at, flaws)
			: !readComparison(item, at, flaws);
	});
	// What was not refused is a comparison or an expression.
	return bad.length === 0 ? (input as Conditions) : undefined;
}

function readExpression(text: string, path: string, flaws: Flaws): boolean {
	const checked = checkExpression(text);
	if (!checked.ok) flaws.invalid(path, checked.error.message);
	return checked.ok;
}

function readComparison(input: JsonValue, path: string, flaws: Flaws): boolean {
	if (typeof input !== "object" || input === null || Array.isArray(input)) {
		const got = JSON.stringify(input);
		flaws.invalid(path, `got ${got}; an expression or {lhs, operator, rhs} is expected`);
		return false;
	}
	const given = new Map(Object.entries(input));
	const problems: (readonly [member: string, message: string])[] = [];
	for (const member of given.keys()) {
		if (!MEMBERS.includes(member)) {
			problems.push([`.${member}`, `is no member of a comparison; it has ${MEMBERS.join(", ")}`]);
		}
	}
	const operator = given.get("operator");
	if (!CONDITION_OPERATORS.some((known) => known === operator)) {
		const got = operator === undefined ? "is missing" : `got ${JSON.stringify(operator)}`;
		problems.push([".operator", `${got}; one of ${CONDITION_OPERATORS.join(", ")} is expected`]);
	}
	const lhs = given.get("lhs");
	if (lhs === undefined && !given.has("lhsValue")) {
		problems.push([".lhs", "is missing: a path, or a value as lhsValue"]);
	} else if (lhs !== undefined && typeof lhs !== "string") {
		problems.push([".lhs", `got ${JSON.stringify(lhs)}; a path is expected, or lhsValue`]);
	}
	const isUnary = operator === "exists" || operator === "not_exists";
	if (!isUnary && !given.has("rhs") && !given.has("rhsValue")) {
		problems.push([".rhs", "is missing: a path, or a value as rhs or rhsValue"]);
	}
	for (const [member, message] of problems) flaws.invalid(`${path}${member}`, message);
	const isNamed = typeof lhs !== "string" || isPath(lhs, `${path}.lhs`, flaws);
	return isNamed && problems.length === 0;
}

function isPath(path: string, at: string, flaws: Flaws): boolean {
	if (path !== "" && path.length <= LIMITS.conditionPathLength) return true;
	flaws.invalid(at, `a path of 1 to ${LIMITS.conditionPathLength} characters is expected`);
	return false;
}

function isFew(count: number, path: string, flaws: Flaws): boolean {
	if (count <= LIMITS.conditions) return true;
	flaws.invalid(path, `got ${count} conditions; at most ${LIMITS.conditions} are expected`);
	return false;
}
