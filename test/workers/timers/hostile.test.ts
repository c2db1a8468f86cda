/** Hostile input: every answer is a 201 or a clear 4xx, and what is refused stores nothing. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { LIMITS } from "../../../src/contract/limits.ts";
import { newTenant } from "./api.ts";

const url = "https://1.1.1.1/hook";
const names = ["in", "at", "name", "message", "params", "actions", "retry", "priority", "labels"];
const field = fc.oneof(
	fc.jsonValue(),
	fc.constantFrom("1h", 1e308, -1, "2030-01-01T00:00:00Z", "\u0000", "\ud800", null),
);
const timer = fc.oneof(
	fc.jsonValue(),
	fc.dictionary(
		fc.oneof(fc.constantFrom(...names, "__proto__", "constructor"), fc.string()),
		field,
	),
	fc.record({ in: fc.constant("1h"), name: fc.oneof(fc.string(), field), labels: field }),
);

it("[TIMER-95] answers any JSON with 201 or a problem that names the field", async () => {
	const { call } = await newTenant();
	let stored = 0;
	await fc.assert(
		fc.asyncProperty(timer, async (body) => {
			const answer = await call("POST", "/v1/timers", body);
			if (answer.status === 201) stored += 1;
			else {
				expect([400, 413, 415, 422]).toContain(answer.status);
				expect(answer.body.detail).toBeTypeOf("string");
				expect(answer.body.code).not.toBe("internal_error");
			}
		}),
		{ numRuns: 400 },
	);
	const { body } = await call("GET", "/v1/timers?limit=1000");
	expect(body.items).toHaveLength(stored);
});

it("[TIMER-95] answers any text with a 4xx", async () => {
	const { call } = await newTenant();
	await fc.assert(
		fc.asyncProperty(
			fc.oneof(
				fc.string(),
				timer.map((v) => JSON.stringify(v)?.slice(1) ?? ""),
			),
			async (text) => {
				const answer = await call("POST", "/v1/timers", text);
				expect(answer.status).toBeGreaterThanOrEqual(400);
				expect(answer.status).toBeLessThan(500);
			},
		),
		{ numRuns: 200 },
	);
	expect((await call("GET", "/v1/timers")).body.items).toEqual([]);
});

it.each([
	[
		"deep nesting",
		{ in: "1h", metadata: JSON.parse(`${'{"a":'.repeat(40)}1${"}".repeat(40)}`) },
		422,
	],
	["a prototype key", '{"in":"1h","metadata":{"__proto__":{"polluted":true}}}', 422],
	["a number beyond doubles", '{"in":"1h","params":{"n":1e999}}', 422],
	["half a surrogate pair", '{"in":"1h","dedupeKey":"\\ud800"}', 422],
	[
		"a header of two lines",
		{ in: "1h", actions: [{ type: "webhook", url, headers: { a: "b\r\nc: d" } }] },
		422,
	],
	[
		"a timer larger than a row",
		{ in: "1h", metadata: { text: "x".repeat(LIMITS.timerBytes) } },
		413,
	],
	["a body larger than the limit", { in: "1h", message: "x".repeat(LIMITS.bodyBytes) }, 413],
	["an array", [{ in: "1h" }], 422],
	["null", "null", 422],
	["nothing", "", 400],
])("[TIMER-96] refuses %s", async (_, body, status) => {
	const { call } = await newTenant();
	const refused = await call("POST", "/v1/timers", body);
	expect(refused.status).toBe(status);
	expect(Reflect.get({}, "polluted")).toBeUndefined();
	expect((await call("GET", "/v1/timers")).body.items).toEqual([]);
});

it("[TIMER-97] treats ids and cursors as text that proves itself", async () => {
	const { call } = await newTenant();
	const { id } = (await call("POST", "/v1/timers", { in: "1h" })).body;
	const digits = "0123456789abcdefghjkmnpqrstvwxyz";
	await fc.assert(
		fc.asyncProperty(
			fc.integer({ min: 4, max: 27 }),
			fc.constantFrom(...digits),
			async (at, digit) => {
				const forged = id.slice(0, at) + digit + id.slice(at + 1);
				const { status } = await call("GET", `/v1/timers/${forged}`);
				expect(status).toBe(forged === id ? 200 : 404);
			},
		),
		{ numRuns: 60 },
	);
	await fc.assert(
		fc.asyncProperty(fc.string({ minLength: 1 }), async (cursor) => {
			const { status } = await call("GET", `/v1/timers?cursor=${encodeURIComponent(cursor)}`);
			expect([400, 422]).toContain(status);
		}),
		{ numRuns: 60 },
	);
});
