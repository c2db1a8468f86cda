import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { send } from "./toy-app.ts";

const log = vi.spyOn(console, "log");

beforeEach(() => {
	log.mockReset().mockImplementation(() => undefined);
});

afterEach(() => {
	vi.useRealTimers();
});

function logged(): Record<string, unknown>[] {
	return log.mock.calls.map(([line]) => JSON.parse(String(line)));
}

const TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN_ID = "00f067aa0ba902b7";

it("[HTTP-7] answers 404 where nothing is, and 405 with Allow where something else is", async () => {
	const missing = await send("GET", "/nothing");
	expect([missing.status, JSON.parse(missing.text).code]).toEqual([404, "not_found"]);
	const wrong = await send("DELETE", "/things/a");
	expect([wrong.status, JSON.parse(wrong.text).code]).toEqual([405, "method_not_allowed"]);
	expect(wrong.headers.get("allow")).toBe("GET, HEAD, OPTIONS");
	expect(wrong.headers.get("content-type")).toBe("application/problem+json");
});

it("[HTTP-7] answers HEAD as GET without a body, and OPTIONS with what a path takes", async () => {
	const head = await send("HEAD", "/things/a");
	expect([head.status, head.text]).toEqual([200, ""]);
	const options = await send("OPTIONS", "/things");
	expect([options.status, options.headers.get("allow")]).toEqual([204, "POST, OPTIONS"]);
	expect((await send("OPTIONS", "/nothing")).status).toBe(404);
});

it("[HTTP-7] a parameter that fits no id is 404", async () => {
	expect((await send("GET", "/things/abcdef")).status).toBe(404);
	expect((await send("GET", "/things/%E0%A4%A")).status).toBe(404);
});

it("[HTTP-8] takes over a sane request id and makes one otherwise", async () => {
	const ids = async (given?: string) => {
		const headers = given === undefined ? {} : { "x-request-id": given };
		return (await send("GET", "/things/a", { headers })).headers.get("x-request-id");
	};
	expect(await ids("build-7.2_a")).toBe("build-7.2_a");
	expect(await ids("x".repeat(64))).toBe("x".repeat(64));
	for (const bad of [undefined, "", "a b", "x".repeat(65), '"', "ä"]) {
		expect(await ids(bad)).toMatch(/^req_[\w-]{36}$/);
	}
	expect(await ids()).not.toBe(await ids());
});

it("[HTTP-21] says when it answered", async () => {
	const before = Math.floor(Date.now() / 1_000) * 1_000;
	const { headers } = await send("GET", "/things/a");
	const at = Date.parse(headers.get("date") ?? "");
	expect(at).toBeGreaterThanOrEqual(before);
	expect(at).toBeLessThanOrEqual(Date.now());
});

