/** The one error of this client: what the network refused, or why there is no answer. */
import type { FieldError, Problem } from "./types.ts";

/** Codes of failures that no answer of the network names. */
export type ClientErrorCode = "timeout" | "connection_failed" | "aborted" | "unexpected_answer";
export type MinootsErrorCode = Problem["code"] | ClientErrorCode;

export type MinootsErrorFields = {
	readonly code: MinootsErrorCode;
	/** HTTP status; 0 where there was no answer. */
	readonly status?: number | undefined;
	readonly requestId?: string | undefined;
	/** What the network says, without the rest of the message; `what` where there is no answer. */
	readonly detail?: string | undefined;
	/** What is wrong in the request, field by field. */
	readonly errors?: readonly FieldError[] | undefined;
	/** How long the network asks to wait before the next try. */
	readonly retryAfterMs?: number | undefined;
	readonly cause?: unknown;
};

/** What helps, by code. Codes whose own text says it have none. */
const ADVICE: Partial<Record<MinootsErrorCode, string>> = {
	unauthorized: "Check the API key (`apiKey`, MINOOTS_API_KEY).",
	forbidden: "Use a key with the scope that is named.",
	tenant_mismatch: "Leave out `tenantId`, or use a key of that tenant.",
	not_found: "Check the id, and that the key is of the tenant that owns it.",
	precondition_failed: "Read it again and repeat the change with its new etag.",
	idempotency_key_reused: "Use another key for another request.",
	quota_exceeded: "Wait, or raise the plan.",
	rate_limited: "Slow down, or raise the plan.",
	internal_error: "Report it with the request id.",
	unavailable: "Try again in a moment.",
	timeout: "Raise `timeoutMs`, or check the network.",
	connection_failed: "Check the URL, the network and its proxy.",
	unexpected_answer: "Check that the URL is that of a Minoots network.",
};

export class MinootsError extends Error {
	override readonly name = "MinootsError";
	readonly code: MinootsErrorCode;
	readonly status: number;
	readonly requestId: string | undefined;
	/** What went wrong, in a sentence or two: the message without fields, advice and request id. */
	readonly detail: string;
	readonly errors: readonly FieldError[];
	readonly retryAfterMs: number | undefined;

	/** @param what what was tried and what came of it, as a sentence */
	constructor(what: string, fields: MinootsErrorFields) {
		super(messageOf(what, fields), { cause: fields.cause });
		this.code = fields.code;
		this.status = fields.status ?? 0;
		this.requestId = fields.requestId;
		this.detail = fields.detail ?? what;
		this.errors = fields.errors ?? [];
		this.retryAfterMs = fields.retryAfterMs;
	}
}

function messageOf(what: string, { code, requestId, errors = [] }: MinootsErrorFields): string {
	const advice = ADVICE[code];
	return [
		what,
		...errors.map(({ path, message }) => `\n  ${path}: ${message}`),
		...(advice === undefined ? [] : [errors.length > 0 ? `\n${advice}` : ` ${advice}`]),
		...(requestId === undefined ? [] : [` (request ${requestId})`]),
	].join("");
}

/** The failure that an answer tells of; also of answers that a proxy wrote and not the network. */
export async function errorOf(call: string, response: Response): Promise<MinootsError> {
	const { status, headers } = response;
	const problem = readProblem(await response.text());
	const retryAfterMs = readRetryAfter(headers.get("retry-after"), Date.now());
	const requestId = headers.get("x-request-id") ?? problem?.requestId;
	if (problem === undefined) {
		const what = `${call}: ${redirectOf(response) ?? `${status} without a problem document`}.`;
		return new MinootsError(what, { code: "unexpected_answer", status, requestId, retryAfterMs });
	}
	const { code, title, detail, errors } = problem;
	// With errors, the network's detail repeats the first of them.
	const said = errors === undefined ? detail : `${title}.`;
	const fields = { code, status, requestId, detail: said, errors, retryAfterMs };
	return new MinootsError(`${call}: ${status} ${code}: ${said}`, fields);
}

/** Redirects are not followed; browsers do not even say where they lead. */
function redirectOf({ status, type, headers }: Response): string | undefined {
	if (type === "opaqueredirect") return "a redirect to another address";
	const target = headers.get("location");
	return status >= 300 && status < 400 && target !== null ? `${status} to ${target}` : undefined;
}

function readProblem(text: string): Problem | undefined {
	try {
		const value = JSON.parse(text);
		return typeof value?.code === "string" && typeof value.detail === "string" ? value : undefined;
	} catch {
		return undefined; // a proxy's page, say: the status tells enough
	}
}

/** RFC 9110, 10.2.3: seconds or a date. */
function readRetryAfter(text: string | null, now: number): number | undefined {
	if (text === null) return undefined;
	const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now;
	return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
