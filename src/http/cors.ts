/** Cross-origin calls from browsers: off unless `CORS_ORIGINS` names the origin (or is `*`). */
import { PREFLIGHT_MAX_AGE_S } from "./constants.ts";

/** The last two are for pages whose tracing adds them to every call: refused, no call would work. */
const REQUEST_HEADERS =
	"Authorization, X-Api-Key, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id, traceparent, tracestate, baggage";
const RESPONSE_HEADERS =
	"X-Request-Id, ETag, Location, Retry-After, RateLimit, RateLimit-Policy, Idempotency-Replayed, traceparent, Date, Allow, WWW-Authenticate";

const NONE: Readonly<Record<string, string>> = {};
/** No cache gives one origin's answer to another, nor to a page what somebody else was given. */
const VARIES = { vary: "Origin" } as const;

/** Headers that let the caller's page read a response; only `Vary` where its origin may not. */
export function corsHeaders(origins: string, headers: Headers): Readonly<Record<string, string>> {
	if (origins === "") return NONE;
	const origin = headers.get("origin");
	if (origin === null || !isAllowed(origins, origin)) return VARIES;
	return {
		"access-control-allow-origin": origin,
		"access-control-expose-headers": RESPONSE_HEADERS,
		...VARIES,
	};
}

/** What a preflight is told besides, where the origin may call. Keys travel in headers that the
 * page sets, never in cookies, so credentials are not allowed. */
export function preflightHeaders(methods: readonly string[]): Readonly<Record<string, string>> {
	return {
		"access-control-allow-methods": methods.join(", "),
		"access-control-allow-headers": REQUEST_HEADERS,
		"access-control-max-age": String(PREFLIGHT_MAX_AGE_S),
	};
}

function isAllowed(origins: string, origin: string): boolean {
	return origins.split(",").some((one) => one.trim() === origin || one.trim() === "*");
}
