import fc from "fast-check";
import { expect, it } from "vitest";
import { ProblemSchema } from "../../../src/contract/error.ts";
import { type Call, call, newTenant, OPERATOR_KEY } from "./client.ts";

/** Runs of each property; a run is a whole request. */
const RUNS = 150;

/** JSON that is wrong in one of the ways that break programs. */
const hostileValue = fc.oneof(
	fc.jsonValue(),
	fc.constantFrom(null, true, -0, 1e308, -1, 2 ** 53, "", "\u0000", "__proto__", [], {}),
	fc.string({ unit: "binary" }),
	fc.string({ unit: "binary", minLength: 300, maxLength: 5_000 }),
	fc.constantFrom("\r\nx-injected: 1", "\ud800", "../../..", "' OR 1=1 --", "%00"),
	fc
		.integer({ min: 1, max: 100 })
		.map((depth) => JSON.parse("[".repeat(depth) + "]".repeat(depth))),
);

const NAMES = [
	...["id", "name", "plan", "in", "at", "duration", "fireAt", "actions", "retry", "labels"],
	...["metadata", "params", "message", "priority", "dedupeKey", "fidelity", "tenantId", "events"],
	...["actionBundle", "schedule", "scopes", "mailboxes", "expiresAt", "timers", "filter", "action"],
	...["__proto__", "constructor", "toString", "url", "type", "headers", "body", ""],
];
const hostileObject = fc.dictionary(
	fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...NAMES) }, fc.string()),
	hostileValue,
	{ maxKeys: 6 },
);

/** Text that is, or nearly is, such an object. */
const hostileText = fc.oneof(
	hostileObject.map((value) => JSON.stringify(value)),
	hostileObject.map((value) => JSON.stringify(value).slice(0, -1)),
	fc.tuple(hostileObject, fc.nat()).map(([value, at]) => {
		const text = JSON.stringify(value);
		return `${text.slice(0, at % text.length)}\u0000${text.slice(at % text.length)}`;
	}),
	fc.string({ unit: "binary" }),
	fc.constantFrom(
		'{"in":1e999}',
		'{"id":"a","id":"B"}',
		"[[",
		"nul",
		"\ufeff{}",
		'{"in":0.1e-400}',
	),
);

const hostileHeaders = fc.record(
	{
		"content-type": fc.constantFrom(
			"application/json",
			"text/plain",
			"application/x-ndjson",
			"x",
			";",
		),
		"idempotency-key": fc.string({ maxLength: 300 }),
		"x-request-id": fc.string(),
		traceparent: fc.string(),
		"if-match": fc.string(),
	},
	{ requiredKeys: [] },
);

/** Headers that can be sent at all; the rest never leaves a client. */
function sendable(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
	const entries = Object.entries(headers).filter(([, value]) => /^[\x20-\x7e]+$/.test(value ?? ""));
	return Object.fromEntries(entries.map(([name, value]) => [name, value ?? ""]));
}

async function answersClearly(path: string, request: Call): Promise<void> {
	const answer = await call(path, request);
	expect(answer.status, JSON.stringify({ path, request, body: answer.body })).toBeLessThan(500);
	expect(answer.headers.get("x-request-id")).toBeTruthy();
	expect(answer.headers.get("x-injected")).toBeNull();
	if (answer.status >= 400) expect(ProblemSchema.parse(answer.body).status).toBe(answer.status);
}

async function hold(path: string, key: string, method = "POST"): Promise<void> {
	await fc.assert(
		fc.asyncProperty(hostileText, hostileHeaders, async (body, headers) => {
			await answersClearly(path, { method, key, body, headers: sendable(headers) });
		}),
		{ numRuns: RUNS },
	);
}

it("[HTTP-14] no body makes the creation of a tenant fail", async () => {
	await hold("/v1/tenants", OPERATOR_KEY);
});

it.each([
	"/v1/keys",
	"/v1/timers",
	"/v1/timers/batch",
	"/v1/timers/bulk",
	"/v1/dead-letters/replay",
])("[HTTP-14] no body makes %s fail", async (path) => {
	const { key } = await newTenant();
	await hold(path, key);
});

it("[HTTP-14] no body makes a change or a cancel of a timer fail", async () => {
	const { key } = await newTenant();
	const { body: timer } = await call("/v1/timers", { key, body: { in: "1h" } });
	await hold(`/v1/timers/${timer.id}`, key, "PATCH");
	await hold(`/v1/timers/${timer.id}/cancel`, key);
});

it("[HTTP-14] no query and no id makes a read fail", async () => {
	const { key } = await newTenant();
	const parameter = fc.tuple(
		fc.oneof(
			fc.constantFrom(
				"limit",
				"cursor",
				"status",
				"label",
				"name",
				"dueBefore",
				"order",
				"tenantId",
			),
			fc.string({ unit: "binary" }),
		),
		fc.string({ unit: "binary" }),
	);
	await fc.assert(
		fc.asyncProperty(fc.array(parameter), fc.string({ unit: "binary" }), async (query, id) => {
			const text = new URLSearchParams(query.map(([a, b]) => [a.toWellFormed(), b.toWellFormed()]));
			for (const path of ["/v1/timers", "/v1/dead-letters", "/v1/usage"]) {
				await answersClearly(`${path}?${text}`, { key });
			}
			await answersClearly(`/v1/timers/${encodeURIComponent(id.toWellFormed())}`, { key });
		}),
		{ numRuns: RUNS },
	);
});

it("[HTTP-3] a mebibyte is the limit", async () => {
	const { key } = await newTenant();
	const body = (length: number) => `{"in":"1h","metadata":{"a":"${"x".repeat(length)}"}}`;
	expect((await call("/v1/timers", { key, body: body(1_048_576) })).status).toBe(413);
	const almost = await call("/v1/timers", { key, body: body(1_048_576 - 100) });
	expect(almost.status).toBeLessThan(500);
	expect(almost.body.code).not.toBe("internal_error");
});
