/** What is settled about a request before anything else: when it came, its id and its trace. */
import {
	continueTrace,
	formatTraceparent,
	parseTraceparent,
	TRACE_RANDOM_BYTES,
} from "../core/trace-context.ts";
import type { Env } from "../env.ts";
import type { Arrival } from "./context.ts";

/** Request ids of callers that are taken over: what cannot break a log line or a header. */
const SANE_REQUEST_ID = /^[\w.-]{1,64}$/;

export function arrive(
	request: Request,
	env: Env,
	exec: Pick<ExecutionContext, "waitUntil">,
	now: number,
): Arrival {
	const given = request.headers.get("x-request-id");
	const requestId =
		given !== null && SANE_REQUEST_ID.test(given) ? given : `req_${crypto.randomUUID()}`;
	return { env, exec, request, now, requestId, traceparent: continuedTrace(request.headers) };
}

/** A trace is continued, never begun: a delivery without one gets its own from the sender. */
function continuedTrace(headers: Headers): string | null {
	const given = headers.get("traceparent");
	const incoming = given === null ? undefined : parseTraceparent(given);
	if (incoming === undefined) return null;
	const random = crypto.getRandomValues(new Uint8Array(TRACE_RANDOM_BYTES));
	return formatTraceparent(continueTrace(incoming, random));
}
