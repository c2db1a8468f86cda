import fc from "fast-check";
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { checkJson } from "../../../src/http/check-json.ts";

/** `{"a":{"a":…1…}}`, `levels` objects deep. */
function nested(levels: number): unknown {
	return JSON.parse(`${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`);
}

it("[HTTP-4] takes 32 levels and refuses the 33rd, naming where it stands", () => {
	expect(checkJson(nested(LIMITS.jsonDepth))).toBeUndefined();
	expect(checkJson(nested(LIMITS.jsonDepth + 1))?.path).toBe(
		Array(LIMITS.jsonDepth).fill("a").join("."),
	);
});

it("[HTTP-4] counts arrays as levels", () => {
	expect(checkJson(JSON.parse("[".repeat(33) + "]".repeat(33)))).toMatchObject({
		message: "nested deeper than 32 levels",
	});
});

it("[HTTP-4] a body of a million brackets is refused, not a crash", () => {
	const deep = JSON.parse("[".repeat(500_000) + "]".repeat(500_000));
	expect(checkJson(deep)).toBeDefined();
});

it.each(["__proto__", "constructor", "prototype"])(
	"[HTTP-4] refuses the name %s anywhere",
	(name) => {
		expect(checkJson(JSON.parse(`{"${name}":1}`))?.path).toBe(name);
		expect(checkJson(JSON.parse(`{"a":[{"${name}":{}}]}`))?.path).toBe(`a.0.${name}`);
	},
);

it("[HTTP-4] refuses numbers that are no doubles, and text that is not Unicode", () => {
	expect(checkJson(JSON.parse('{"a":1e999}'))?.path).toBe("a");
	expect(checkJson(JSON.parse('{"a":[-1e999]}'))?.path).toBe("a.0");
	expect(checkJson(JSON.parse('{"a":"\\ud800"}'))?.path).toBe("a");
	expect(checkJson(JSON.parse('{"\\udc00":1}'))).toBeDefined();
	expect(checkJson(JSON.parse('{"a":"\\ud83d\\ude00"}'))).toBeUndefined();
});

it("[HTTP-4] finds nothing wrong with ordinary JSON", () => {
	const options = { maxDepth: 10, noNullPrototype: true } as const;
	fc.assert(
		fc.property(fc.jsonValue(options), (value) => {
			const sent = JSON.parse(JSON.stringify(value));
			fc.pre(!/"(__proto__|constructor|prototype)"|\\u[d][89a-f]/i.test(JSON.stringify(value)));
			expect(checkJson(sent)).toBeUndefined();
		}),
	);
});
