/**
 * The founding systems' templates and what they come to, where a text that is one expression keeps
 * its JSON type. Shared by the tests of the engine and of the route.
 */
import type { JsonObject, JsonValue } from "../../../src/contract/json.ts";

/** `now` of every case. */
export const FOUNDING_NOW = "2025-08-08T10:30:00.000Z";

export const FOUNDING_CONTEXT: JsonObject = {
	params: {
		name: "John",
		age: 30,
		enabled: true,
		items: ["apple", "banana", "cherry"],
		nothing: null,
		code: "${params.name}",
		"a-b": 1,
		long: "x".repeat(10_000),
	},
	steps: {
		weather: { temp: 25.5, summary: "Sunny" },
		w: { xs: [{ p: 50 }, { p: 150 }, { p: 200 }] },
	},
	event: { id: "e1", payload: { rain: 0.7 } },
};

export const FOUNDING_CASES: readonly (readonly [template: JsonValue, value: JsonValue])[] = [
	["Hello ${params.name}", "Hello John"],
	["${steps.weather.temp}", 25.5],
	["It is ${steps.weather.temp} degrees", "It is 25.5 degrees"],
	["Status: ${params.enabled}", "Status: true"],
	["${params.enabled}", true],
	["Value: ${params.missing}", "Value: null"],
	["${params.missing}", null],
	["${params.missing.deeper}", null],
	["${params.items}", ["apple", "banana", "cherry"]],
	["Items: ${params.items}", 'Items: ["apple","banana","cherry"]'],
	["${params.items[0]}", "apple"],
	["${length(params.items)}", 3],
	["${now}", FOUNDING_NOW],
	["${timestamp}", FOUNDING_NOW],
	["${now+1h}", "2025-08-08T11:30:00.000Z"],
	["${now-24h}", "2025-08-07T10:30:00.000Z"],
	["${now - 24h}", "2025-08-07T10:30:00.000Z"],
	["${now+1d-30m}", "2025-08-09T10:00:00.000Z"],
	["since ${now-48h}", "since 2025-08-06T10:30:00.000Z"],
	["${now_date}", "2025-08-08"],
	["${join('/', ['day', now_date])}", "day/2025-08-08"],
	["${ params.name }", "John"],
	["${params.code}", "${params.name}"],
	["Code: ${params.code}!", "Code: ${params.name}!"],
	["Hello ${params.name", "Hello ${params.name"],
	["${}", "${}"],
	["a ${} b ${ } c", "a ${} b ${ } c"],
	["$${params.age}", "$30"],
	["$ {params.age} $params.age", "$ {params.age} $params.age"],
	["Привет! 🌟", "Привет! 🌟"],
	["🌟 ${params.name} 🌟", "🌟 John 🌟"],
	["${params.long}", "x".repeat(10_000)],
	['${params."a-b"}', 1],
	["${steps.w.xs[?p > `100`].p | [0]}", 150],
	["${join(', ', params.items)}", "apple, banana, cherry"],
	["${{name: params.name, old: params.age > `18`}}", { name: "John", old: true }],
	["${params.{n: name}.n} and ${'}'} and ${`{}`}", "John and } and {}"],
	["${'${'}literal}", "${literal}"],
	[42, 42],
	[null, null],
	[true, true],
	[
		{ "${params.name}": ["${params.age}", { deep: "x${params.age}" }], n: 1 },
		{ "${params.name}": [30, { deep: "x30" }], n: 1 },
	],
];

/** Templates that are refused, and the expression that the refusal names. */
export const FOUNDING_FAULTS: readonly (readonly [template: JsonValue, expression: string])[] = [
	["Value: ${invalid..expression}", "invalid..expression"],
	["${eval('1+1')}", "eval('1+1')"],
	["${params.name'}", "params.name'"],
	["${a ${params.name}", "a ${params.name"],
	["${now+1parsec}", "now+1parsec"],
	["${date:yyyy-MM-dd}", "date:yyyy-MM-dd"],
	["${length(params.age)}", "length(params.age)"],
	[{ deep: ["fine", "${params.name", "${sum('x')}"] }, "sum('x')"],
];
