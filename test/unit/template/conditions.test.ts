/** What a timer may ask before it fires, and what it is answered. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../../src/contract/json.ts";
import { conditionDataOf } from "../../../src/core/condition/condition-data.ts";
import type { ConditionData, Conditions } from "../../../src/core/condition/conditions.ts";
import { evaluateConditions } from "../../../src/core/condition/evaluate-conditions.ts";
import { evaluateExpression } from "../../../src/core/condition/expression.ts";
import { readConditions } from "../../../src/core/condition/read-conditions.ts";
import { shownConditions } from "../../../src/core/condition/shown-conditions.ts";
import { Flaws } from "../../../src/core/timer-rules.ts";

const DATA: ConditionData = {
	params: { threshold: 20, environment: "params", only: "here", tests_passed: true },
	labels: { team: "ops" },
	metadata: { environment: "staging", build: { ok: true, "a.b": 1 }, "x.y": 2 },
	context: { environment: "production", list: [{ n: 1 }], nothing: null },
	events: { "deploy.done": { status: "ok" } },
	timer: { id: "tmr_1", name: "nightly" },
	now: "2025-08-08T10:30:00.000Z",
};

function read(input: JsonValue) {
	const flaws = new Flaws();
	const conditions = readConditions(input, "conditions", flaws);
	return { conditions, refusal: flaws.refusal() };
}

function ask(input: JsonValue, data = DATA) {
	const { conditions, refusal } = read(input);
	if (conditions === undefined) throw new Error(JSON.stringify(refusal));
	return evaluateConditions(conditions, data);
}

describe("conditions", () => {
	test("[COND-1] an object's members must equal what they name, and all of them must", () => {
		expect(ask({ environment: "production", tests_passed: true })).toEqual({
			met: true,
			evaluated: [
				{ condition: { environment: "production" }, value: "production", met: true },
				{ condition: { tests_passed: true }, value: true, met: true },
			],
		});
		expect(ask({ environment: "production", tests_passed: false })).toMatchObject({
			met: false,
			evaluated: [{ met: true }, { met: false, value: true }],
		});
	});

	test.each<[string, JsonValue, JsonValue]>([
		["context before metadata and params", "environment", "production"],
		["metadata by its root", "metadata.environment", "staging"],
		["params by their root", "params.environment", "params"],
		["params where nobody else has it", "only", "here"],
		["labels", "labels.team", "ops"],
		["dotted", "build.ok", true],
		["a key with dots", "build.a.b", 1],
		["a key with dots at the top", "x.y", 2],
		["into a list", "context.list.0.n", 1],
		["the last event of a topic", "events.deploy.done.status", "ok"],
		["the timer", "timer.name", "nightly"],
		["what is missing", "absent.path", null],
		["what is inherited", "constructor", null],
		["what is inherited below a root", "context.list.length", null],
	])("[COND-2] a path finds %s", (_, lhs, value) => {
		expect(ask([{ lhs, operator: "equals", rhsValue: value }])).toMatchObject({
			met: true,
			evaluated: [{ value }],
		});
	});

	test.each<[JsonValue, boolean]>([
		[{ lhs: "params.threshold", operator: "gt", rhs: 19 }, true],
		[{ lhs: "params.threshold", operator: "gt", rhs: 20 }, false],
		[{ lhs: "params.threshold", operator: "gte", rhs: 20 }, true],
		[{ lhs: "params.threshold", operator: "lt", rhsValue: 21 }, true],
		[{ lhs: "params.threshold", operator: "lte", rhsValue: 19 }, false],
		[{ lhs: "now", operator: "gt", rhs: "2025-01-01T00:00:00.000Z" }, true],
		[{ lhsValue: 25, operator: "gt", rhs: "params.threshold" }, true],
		[{ lhsValue: "b", operator: "gt", rhs: "a" }, true],
		[{ lhsValue: "30", operator: "gt", rhs: 20 }, false],
		[{ lhs: "environment", operator: "equals", rhs: "production" }, true],
		[{ lhs: "environment", operator: "not_equals", rhs: "metadata.environment" }, true],
		[{ lhs: "build", operator: "equals", rhs: { "a.b": 1, ok: true } }, true],
		[{ lhs: "environment", operator: "exists" }, true],
		[{ lhs: "nothing", operator: "exists" }, false],
		[{ lhs: "nothing", operator: "not_exists" }, true],
		[{ lhs: "absent", operator: "not_exists" }, true],
		[{ lhs: "absent", operator: "gt", rhs: 0 }, false],
		[{ lhs: "absent", operator: "not_equals", rhs: 1 }, true],
	])("[COND-3] %j is %s", (comparison, met) => {
		expect(ask([comparison]).met).toBe(met);
		expect(ask(comparison).met).toBe(met);
	});

	test.each<[string, boolean]>([
		["params.threshold < `25`", true],
		["context.environment == 'production' && params.tests_passed", true],
		['events."deploy.done".status == `ok`', true],
		["${params.threshold > 19}", true],
		["length(context.list) > 0", true],
		["length(context.absent.list) > `0`", false],
		["length(context.absent) == 0", true],
		["context.nothing", false],
		["context.list", true],
		["timer.name == 'nightly'", true],
		["now", true],
	])("[COND-4] the expression %s is %s", (expression, met) => {
		expect(ask(expression).met).toBe(met);
		expect(ask([expression, { lhs: "only", operator: "exists" }]).met).toBe(met);
	});

	test("[COND-6] a condition that cannot be evaluated is not met, and says why", () => {
		expect(ask("sum(context.environment)")).toEqual({
			met: false,
			evaluated: [
				{
					condition: "sum(context.environment)",
					value: null,
					met: false,
					error: expect.stringContaining("sum(context.environment)"),
				},
			],
		});
		expect(evaluateExpression("invalid..expression", {})).toMatchObject({
			ok: false,
			error: { expression: "invalid..expression" },
		});
	});

	test.each<[JsonValue, string]>([
		[7, "conditions"],
		[null, "conditions"],
		["invalid..expression", "conditions"],
		["", "conditions"],
		[["a", "b >"], "conditions.1"],
		[[{ lhs: "a", operator: "matches", rhs: 1 }], "conditions.0.operator"],
		[[{ lhs: "a", rhs: 1 }], "conditions.0.operator"],
		[[{ operator: "equals", rhs: 1 }], "conditions.0.lhs"],
		[[{ lhs: 5, operator: "equals", rhs: 1 }], "conditions.0.lhs"],
		[[{ lhs: "a", operator: "gt" }], "conditions.0.rhs"],
		[[{ lhs: "a", operator: "exists", value: 1 }], "conditions.0.value"],
		[[[]], "conditions.0"],
		[{ ["k".repeat(300)]: 1 }, `conditions.${"k".repeat(300)}`],
		[Array.from({ length: 65 }, () => "a"), "conditions"],
	])("[COND-7] %j is refused, naming the field", (input, path) => {
		const { conditions, refusal } = read(input);
		expect(conditions).toBeUndefined();
		expect(refusal).toMatchObject({ code: "validation_failed", errors: [{ path }] });
	});

	test("[COND-4] they are asked of what the timer's document holds", () => {
		const doc = { name: "nightly", labels: { team: "ops" }, context: { ready: true } };
		const data = conditionDataOf(doc, "tmr_1", { deploy: { ok: 1 } }, Date.UTC(2025, 7, 8));
		for (const met of [
			"context.ready && labels.team == 'ops' && timer.name == 'nightly'",
			"events.deploy.ok == 1 && now == '2025-08-08T00:00:00.000Z' && timer.id == 'tmr_1'",
			"params == `{}` && metadata == `{}`",
		]) {
			expect(ask(met, data), met).toMatchObject({ met: true });
		}
	});

	test("[COND-8] what an event repeats of conditions is bounded, those that are not met first", () => {
		const data = { ...DATA, context: { big: "\u{1f31f}".repeat(10_000), small: 1 } };
		const many = Array.from({ length: 60 }, () => ({ lhs: "big", operator: "exists" }));
		const unmet = { lhs: "small", operator: "equals", rhs: "x".repeat(5_000) };
		const shown = shownConditions(ask([...many, unmet], data).evaluated);
		expect(shown[0]).toMatchObject({ value: 1, met: false });
		expect(shown.length).toBeGreaterThan(1);
		expect(JSON.stringify(shown).length).toBeLessThan(3_000);
		const few = ask({ environment: "staging", tests_passed: true }).evaluated;
		expect(shownConditions(few)).toEqual(few);
	});

	test("[COND-9] whatever was read can be asked of any data", () => {
		const operator = fc.constantFrom("equals", "gt", "lte", "exists");
		const lhs = fc.constantFrom("a", "context.a.0", "events.x", "now", "a..b", ".");
		const comparison = fc.record({ lhs, operator, rhs: fc.jsonValue() });
		fc.assert(
			fc.property(
				fc.array(comparison),
				fc.dictionary(fc.string(), fc.jsonValue()),
				(input, context) => {
					const { conditions } = read(input as JsonValue);
					const data = { ...DATA, context: context as ConditionData["context"] };
					const { met, evaluated } = evaluateConditions(conditions as Conditions, data);
					expect(met).toBe(evaluated.every((one) => one.met));
					expect(evaluated).toHaveLength(input.length);
				},
			),
		);
	});
});
