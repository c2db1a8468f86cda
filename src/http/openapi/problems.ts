/** Which problems a route can answer with: those its declaration implies, and those it names. */
import { ERROR_CODES, type ErrorCode } from "../../contract/error.ts";
import type { JsonObject } from "../../contract/json.ts";
import type { Route } from "../route.ts";
import type { SchemaComponents } from "./schemas.ts";

/** Codes of a route, in the order of `ERROR_CODES`. */
function problemCodesOf(route: Route): readonly ErrorCode[] {
	const codes = new Set<ErrorCode>([...impliedBy(route), ...(route.problems ?? [])]);
	return ERROR_CODES_IN_ORDER.filter((code) => codes.has(code));
}

// `Object.keys` types its answer as plain text; these are the keys of the object itself.
const ERROR_CODES_IN_ORDER = Object.keys(ERROR_CODES) as ErrorCode[];

function* impliedBy({ auth, request, idempotency }: Route): Iterable<ErrorCode> {
	yield* ["internal_error", "unavailable"] as const;
	if (auth !== "public") yield "unauthorized";
	if (auth !== "public" && auth !== "anyKey") yield "forbidden";
	if (typeof auth === "object" || auth === "anyKey") yield "rate_limited";
	if (typeof auth === "object") yield "tenant_mismatch";
	if (request?.params !== undefined) yield "not_found";
	if (request?.query !== undefined) yield "validation_failed";
	if (request?.body !== undefined || request?.batch !== undefined) {
		yield* ["invalid_json", "invalid_encoding", "payload_too_large"] as const;
		yield* ["unsupported_media_type", "validation_failed"] as const;
	}
	if (idempotency !== undefined && idempotency !== "ignored") {
		yield* ["invalid_request", "idempotency_key_reused", "idempotency_in_progress"] as const;
	}
}

/** The same as OpenAPI responses, one per status. */
export function problemResponses(route: Route, schemas: SchemaComponents): JsonObject {
	const content =
		route.failures === undefined
			? { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } }
			: { "application/json": { schema: schemas.describe(route.failures.schema, "output") } };
	const byStatus = Map.groupBy(problemCodesOf(route), (code) => ERROR_CODES[code].status);
	const responses = [...byStatus].map(([status, codes]) => [
		String(status),
		response(status, codes, content),
	]);
	return Object.fromEntries(responses);
}

function response(status: number, codes: readonly ErrorCode[], content: JsonObject): JsonObject {
	return {
		description: codes.map((code) => `\`${code}\`: ${ERROR_CODES[code].title}`).join("; "),
		headers: Object.fromEntries(
			headersOf(status).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
		),
		content,
	};
}

function headersOf(status: number): readonly string[] {
	switch (status) {
		case 401:
			return ["X-Request-Id", "WWW-Authenticate"];
		case 412:
			return ["X-Request-Id", "ETag"];
		case 429:
			return ["X-Request-Id", "Retry-After", "RateLimit", "RateLimit-Policy"];
		case 503:
			return ["X-Request-Id", "Retry-After"];
		default:
			return ["X-Request-Id"];
	}
}
