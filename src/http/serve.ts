/**
 * Serves one route: admit, read, run, answer, log. One function rather than a chain of middleware,
 * because a create must cost the edge as little as possible; every step is a file of its own and
 * answers a value.
 */
import { err, type Result } from "../core/result.ts";
import type { Env } from "../env.ts";
import { admit, type Trail } from "./admit.ts";
import { arrive } from "./arrive.ts";
import type { AnyContext, Arrival } from "./context.ts";
import { corsHeaders } from "./cors.ts";
import type { HttpFailure } from "./failure.ts";
import { platformFailure } from "./platform-failure.ts";
import { readInput } from "./read-input.ts";
import type { Reply } from "./reply.ts";
import { logError, logRequest } from "./request-log.ts";
import { respond } from "./respond.ts";
import type { Route } from "./route.ts";
import { runOnce } from "./run-once.ts";

type Params = Readonly<Record<string, string>>;

/** Answers a request to `route`. Never rejects. */
export async function serve(
	route: Route,
	request: Request,
	env: Env,
	exec: Pick<ExecutionContext, "waitUntil">,
	params: Params,
): Promise<Response> {
	const arrival = arrive(request, env, exec, Date.now());
	const trail: Trail = { tenant: null, headers: corsHeaders(env.CORS_ORIGINS, request.headers) };
	let outcome: Result<Reply, HttpFailure>;
	try {
		outcome = await run(route, arrival, params, trail);
	} catch (error) {
		outcome = err(platformFailure(error));
		logError(arrival, route.path, error);
	}
	const response = respond(outcome, arrival, trail.headers, route.failures);
	const code = outcome.ok ? undefined : outcome.error.code;
	logRequest(arrival, route.path, trail.tenant, response.status, code);
	return response;
}

async function run(
	route: Route,
	arrival: Arrival,
	params: Params,
	trail: Trail,
): Promise<Result<Reply, HttpFailure>> {
	const admitted = await admit(route.auth, arrival, trail);
	if (!admitted.ok) return admitted;
	const input = await readInput(route, arrival, params, admitted.value?.tenant);
	if (!input.ok) return input;
	const context: AnyContext = { ...arrival, ...input.value, ...admitted.value };
	const { idempotency } = route;
	const claim = context.idempotency;
	if (typeof idempotency !== "object" || claim === null) return route.handle(context);
	const tenant = idempotency.tenantOf?.(context) ?? context.tenant;
	if (tenant === undefined) throw new Error(`${route.path} does not say whose shard keeps answers`);
	const call = { context, claim, tenant, secrets: idempotency.secrets ?? [] };
	return runOnce(call, () => route.handle(context));
}
