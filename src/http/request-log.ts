/**
 * The line that each request leaves in the log. It names the route's pattern, never the path, and no
 * header but the request's id: nothing that a caller wrote can be a secret in the log.
 */
import { logLine } from "../../durable-objects/shared/log.ts";
import type { ErrorCode } from "../contract/error.ts";
import type { Arrival } from "./context.ts";

type Outcome = "ok" | "refused" | "failed";

export function logRequest(
	{ env, exec, request, requestId, now }: Arrival,
	route: string,
	tenant: string | null,
	status: number,
	code: ErrorCode | undefined,
): void {
	const record = {
		at: now,
		kind: "request",
		requestId,
		tenant,
		route,
		method: request.method,
		status,
		code,
		outcome: outcomeOf(status),
		ms: Date.now() - now,
	};
	logLine(env, record, exec);
}

/** What was thrown, with its stack: in the log only. Error texts of this code hold no secrets. */
export function logError(
	{ env, exec, requestId, now }: Arrival,
	route: string,
	error: unknown,
): void {
	const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
	logLine(env, { at: now, kind: "error", requestId, route, error: text }, exec);
}

function outcomeOf(status: number): Outcome {
	if (status < 400) return "ok";
	return status < 500 ? "refused" : "failed";
}
