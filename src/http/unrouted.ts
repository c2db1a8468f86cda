/** Answers what no route takes: an unknown path (404), a known one by another method (405), and
 * OPTIONS, which says what a path takes and serves as a browser's preflight. */
import { err, ok } from "../core/result.ts";
import type { Env } from "../env.ts";
import { arrive } from "./arrive.ts";
import { corsHeaders, preflightHeaders } from "./cors.ts";
import { refuse } from "./failure.ts";
import { logRequest } from "./request-log.ts";
import { respond } from "./respond.ts";

/** What the log says where there is no route. */
const NO_ROUTE = "-";

/** @param methods that the path does have routes for */
export function answerUnrouted(
	request: Request,
	env: Env,
	exec: Pick<ExecutionContext, "waitUntil">,
	methods: readonly string[],
): Response {
	const arrival = arrive(request, env, exec, Date.now());
	const cors = corsHeaders(env.CORS_ORIGINS, request.headers);
	const outcome = outcomeOf(request, methods);
	const isPreflight = outcome.ok && "access-control-allow-origin" in cors;
	const extra = isPreflight ? { ...cors, ...preflightHeaders(methods) } : cors;
	const response = respond(outcome, arrival, extra);
	logRequest(arrival, NO_ROUTE, null, response.status, outcome.ok ? undefined : outcome.error.code);
	return response;
}

function outcomeOf(request: Request, methods: readonly string[]) {
	if (methods.length === 0) {
		return refuse("not_found", `There is no ${request.method.slice(0, 10)} route on this path.`);
	}
	const allow = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"];
	if (request.method === "OPTIONS") {
		return ok({ status: 204, body: undefined, headers: { allow: allow.join(", ") } });
	}
	return err({ code: "method_not_allowed" as const, allow });
}