it("[HTTP-9] continues a trace under a span of its own, and begins none", async () => {
	const headers = { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` };
	const traced = await send("GET", "/things/a", { headers });
	const answered = traced.headers.get("traceparent") ?? "";
	expect(answered).toMatch(new RegExp(`^00-${TRACE_ID}-[0-9a-f]{16}-01$`));
	expect(answered).not.toContain(SPAN_ID);
	expect(JSON.parse(traced.text).traceparent).toBe(answered);
	const broken = { traceparent: `00-${TRACE_ID}-0000000000000000-01` };
	for (const init of [{}, { headers: broken }]) {
		expect((await send("GET", "/things/a", init)).headers.get("traceparent")).toBeNull();
	}
});

it("[HTTP-10] allows no origin unless it is named", async () => {
	const headers = { origin: "https://app.example" };
	for (const origins of ["", "https://other.example", "https://app.example.evil"]) {
		const answer = await send("GET", "/things/a", { headers }, { CORS_ORIGINS: origins });
		expect(answer.headers.get("access-control-allow-origin")).toBeNull();
		expect(answer.headers.get("vary")).toBe(origins === "" ? null : "Origin");
		expect(answer.status).toBe(200);
	}
});

it.each(["https://x.example, https://app.example", "*"])(
	"[HTTP-10] lets a named origin read answers, problems and preflights: %s",
	async (origins) => {
		const headers = { origin: "https://app.example", "access-control-request-method": "POST" };
		for (const [method, path] of [
			["GET", "/things/a"],
			["GET", "/nothing"],
			["OPTIONS", "/things"],
		] as const) {
			const answer = await send(method, path, { headers }, { CORS_ORIGINS: origins });
			expect(answer.headers.get("access-control-allow-origin")).toBe("https://app.example");
			expect(answer.headers.get("vary")).toBe("Origin");
			expect(answer.headers.get("access-control-allow-credentials")).toBeNull();
		}
		const preflight = await send("OPTIONS", "/things", { headers }, { CORS_ORIGINS: origins });
		expect(preflight.headers.get("access-control-allow-methods")).toBe("POST");
		expect(preflight.headers.get("access-control-allow-headers")).toContain("Idempotency-Key");
	},
);

/** A body whose length nobody declares, a byte at a time. */
function inPieces(bytes: Uint8Array): ReadableStream<Uint8Array> {
	return new ReadableStream({
		start(controller) {
			for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
			controller.close();
		},
	});
}

const BODIES = [
	['{"a":"b"}', 201],
	["\ufeff" + '{"a":"b"}', 201],
	['{"a":"xxxxxxxxxxx"}', 413],
	["", 400],
	["{", 400],
	['{"b":1}', 422],
	["[]", 422],
	["null", 422],
] as const;

it.each(BODIES)(
	"[HTTP-3] %j is answered alike with and without a declared length: %i",
	async (text, status) => {
		const bytes = new TextEncoder().encode(text);
		const declared = { "content-length": String(bytes.length) };
		const whole = await send("POST", "/things", { body: bytes, headers: declared });
		const stream = inPieces(bytes);
		const streamed = await send("POST", "/things", { body: stream, duplex: "half" } as RequestInit);
		expect([whole.status, streamed.status]).toEqual([status, status]);
	},
);

it("[HTTP-3] stops reading a body that never ends", async () => {
	let pulled = 0;
	const endless = new ReadableStream({
		pull(controller) {
			pulled += 1;
			controller.enqueue(new Uint8Array(4));
		},
	});
	const init = { body: endless, duplex: "half" } as RequestInit;
	const answer = await send("POST", "/things", init);
	expect(answer.status).toBe(413);
	expect(pulled).toBeLessThan(10);
});

it("[HTTP-3] believes the bytes, not the declared length", async () => {
	const headers = { "content-length": "5" };
	const answer = await send("POST", "/things", { body: '{"a":"xxxxxxxxxxx"}', headers });
	expect(answer.status).toBe(413);
});

it.each([
	[[0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]],
	[[0xc0, 0xaf]],
	[[0xed, 0xa0, 0x80]],
])("[HTTP-3] refuses bytes that are not UTF-8: %j", async (bytes) => {
	const answer = await send("POST", "/things", { body: new Uint8Array(bytes) });
	expect([answer.status, JSON.parse(answer.text).code]).toEqual([400, "invalid_encoding"]);
});

it("[HTTP-12] each item of a list stands alone, as JSON and as NDJSON", async () => {
	const json = await send("POST", "/lists", {
		body: '{"items":[{"a":1},{"b":1},{"a":{"__proto__":1}}]}',
	});
	expect(JSON.parse(json.text)).toEqual([
		1,
		"validation_failed: a: is missing: expected a number",
		"validation_failed: a.__proto__: this name is not allowed in JSON sent here",
	]);
	const headers = { "content-type": "application/x-ndjson" };
	const ndjson = await send("POST", "/lists", { body: '{"a":1}\r\n\n{"a":\n{"a":3}\n', headers });
	expect(JSON.parse(ndjson.text)).toEqual([1, expect.stringMatching(/^invalid_json: /), 3]);
});

it.each([
	["application/json", '{"items":[]}', "items"],
	["application/json", '{"items":{}}', "items"],
	["application/json", '{"timers":[]}', "timers"],
	["application/json", "[]", ""],
	["application/json", '{"items":[1,2,3,4]}', "items"],
	["application/x-ndjson", "\n\n", "items"],
	["application/x-ndjson", "1\n2\n3\n4", "items"],
])("[HTTP-12] what is no list is refused whole: %s %j", async (type, body, path) => {
	const answer = await send("POST", "/lists", { body, headers: { "content-type": type } });
	expect(answer.status).toBe(422);
	expect(JSON.parse(answer.text).errors[0].path).toBe(path);
});

it.each([
	["bug", 500, "internal_error"],
	["text", 500, "internal_error"],
	["overloaded", 503, "unavailable"],
	["retryable", 503, "unavailable"],
	["lost", 503, "unavailable"],
])(
	"[HTTP-13] a thrown %s is %i and tells nothing of what was thrown",
	async (how, status, code) => {
		const answer = await send("GET", `/throws/${how}`);
		const problem = JSON.parse(answer.text);
		expect([answer.status, problem.code]).toEqual([status, code]);
		expect(answer.text).not.toMatch(/nobody outside|Network|at .*\.ts/);
		expect(answer.headers.get("retry-after")).toBe(status === 503 ? "1" : null);
		const [error] = logged();
		expect(error).toMatchObject({ kind: "error", requestId: problem.requestId });
		expect(error?.["error"]).toMatch(/nobody outside|Network/);
	},
);

it("[LOG-1] leaves one line a request: route, status, outcome, time", async () => {
	await send("GET", "/things/a?secret=1", { headers: { "x-request-id": "r1" } });
	await send("GET", "/things/abcdef");
	await send("GET", "/nothing");
	await send("GET", "/throws/bug");
	expect(logged().filter(({ kind }) => kind === "request")).toMatchObject([
		{ requestId: "r1", route: "/things/:id", method: "GET", status: 200, outcome: "ok" },
		{ route: "/things/:id", status: 404, code: "not_found", outcome: "refused" },
		{ route: "-", status: 404, code: "not_found", outcome: "refused" },
		{ route: "/throws/:how", status: 500, code: "internal_error", outcome: "failed" },
	]);
	for (const line of logged().filter(({ kind }) => kind === "request")) {
		expect(line["ms"]).toBeGreaterThanOrEqual(0);
		expect(line["at"]).toMatch(/^\d{4}-.*Z$/);
	}
});

it("[LOG-2] shows no path, query, key or body", async () => {
	const headers = { authorization: "Bearer mnt_a_s3cret", "x-api-key": "s3cret", cookie: "s3cret" };
	await send("GET", "/s3cret?s3cret=s3cret", { headers });
	await send("POST", "/things?token=s3cret", { headers, body: '{"a":"s3cret"}' });
	await send("POST", "/things", { headers, body: '{"s3cret' });
	expect(log).toHaveBeenCalledTimes(3);
	expect(JSON.stringify(log.mock.calls)).not.toContain("s3cret");
});
