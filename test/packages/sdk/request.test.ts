/** How calls go out, come back and fail: against a scripted `fetch`, in time that the tests move. */

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Minoots, MinootsError, type MinootsOptions } from "../../../packages/sdk/src/index.ts";
import { fc, test as property } from "./properties.ts";
import {
	type Answer,
	json,
	problem,
	rejection,
	scriptedFetch,
	unfinished,
} from "./scripted-fetch.ts";

const TIMER = { id: "tmr_1", status: "scheduled" };

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

function client(answers: readonly Answer[], options: Partial<MinootsOptions> = {}) {
	const { fetch, asked } = scriptedFetch(...answers);
	const url = "https://network.example/base/";
	return { asked, minoots: new Minoots({ url, apiKey: "mnt_key", fetch, ...options }) };
}

/** The outcome of `work`, with all the time it wants. */
async function inTime<T>(work: Promise<T>): Promise<T> {
	work.catch(() => {}); // told by the caller's await
	await vi.runAllTimersAsync();
	return work;
}

describe("a call", () => {
	test("[SDK-1] a POST carries one idempotency key through all its tries, its caller's if given", async () => {
		const answers = ["lost", problem(503, "unavailable"), json(TIMER, 201)] as const;
		const { asked, minoots } = client(answers);
		expect(await inTime(minoots.timers.create({ in: "1s" }))).toEqual(TIMER);
		const keys = asked.map(({ headers }) => headers.get("idempotency-key"));
		expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
		expect(new Set(keys).size).toBe(1);
		await minoots.timers.create({ in: "1s" });
		await minoots.timers.create({ in: "1s" }, { idempotencyKey: "mine" });
		expect(asked[3]?.headers.get("idempotency-key")).not.toBe(keys[0]);
		expect(asked[4]?.headers.get("idempotency-key")).toBe("mine");
		expect(asked[0]?.headers.get("authorization")).toBe("Bearer mnt_key");
		expect(asked[0]?.url.href).toBe("https://network.example/base/v1/timers");
	});

	test.each([
		["no answer", "lost"],
		["408", problem(408, "x")],
		["425", problem(425, "x")],
		["429", problem(429, "rate_limited")],
		["502 of a proxy", new Response("<html>", { status: 502 })],
		["503", problem(503, "unavailable")],
		["504", problem(504, "x")],
		["a request with the same key under way", problem(409, "idempotency_in_progress")],
	] as const)("[SDK-2] %s is tried again, four times in all", async (_, answer) => {
		const { asked, minoots } = client([answer, answer, json(TIMER)]);
		expect(await inTime(minoots.timers.get("tmr_1"))).toEqual(TIMER);
		expect(asked).toHaveLength(3);
		const hopeless = client([answer]);
		await rejection(inTime(hopeless.minoots.timers.get("tmr_1")));
		expect(hopeless.asked).toHaveLength(4);
	});

	test.each([400, 401, 403, 404, 409, 412, 413, 422, 500])(
		"[SDK-2] %i is not tried again",
		async (status) => {
			const { asked, minoots } = client([problem(status, "some_code")]);
			await rejection(inTime(minoots.timers.create({ in: "1s" })));
			expect(asked).toHaveLength(1);
		},
	);

	test("[SDK-3] a change that a repeat would make twice is repeated only when it was not made", async () => {
		for (const [patch, ifMatch] of [[{ extend: "1m" }], [{ name: "a" }, '"1"']] as const) {
			for (const answer of ["lost", problem(502, "x")] as const) {
				const { asked, minoots } = client([answer]);
				await rejection(inTime(minoots.timers.update("tmr_1", patch, { ifMatch })));
				expect(asked).toHaveLength(1);
				expect(asked[0]?.headers.get("if-match")).toBe(ifMatch ?? null);
			}
			const { asked, minoots } = client([problem(503, "unavailable"), json(TIMER)]);
			await inTime(minoots.timers.update("tmr_1", patch, { ifMatch }));
			expect(asked).toHaveLength(2);
		}
		const { asked, minoots } = client(["lost", json(TIMER)]);
		await inTime(minoots.timers.update("tmr_1", { name: "a" }));
		expect(asked).toHaveLength(2);
	});

	property(
		"[SDK-4] pauses double from `minDelayMs` to `maxDelayMs`, each a random half to whole",
		[fc.integer({ min: 1, max: 500 }), fc.integer({ min: 500, max: 5_000 })],
		async (minDelayMs, maxDelayMs) => {
			vi.useFakeTimers();
			const retry = { attempts: 6, minDelayMs, maxDelayMs };
			const { asked, minoots } = client(["lost"], { retry });
			await rejection(inTime(minoots.health()));
			expect(asked).toHaveLength(6);
			for (const [index, { at }] of asked.slice(1).entries()) {
				const longest = Math.min(maxDelayMs, minDelayMs * 2 ** index);
				const pauseMs = at - (asked[index]?.at ?? 0);
				expect(pauseMs).toBeGreaterThanOrEqual(Math.floor(longest / 2));
				expect(pauseMs).toBeLessThanOrEqual(longest + 1);
			}
		},
	);

	test("[SDK-4] `Retry-After` is waited for, in seconds or as a date; above a minute it is told", async () => {
		vi.setSystemTime("2026-11-21T12:00:00Z");
		const inSeconds = problem(429, "rate_limited", { "retry-after": "7" });
		const asDate = problem(503, "unavailable", { "retry-after": "Sat, 21 Nov 2026 12:00:30 GMT" });
		const { asked, minoots } = client([inSeconds, asDate, json(TIMER)]);
		await inTime(minoots.timers.get("tmr_1"));
		const [first = 0, second = 0, third = 0] = asked.map(({ at }) => at);
		expect(second - first).toBeGreaterThanOrEqual(7_000);
		expect(third).toBeGreaterThanOrEqual(Date.parse("2026-11-21T12:00:30Z"));

		const late = client([problem(429, "quota_exceeded", { "retry-after": "61" })]);
		const error = await rejection(inTime(late.minoots.timers.get("tmr_1")));
		expect(error).toMatchObject({ code: "quota_exceeded", status: 429, retryAfterMs: 61_000 });
		expect(late.asked).toHaveLength(1);
	});

	test("[SDK-5] each try has a time of its own, its body included", async () => {
		const { asked, minoots } = client(["silent"], { timeoutMs: 1_000, retry: { attempts: 2 } });
		const error = await rejection(inTime(minoots.health()));
		expect(error).toMatchObject({ code: "timeout", status: 0 });
		expect(asked).toHaveLength(2);
		expect((asked[1]?.at ?? 0) - (asked[0]?.at ?? 0)).toBeGreaterThanOrEqual(1_000);

		const stalled = client([unfinished, json(TIMER)], { timeoutMs: 1_000 });
		expect(await inTime(stalled.minoots.timers.get("tmr_1"))).toEqual(TIMER);
		expect(stalled.asked).toHaveLength(2);
	});

	test("[SDK-6] an abort ends a call that waits for its answer or its next try, and starts none", async () => {
		for (const answer of ["silent", "lost"] as const) {
			const { asked, minoots } = client([answer]);
			const stop = new AbortController();
			const call = rejection(minoots.timers.get("tmr_1", { signal: stop.signal }));
			await vi.advanceTimersByTimeAsync(10);
			stop.abort("enough");
			expect(await call).toMatchObject({ code: "aborted", status: 0, cause: "enough" });
			expect(asked).toHaveLength(1);
		}
		const { asked, minoots } = client([json(TIMER)]);
		const aborted = minoots.timers.get("tmr_1", { signal: AbortSignal.abort() });
		expect(await rejection(aborted)).toMatchObject({ code: "aborted" });
		expect(asked).toHaveLength(0);
	});

	test("[SDK-7] a refusal is an error with code, status, request id and each field, and says what to do", async () => {
		const errors = [
			{ path: "in", message: "not a duration" },
			{ path: "actions.0.url", message: "not a URL" },
		];
		const { minoots } = client([problem(422, "validation_failed", {}, errors)]);
		const error = await rejection(minoots.timers.create({ in: "x" }));
		expect(error).toBeInstanceOf(MinootsError);
		expect(error).toMatchObject({ code: "validation_failed", status: 422, requestId: "req_1" });
		expect(error).toMatchObject({ errors, name: "MinootsError" });
		expect(String(error)).toContain("POST /v1/timers: 422 validation_failed");
		for (const { path, message } of errors) expect(String(error)).toContain(`${path}: ${message}`);
		const unauthorized = client([problem(401, "unauthorized")]);
		const message = String(await rejection(unauthorized.minoots.usage.get()));
		expect(message).toContain("MINOOTS_API_KEY");
		expect(message).not.toContain("mnt_key");
	});

	test("[SDK-7] what is no answer of a network is told as `unexpected_answer`", async () => {
		const page = new Response("<html>", { headers: { "content-type": "text/html" } });
		const cut = new Response('{"id":', { headers: { "content-type": "application/json" } });
		for (const answer of [page, cut, new Response("no", { status: 418 })]) {
			const { asked, minoots } = client([answer]);
			const error = await rejection(inTime(minoots.timers.get("tmr_1")));
			expect(error).toMatchObject({ code: "unexpected_answer", status: answer.status });
			expect(asked).toHaveLength(1);
		}
		expect(() => new Minoots({ url: "network.example" })).toThrow(/url: expected .* got "network/);
	});

	test("[SDK-7] a redirect is told and not followed: it would make a GET of a POST", async () => {
		const moved = new Response(null, { status: 301, headers: { location: "https://b.example/" } });
		let init: RequestInit | undefined;
		const minoots = new Minoots({
			url: "http://network.example",
			fetch: async (_, given) => {
				init = given;
				return moved;
			},
		});
		const error = await rejection(minoots.timers.create({ in: "1s" }));
		expect(error).toMatchObject({ code: "unexpected_answer", status: 301 });
		expect(String(error)).toContain("301 to https://b.example/");
		expect(init?.redirect).toBe("manual");
	});

	test("[SDK-7] a key that no header can hold is refused without being shown", () => {
		for (const apiKey of ["mnt_a\nmnt_b", "mnt_schlüssel", "mnt_a b", ""]) {
			const make = () => new Minoots({ url: "https://network.example", apiKey });
			expect(make).toThrow(/^apiKey: expected printable ASCII[^_]*$/);
		}
	});

	test("[SDK-7] a failure without words of its own is told by what failed", async () => {
		const failing = async (cause: Error) => {
			const fetch = () => Promise.reject(new TypeError("fetch failed", { cause }));
			const options = { url: "https://network.example", retry: { attempts: 1 }, fetch };
			return String(await rejection(new Minoots(options).health()));
		};
		expect(await failing(new Error(""))).toContain("example: fetch failed.");
		const openssl = "40DD:error:0A00010B:SSL routines::wrong version number:../tlsany_meth.c:77:\n";
		expect(await failing(new Error(openssl))).toContain("no TLS is spoken there (http://?).");
	});

	test("[SDK-8] hooks see every try, may add headers, and fail a call as they throw; the log is told", async () => {
		const seen: string[] = [];
		const lines: string[] = [];
		const { asked, minoots } = client(["lost", json(TIMER, 200, { "x-request-id": "req_9" })], {
			onRequest({ headers, attempt, method, url }) {
				headers.set("x-try", String(attempt));
				seen.push(`${method} ${new URL(url).pathname} ${attempt}`);
			},
			onResponse: ({ status, requestId }) => void seen.push(`${status} ${requestId}`),
			onRetry: ({ error, delayMs }) => void seen.push(`${error.code} ${delayMs > 0}`),
			log: ({ level, message }) => void lines.push(`${level} ${message}`),
		});
		await inTime(minoots.timers.get("tmr_1"));
		const path = "/base/v1/timers/tmr_1";
		expect(seen).toEqual([`GET ${path} 1`, "connection_failed true", `GET ${path} 2`, "200 req_9"]);
		expect(asked.map(({ headers }) => headers.get("x-try"))).toEqual(["1", "2"]);
		expect(lines[0]).toMatch(/^warn Trying again in \d+ ms: GET \/v1\/timers\/tmr_1: no answer/);
		expect(lines[1]).toBe("debug GET /v1/timers/tmr_1 200");

		const warn = vi.fn();
		const console = { debug() {}, info() {}, warn, error() {} };
		await inTime(client(["lost", json({})], { log: console }).minoots.health());
		expect(warn).toHaveBeenCalledOnce();

		const onResponse = () => Promise.reject(new RangeError("mine"));
		const failing = client([json(TIMER)], { onResponse });
		expect(await rejection(failing.minoots.health())).toBeInstanceOf(RangeError);
		expect(failing.asked).toHaveLength(1);
	});

	test("[SDK-9] `traceparent` goes along, asked for anew each call; headers of a call win", async () => {
		let calls = 0;
		const traceparent = () => (++calls === 2 ? undefined : `00-${calls}`);
		const headers = { "x-team": "ops", "x-both": "client" };
		const { asked, minoots } = client([json({})], { traceparent, headers });
		await minoots.health();
		await minoots.health({ headers: { "x-both": "call" } });
		expect(asked.map(({ headers }) => headers.get("traceparent"))).toEqual(["00-1", null]);
		expect(asked.map(({ headers }) => headers.get("x-both"))).toEqual(["client", "call"]);
		expect(asked[1]?.headers.get("x-team")).toBe("ops");
	});

	test("[SDK-10] a list goes through its pages, empty ones too, to the one without a cursor", async () => {
		const page = (ids: readonly string[], nextCursor: string | null) =>
			json({ items: ids.map((id) => ({ id })), nextCursor });
		const { asked, minoots } = client([page(["a", "b"], "c1"), page([], "c2"), page(["c"], null)]);
		const ids: string[] = [];
		for await (const { id } of minoots.timers.list({ limit: 2, status: ["armed", "paused"] })) {
			ids.push(id);
		}
		expect(ids).toEqual(["a", "b", "c"]);
		expect(asked.map(({ url }) => url.searchParams.get("cursor"))).toEqual([null, "c1", "c2"]);
		expect(asked[2]?.url.searchParams.getAll("status")).toEqual(["armed", "paused"]);

		const left = client([page(["a"], "c1")]);
		for await (const _ of left.minoots.timers.list()) break;
		expect(left.asked).toHaveLength(1);
	});

	test("[SDK-11] ids and queries are escaped; labels are written as the query has them", async () => {
		const { asked, minoots } = client([json({ items: [], nextCursor: null })]);
		await minoots.timers.page({ labels: { "a b": "c&d" }, label: "x:y", name: undefined });
		await minoots.calendars.get("../v1/keys?x=#");
		expect(asked[0]?.url.searchParams.getAll("label")).toEqual(["x:y", "a b:c&d"]);
		expect(asked[0]?.url.searchParams.has("name")).toBe(false);
		expect(asked[1]?.url.pathname).toBe("/base/v1/calendars/..%2Fv1%2Fkeys%3Fx%3D%23");
		// These would be the path of the list, or of something else.
		for (const id of ["", ".", ".."]) {
			expect(await rejection(minoots.timers.get(id))).toBeInstanceOf(TypeError);
			expect(
				await rejection(minoots.tenants.createKey(id, { name: "k", scopes: [] })),
			).toBeInstanceOf(TypeError);
		}
		expect(asked).toHaveLength(2);
	});

	test("[SDK-12] `request` reaches any path, and answers JSON, text or nothing", async () => {
		const text = new Response("metric 1", { headers: { "content-type": "text/plain" } });
		const none = new Response(null, { status: 204 });
		const { asked, minoots } = client([json({ a: 1 }), text, none]);
		const query = { a: [1, "b"], c: undefined };
		expect(await minoots.request("PUT", "/v1/x", { body: { b: 2 }, query })).toEqual({ a: 1 });
		expect(asked[0]).toMatchObject({ method: "PUT", body: { b: 2 } });
		expect(asked[0]?.url.search).toBe("?a=1&a=b");
		expect(await minoots.request("GET", "/metrics")).toBe("metric 1");
		expect(await minoots.request("DELETE", "/v1/x")).toBeUndefined();
		expect(await minoots.request("GET", "/")).toBeUndefined();
		for (const path of ["v1/x", "", "/v1//x", "/v1/x/", "/v1/../x", "/v1/."]) {
			expect(await rejection(minoots.request("GET", path))).toBeInstanceOf(TypeError);
		}
	});
});
