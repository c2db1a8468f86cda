/** JMESPath as the compliance suite of jmespath.org has it, and what the parser gets wrong. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonValue } from "../../../src/contract/json.ts";
import { Budget } from "../../../src/core/jmespath/budget.ts";
import { compileExpression } from "../../../src/core/jmespath/compile.ts";
import { evaluate } from "../../../src/core/jmespath/evaluate.ts";
import { getPublishedVectors } from "../published-vectors.ts";

type Suite = readonly {
	readonly given: JsonValue;
	readonly cases: readonly {
		readonly expression: string;
		readonly result?: JsonValue;
		readonly error?: string;
		readonly bench?: string;
	}[];
}[];

const FILES = [
	"basic",
	"benchmarks",
	"boolean",
	"current",
	"escape",
	"filters",
	"functions",
	"identifiers",
	"indices",
	"literal",
	"multiselect",
	"pipe",
	"slice",
	"syntax",
	"unicode",
	"wildcard",
];

function search(expression: string, data: JsonValue, lenient = false) {
	const compiled = compileExpression(expression, { lenient });
	return compiled.ok ? evaluate(compiled.value, data, new Budget()) : compiled;
}

function resultOf(expression: string, data: JsonValue, lenient = false): JsonValue {
	const found = search(expression, data, lenient);
	if (!found.ok) throw new Error(found.error.message);
	return found.value;
}

function reasonOf(expression: string, data: JsonValue = {}): string | undefined {
	const found = search(expression, data);
	return found.ok ? undefined : found.error.reason;
}

describe("expressions", () => {
	for (const name of FILES) {
		const suites = getPublishedVectors<Suite>(`jmespath/${name}.json`);
		test.skipIf(suites === undefined)(`[TEMPLATE-1] the compliance suite holds: ${name}`, () => {
			for (const { given, cases } of suites ?? []) {
				for (const { expression, result, error, bench } of cases) {
					const found = search(expression, given);
					const shown = `${expression}: ${JSON.stringify(found)}`;
					if (error !== undefined) expect(found.ok, shown).toBe(false);
					else if (bench !== undefined && result === undefined) expect(found.ok, shown).toBe(true);
					else expect(found, shown).toStrictEqual({ ok: true, value: result });
				}
			}
		});
	}

	test.each<[string, JsonValue, JsonValue]>([
		["'a\\\\b'", {}, "a\\\\b"],
		["'it\\'s'", {}, "it's"],
		['`"x\\`y\\`z"`', {}, "x`y`z"],
		["sort(@)", [10, 9, 1], [1, 9, 10]],
		["contains(@, {a: `1`})", [{ a: 1 }], true],
		["max(@)", ["b", "\u{10000}", "\uffff"], "\u{10000}"],
		["group_by(@, &k)", [{ k: "constructor" }], { constructor: [{ k: "constructor" }] }],
		["split(@, '')", "a🌟", ["a", "🌟"]],
		["split(@, ',', `1`)", "a,b,c", ["a", "b,c"]],
		["replace(@, 'a', 'b', `2`)", "aaa", "bba"],
		["replace(@, 'a', 'b')", "aaa", "bbb"],
		["trim(@)", " a\nb ", "a\nb"],
		["a + b * `2`", { a: 1, b: 3 }, 7],
		["a ? 'yes' : 'no'", { a: [] }, "no"],
		["map(&@, v)", { v: [{ expref: true }] }, [{ expref: true }]],
	])("[TEMPLATE-1] %s is read as the specification has it", (expression, data, value) => {
		expect(JSON.stringify(resultOf(expression, data))).toBe(JSON.stringify(value));
	});

	test("[TEMPLATE-2] what an object inherits is not part of it", () => {
		for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
			expect(resultOf(name, {})).toBe(null);
			expect(reasonOf(`${name}(@)`)).toBe("unknown_function");
		}
		const made = resultOf("{__proto__: @}", { polluted: true });
		expect(JSON.stringify(made)).toBe('{"__proto__":{"polluted":true}}');
	});

	test("[TEMPLATE-3] a function that does not exist, or with the wrong number of arguments, is refused before anything is evaluated", () => {
		expect(compileExpression("a || eval('1+1')")).toMatchObject({
			ok: false,
			error: { reason: "unknown_function", expression: "a || eval('1+1')" },
		});
		expect(compileExpression("length(a, b)")).toMatchObject({
			ok: false,
			error: { reason: "invalid_arity" },
		});
	});

	test.each([
		["text that doubles", `'${"x".repeat(500)}'${" | join('', [@, @])".repeat(60)}`, "too_large"],
		["lists that double", `a${" | [@, @]".repeat(60)}`, "too_large"],
		["depth", `a${" | [@]".repeat(65)}`, "too_large"],
		["padding", "pad_left('x', `1000000000`)", "too_large"],
		["replacement", `replace(pad_left('', \`60000\`), '', pad_left('', \`60000\`))`, "too_large"],
		["length", `a${".a".repeat(1_100)}`, "too_long"],
		["nesting", "[".repeat(2_000), "syntax"],
		[
			"work",
			`b[?contains(c, 'x')]${" | [@, @][] | @[?contains(c, 'x')]".repeat(12)}`,
			"too_costly",
		],
	])("[TEMPLATE-4] %s is bounded", (_, expression, reason) => {
		const data = {
			a: "x",
			b: Array.from({ length: 300 }, () => ({ c: [...Array(300).fill("y"), "x"] })),
		};
		expect(reasonOf(expression, data)).toBe(reason);
	});

	test("[TEMPLATE-5] no text makes reading or evaluating it throw", () => {
		const alphabet = fc.constantFrom(
			..."ab.[]{}()?&|@*'`\"\\,:0-9 <>=!$",
			"length(",
			"sort_by(@,&",
		);
		fc.assert(
			fc.property(fc.array(alphabet, { maxLength: 20 }), fc.json(), (parts, json) => {
				const found = search(parts.join(""), JSON.parse(json));
				if (found.ok) JSON.stringify(found.value);
				else expect(found.error.message).toContain("the expression ");
			}),
		);
	});
});

describe("looser forms", () => {
	test.each<[string, JsonValue, JsonValue]>([
		["x > 20", { x: 25 }, true],
		["x>20", { x: 5 }, false],
		["x >= 20.5", { x: 20.5 }, true],
		["x == -1", { x: -1 }, true],
		["x-1", { x: 3 }, 2],
		["x - 1", { x: 3 }, 2],
		["w[0]", { w: [7] }, 7],
		["w[1:]", { w: [7, 8] }, [8]],
		["w[?@ > 7] | length(@) == 1", { w: [7, 8] }, true],
		["[1, 2]", {}, [1, 2]],
		["{a: 1}", {}, { a: 1 }],
		["s == `sunny`", { s: "sunny" }, true],
		["s == 'x 20'", { s: "x 20" }, true],
		["a1 == 2", { a1: 2 }, true],
	])("[COND-5] %s is read where conditions are", (expression, data, value) => {
		expect(resultOf(expression, data, true)).toStrictEqual(value);
	});

	test("[COND-5] templates read JMESPath alone", () => {
		expect(reasonOf("x > 20")).toBe("syntax");
		expect(reasonOf("`sunny`")).toBe("syntax");
	});
});
