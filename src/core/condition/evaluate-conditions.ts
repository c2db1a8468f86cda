/**
 * Asks a timer's conditions of its data. Pure; called by the shard before a firing starts. What goes
 * wrong is part of the answer: a condition that cannot be evaluated is not met.
 */

import type { ConditionOperator } from "../../contract/condition.ts";
import type { JsonValue } from "../../contract/json.ts";
import { Budget } from "../jmespath/budget.ts";
import { Fault } from "../jmespath/errors.ts";
import type { Comparison, ConditionData, Conditions } from "./conditions.ts";
import { isComparison } from "./conditions.ts";
import { evaluateExpression, isTruthy } from "./expression.ts";
import { isRooted, valueAt } from "./path.ts";

export type EvaluatedCondition = {
	/** As it was written. */
	readonly condition: JsonValue;
	/** What it was asked of: the left side of a comparison, the result of an expression. */
	readonly value: JsonValue;
	readonly met: boolean;
	readonly error?: string;
};

export type ConditionsOutcome = {
	/** Whether all are. */
	readonly met: boolean;
	readonly evaluated: readonly EvaluatedCondition[];
};

export function evaluateConditions(conditions: Conditions, data: ConditionData): ConditionsOutcome {
	const budget = new Budget();
	const evaluated = listOf(conditions).map((condition) => {
		try {
			return "expression" in condition
				? askExpression(condition.expression, data, budget)
				: compare(condition.comparison, condition.written, data, budget);
		} catch (fault) {
			if (!(fault instanceof Fault)) throw fault;
			const { message: error } = fault;
			return { condition: writtenOf(condition), value: null, met: false, error };
		}
	});
	return { met: evaluated.every(({ met }) => met), evaluated };
}

type Listed =
	| { readonly expression: string }
	| { readonly comparison: Comparison; readonly written: JsonValue };

function listOf(conditions: Conditions): readonly Listed[] {
	if (typeof conditions === "string") return [{ expression: conditions }];
	if (Array.isArray(conditions))
		return conditions.flatMap((one: string | Comparison) => listOf(one as Conditions));
	if (isComparison(conditions)) {
		// What was stored came as JSON.
		return [{ comparison: conditions, written: conditions as JsonValue }];
	}
	return Object.entries(conditions).map(([lhs, rhsValue]) => ({
		comparison: { lhs, operator: "equals", rhsValue },
		written: { [lhs]: rhsValue },
	}));
}

function writtenOf(condition: Listed): JsonValue {
	return "expression" in condition ? condition.expression : condition.written;
}

function askExpression(
	expression: string,
	data: ConditionData,
	budget: Budget,
): EvaluatedCondition {
	const result = evaluateExpression(expression, data, budget);
	if (!result.ok) {
		return { condition: expression, value: null, met: false, error: result.error.message };
	}
	return { condition: expression, value: result.value, met: isTruthy(result.value) };
}

function compare(
	comparison: Comparison,
	condition: JsonValue,
	data: ConditionData,
	budget: Budget,
): EvaluatedCondition {
	const { lhs, lhsValue, operator } = comparison;
	const left = lhsValue ?? (lhs === undefined ? undefined : valueAt(lhs, data));
	const met = holds(operator, left, rightOf(comparison, data), budget);
	return { condition, value: left ?? null, met };
}

function rightOf({ rhs, rhsValue }: Comparison, data: ConditionData): JsonValue | undefined {
	if (rhsValue !== undefined) return rhsValue;
	return typeof rhs === "string" && isRooted(rhs) ? valueAt(rhs, data) : rhs;
}

/** What is missing equals `null`. Only two numbers have an order, or two texts. */
function holds(
	operator: ConditionOperator,
	left: JsonValue | undefined,
	right: JsonValue | undefined,
	budget: Budget,
): boolean {
	switch (operator) {
		case "exists":
			return left !== undefined && left !== null;
		case "not_exists":
			return left === undefined || left === null;
		case "equals":
			return budget.equal(left ?? null, right ?? null);
		case "not_equals":
			return !budget.equal(left ?? null, right ?? null);
		default:
			return isOrdered(operator, left, right);
	}
}

function isOrdered(
	operator: "gt" | "gte" | "lt" | "lte",
	left: JsonValue | undefined,
	right: JsonValue | undefined,
): boolean {
	const areNumbers = typeof left === "number" && typeof right === "number";
	const areTexts = typeof left === "string" && typeof right === "string";
	if (!areNumbers && !areTexts) return false;
	if (operator === "gt") return left > right;
	if (operator === "gte") return left >= right;
	return operator === "lt" ? left < right : left <= right;
}
