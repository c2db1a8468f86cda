/** What GitHub's answers to a dispatch mean, in the shapes that its documentation gives them. */
import { expect, it } from "vitest";
import { judgeGithub } from "../../../src/core/services/github-answer.ts";

const NOW = Date.UTC(2026, 10, 21, 10);
const DISPATCH = { target: "the repository acme/site", permission: "Contents: write" };

function judge(status: number, body: unknown, headers: Record<string, string> = {}) {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const answer = { status, headers: new Headers(headers), body: text, answeredAt: NOW };
	return judgeGithub(answer, DISPATCH);
}

it("[GH-6] takes a 204 for delivered", () => {
	expect(judge(204, "")).toEqual({ kind: "delivered" });
});

it("[GH-8] keeps the run that GitHub names", () => {
	const html_url = "https://github.com/acme/site/actions/runs/7";
	expect(judge(200, { workflow_run_id: 7, html_url })).toEqual({
		kind: "delivered",
		excerpt: html_url,
	});
});

it.each([
	[401, { message: "Bad credentials" }, /401: Bad credentials\).*new one.*replay/],
	[
		403,
		{ message: "Resource not accessible by personal access token" },
		/403: Resource not accessible.*Contents: write/,
	],
	[404, { message: "Not Found" }, /the repository acme\/site.*no access.*Contents: write/],
	[
		422,
		{ message: "Workflow does not have 'workflow_dispatch' trigger" },
		/422: Workflow does not have 'workflow_dispatch' trigger/,
	],
	[
		422,
		{ message: "Validation Failed", errors: [{ message: "bad ref" }, "other"] },
		/Validation Failed; bad ref; other/,
	],
	[301, { message: "Moved Permanently" }, /renamed: change the action/],
	[307, "", /renamed: change the action/],
	[400, "<html>", /answered 400$/],
])("[GH-6] ends a delivery at %i and says why", (status, body, text) => {
	expect(judge(status, body)).toMatchObject({
		kind: "terminal",
		error: expect.stringMatching(text),
	});
});

it.each([500, 502, 503, 504])("[GH-6] tries again after %i", (status) => {
	expect(judge(status, "<html>unicorn")).toEqual({
		kind: "retryable",
		error: `GitHub answered ${status}`,
		retryAfterMs: null,
	});
	expect(judge(status, "", { "retry-after": "3" })).toMatchObject({ retryAfterMs: 3_000 });
});

const reset = String(NOW / 1_000 + 90);
const SECONDARY = {
	message: "You have exceeded a secondary rate limit. Please wait a few minutes",
};
const PRIMARY = { message: "API rate limit exceeded for user ID 1." };

it.each<[number, object, Record<string, string>, number]>([
	[403, PRIMARY, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }, 90_000],
	[429, PRIMARY, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }, 90_000],
	[403, PRIMARY, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1" }, 0],
	[403, SECONDARY, { "retry-after": "61" }, 61_000],
	[429, SECONDARY, { "retry-after": "61", "x-ratelimit-remaining": "0" }, 61_000],
	[403, SECONDARY, { "x-ratelimit-remaining": "59", "x-ratelimit-reset": reset }, 60_000],
	[429, {}, {}, 60_000],
	[403, { message: "You have triggered an abuse detection mechanism" }, {}, 60_000],
])("[GH-7] waits out a limit: %i %j %j", (status, body, headers, retryAfterMs) => {
	expect(judge(status, body, headers)).toMatchObject({ kind: "retryable", retryAfterMs });
});

it("[GH-7] a limit that is not used up does not make a refusal pass", () => {
	const headers = { "x-ratelimit-remaining": "4999", "x-ratelimit-reset": reset };
	expect(judge(403, { message: "Resource not accessible" }, headers).kind).toBe("terminal");
});
