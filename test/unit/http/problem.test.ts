import { expect, it } from "vitest";
import { ERROR_CODES, ProblemSchema } from "../../../src/contract/error.ts";
import type { HttpFailure } from "../../../src/http/failure.ts";
import { renderProblem } from "../../../src/http/problem.ts";

const REQUEST_ID = "req_1";

const FAILURES: readonly HttpFailure[] = [
	{ code: "validation_failed", errors: [{ path: "in", message: "expected a number" }] },
	{ code: "unsupported_action", errors: [{ path: "actions.0", message: "no" }] },
	{ code: "destination_refused", errors: [{ path: "actions.0.url", message: "no" }], detail: "d" },
	{ code: "rate_limited", detail: "d", retryAfterMs: 1_500, limits: [] },
	{ code: "quota_exceeded", detail: "d", retryAfterMs: 1, limits: [] },
	{ code: "method_not_allowed", allow: ["GET", "POST"] },
	{ code: "unavailable", detail: "d", retryAfterMs: 1_000 },
	{ code: "precondition_failed", detail: "d", etag: '"3-scheduled"' },
	{ code: "invalid_json", detail: "d" },
	{ code: "unauthorized", detail: "d" },
	{ code: "not_found", detail: "d" },
	{ code: "internal_error", detail: "d" },
];

it.each(FAILURES)("[HTTP-1] $code is a problem of its status, code and title", (failure) => {
	const { status, problem } = renderProblem(failure, REQUEST_ID);
	expect(ProblemSchema.parse(problem)).toEqual(problem);
	expect(problem).toMatchObject({
		type: `/docs#problem-${failure.code}`,
		code: failure.code,
		title: ERROR_CODES[failure.code].title,
		status,
		requestId: REQUEST_ID,
	});
	expect(status).toBe(ERROR_CODES[failure.code].status);
	expect(problem.detail).not.toBe("");
});

it("[HTTP-1] names the fields, and the first of them in the detail", () => {
	const errors = [
		{ path: "in", message: "expected a number" },
		{ path: "name", message: "is too long" },
	];
	const { problem } = renderProblem({ code: "validation_failed", errors }, REQUEST_ID);
	expect(problem.errors).toEqual(errors);
	expect(problem.detail).toBe("in: expected a number (and 1 more)");
});

it("[HTTP-1] shows at most a hundred field errors", () => {
	const errors = Array.from({ length: 5_000 }, (_, i) => ({ path: `timers.${i}`, message: "no" }));
	const { problem } = renderProblem({ code: "validation_failed", errors }, REQUEST_ID);
	expect(problem.errors).toHaveLength(100);
});

it("[HTTP-7] says in Allow what the path takes", () => {
	const failure: HttpFailure = { code: "method_not_allowed", allow: ["GET", "POST"] };
	expect(renderProblem(failure, REQUEST_ID).headers).toEqual({ allow: "GET, POST" });
});

it("[AUTH-1] says in WWW-Authenticate how to come back", () => {
	const { headers } = renderProblem({ code: "unauthorized", detail: "d" }, REQUEST_ID);
	expect(headers["www-authenticate"]).toBe('Bearer realm="minoots"');
});

it("[HTTP-11] says when to come back and what is allowed, as structured fields", () => {
	const { headers } = renderProblem(
		{
			code: "rate_limited",
			detail: "d",
			retryAfterMs: 20_001,
			limits: [
				{ name: "requests", limit: 600, remaining: -1, windowMs: 60_000, resetMs: 20_001 },
				{ name: "active-timers", limit: 100, remaining: 7, windowMs: null, resetMs: null },
			],
		},
		REQUEST_ID,
	);
	expect(headers).toEqual({
		"retry-after": "21",
		ratelimit: '"requests";r=0;t=21, "active-timers";r=7',
		"ratelimit-policy": '"requests";q=600;w=60, "active-timers";q=100',
	});
});

it("[HTTP-11] never asks a client to come back after 0 seconds", () => {
	const { headers } = renderProblem(
		{ code: "rate_limited", detail: "d", retryAfterMs: 0, limits: [] },
		REQUEST_ID,
	);
	expect(headers["retry-after"]).toBe("1");
});

it("[HTTP-1] gives a failed precondition the tag that the object has now", () => {
	const failure: HttpFailure = { code: "precondition_failed", detail: "d", etag: '"3-scheduled"' };
	expect(renderProblem(failure, REQUEST_ID).headers).toEqual({ etag: '"3-scheduled"' });
});
