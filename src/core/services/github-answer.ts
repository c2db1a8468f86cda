/**
 * What an answer of GitHub's REST API means for a dispatch, and what its author can do about it. By
 * "Rate limits for the REST API" and "Troubleshooting the REST API" of its documentation.
 */
import { z } from "zod";
import { classifyResponse } from "../classify-response.ts";
import { getRetryAfterMs } from "../retry-after.ts";
import { RETRY_AFTER_MS_MAX } from "../retry-policy.ts";
import { MINUTE, SECOND } from "../units.ts";
import type { ServiceAnswer, Verdict } from "./verdict.ts";

/** What a dispatch was for. */
export type Dispatch = {
	/** What GitHub cannot have found, as a sentence goes on. */
	readonly target: string;
	/** The permission of a fine-grained token that it takes. */
	readonly permission: string;
};

const AnswerSchema = z.object({
	message: z.string().optional(),
	errors: z.array(z.union([z.string(), z.object({ message: z.string().optional() })])).optional(),
	/** Of the run that a `workflow_dispatch` has started. */
	html_url: z.string().optional(),
});
type Answer = z.infer<typeof AnswerSchema>;

/** How GitHub's limits read where no header tells them. */
const LIMIT_TEXT = /secondary rate limit|rate limit exceeded|abuse detection/i;
/** GitHub asks for at least a minute where it names no time. */
const LIMIT_WAIT_MS = MINUTE;
/** Characters of GitHub's message that are quoted. */
const MESSAGE_LENGTH = 300;

const FORBIDDEN = 403;
const TOO_MANY_REQUESTS = 429;

export function judgeGithub(answer: ServiceAnswer, { target, permission }: Dispatch): Verdict {
	const { status } = answer;
	const said = readAnswer(answer.body);
	if (status >= 200 && status < 300) {
		return { kind: "delivered", ...(said.html_url !== undefined && { excerpt: said.html_url }) };
	}
	const message = quoted(said);
	const limited = limitWaitMs(answer, message);
	if (limited !== undefined) {
		const error = `GitHub limits how often the token may call (${status}${message})`;
		return { kind: "retryable", error, retryAfterMs: limited };
	}
	if (status >= 300 && status < 400) {
		const why = "the repository has moved or was renamed: change the action to its new name";
		return { kind: "terminal", error: `GitHub redirects (${status}): ${why}` };
	}
	switch (status) {
		case 401:
			return terminal(
				`GitHub does not know the token (401${message}): it has expired, was revoked, or is mistyped. Put a new one into the timer's action, and replay the dead letter with {"patch":{"token":"..."}}`,
			);
		case FORBIDDEN:
			return terminal(
				`GitHub refuses the token (403${message}): a fine-grained token needs ${permission} for the repository, a classic one the scope repo`,
			);
		case 404:
			return terminal(
				`GitHub does not find ${target}, or the token has no access to it (404${message}): a fine-grained token needs ${permission}`,
			);
		case 422:
			return terminal(`GitHub does not take the call (422${message})`);
	}
	const retryAfterMs = getRetryAfterMs(answer, answer.answeredAt) ?? null;
	const error = `GitHub answered ${status}${message}`;
	return classifyResponse({ status }) === "retryable"
		? { kind: "retryable", error, retryAfterMs }
		: { kind: "terminal", error };
}

/** How long one of GitHub's limits holds; `undefined` when it is not that. */
function limitWaitMs(
	{ status, headers, answeredAt }: ServiceAnswer,
	message: string,
): number | undefined {
	if (status !== FORBIDDEN && status !== TOO_MANY_REQUESTS) return undefined;
	const asked = getRetryAfterMs({ status: FORBIDDEN, headers }, answeredAt);
	if (asked !== undefined) return asked;
	const resetSeconds = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
	if (headers.get("x-ratelimit-remaining") === "0" && Number.isFinite(resetSeconds)) {
		return Math.min(Math.max(0, resetSeconds * SECOND - answeredAt), RETRY_AFTER_MS_MAX);
	}
	const isLimit = status === TOO_MANY_REQUESTS || LIMIT_TEXT.test(message);
	return isLimit ? LIMIT_WAIT_MS : undefined;
}

function readAnswer(body: string): Answer {
	let json: unknown;
	try {
		json = JSON.parse(body);
	} catch {
		// A proxy before GitHub answers otherwise; the status tells enough.
		return {};
	}
	const read = AnswerSchema.safeParse(json);
	return read.success ? read.data : {};
}

/** GitHub's own words, to stand behind a status. */
function quoted({ message, errors = [] }: Answer): string {
	const details = errors.flatMap((error) => (typeof error === "string" ? error : error.message));
	const said = [message, ...details].filter((text) => text !== undefined && text !== "");
	return said.length === 0 ? "" : `: ${said.join("; ").slice(0, MESSAGE_LENGTH)}`;
}

function terminal(error: string): Verdict {
	return { kind: "terminal", error };
}
