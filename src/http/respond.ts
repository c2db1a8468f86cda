/** Writes the response: JSON or a problem, with the headers that every answer has. */
import type { Result } from "../core/result.ts";
import type { Arrival } from "./context.ts";
import type { HttpFailure } from "./failure.ts";
import { renderProblem } from "./problem.ts";
import type { Reply } from "./reply.ts";
import type { FailureShape } from "./route.ts";

const JSON_TYPE = "application/json";
const PROBLEM_TYPE = "application/problem+json";

type Traced = Pick<Arrival, "requestId" | "traceparent">;
type FieldMap = Readonly<Record<string, string>>;

/**
 * @param extra headers that the way here has added, such as `RateLimit`
 * @param failures how a failure is written, where that is not as a problem
 */
export function respond(
	outcome: Result<Reply, HttpFailure>,
	traced: Traced,
	extra: FieldMap,
	failures?: FailureShape,
): Response {
	if (!outcome.ok) {
		const { status, headers, problem } = renderProblem(outcome.error, traced.requestId);
		const body = JSON.stringify(failures === undefined ? problem : failures.render(problem));
		const type = failures === undefined ? PROBLEM_TYPE : JSON_TYPE;
		return new Response(body, fields(status, type, traced, join(extra, headers)));
	}
	const { status, body, text, headers, response } = outcome.value;
	// An upgrade has no headers of ours: the handshake is the platform's.
	if (response?.webSocket) return response;
	const all = headers === undefined ? extra : join(extra, headers);
	if (text !== undefined) return new Response(text.content, fields(status, text.type, traced, all));
	if (response !== undefined) {
		const type = response.headers.get("content-type");
		return new Response(response.body, fields(status, type, traced, all));
	}
	if (body === undefined) return new Response(null, fields(status, null, traced, all));
	return new Response(JSON.stringify(body), fields(status, JSON_TYPE, traced, all));
}

/** Both sets of headers; what each says of limits stands side by side, as list fields do. */
function join(extra: FieldMap, headers: FieldMap): FieldMap {
	const all: Record<string, string> = { ...extra, ...headers };
	for (const name of ["ratelimit", "ratelimit-policy"]) {
		const both = [extra[name], headers[name]].filter((value) => value !== undefined);
		if (both.length > 1) all[name] = both.join(", ");
	}
	return all;
}

function fields(
	status: number,
	type: string | null,
	{ requestId, traceparent }: Traced,
	extra: FieldMap,
): ResponseInit {
	const headers: Record<string, string> = {
		"x-request-id": requestId,
		// By which clients see how far their clock is off; workerd leaves it out (RFC 9110, 6.6.1).
		date: new Date().toUTCString(),
		// Answers hold a tenant's data, and some a secret: no cache keeps them.
		"cache-control": "no-store",
		"x-content-type-options": "nosniff",
		...extra,
	};
	if (type !== null) headers["content-type"] = type;
	if (traceparent !== null) headers["traceparent"] = traceparent;
	return { status, headers };
}
