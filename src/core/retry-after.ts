/**
 * How long a receiver asks to be left alone, from its response headers. Hints are advice from a
 * stranger: what cannot be read is ignored, what can is clamped. Called by the webhook sender; the
 * shard then applies the wait in retry-policy.ts.
 */

import { RETRY_AFTER_MS_MAX } from "./retry-policy.ts";
import { HOUR, MINUTE, SECOND } from "./units.ts";

/** The part of a response that is read; a `Response` is one. */
export type AnsweredHeaders = {
	readonly status: number;
	readonly headers: { get(name: string): string | null };
};

const TOO_MANY_REQUESTS = 429;
/** Reset fields that name one wait. Several may stand, one for each limit; the longest counts. */
const RESET_FIELDS = [
	"ratelimit-reset",
	"x-ratelimit-reset",
	"x-ratelimit-reset-after",
	"x-ratelimit-reset-requests",
	"x-ratelimit-reset-tokens",
];
/** A number from here on is no wait but an instant: 1e9 s is in 2001, and a wait of 31 years. */
const EPOCH_SECONDS_MIN = 1e9;
/** The same in milliseconds, which a few senders use; as seconds it would be the year 33,658. */
const EPOCH_MS_MIN = 1e12;

const NUMBER = /^\d+(?:\.\d+)?$/;
/** HTTP-date, RFC 9110 section 5.6.7: IMF-fixdate, and the two obsolete forms one must read. */
const HTTP_DATE =
	/^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$|^[A-Z][a-z]+day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/;
const ASCTIME_DATE = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;
/** Go's way to write a duration, `6m5s` or `1m26.4s`, finer than a millisecond at times. */
const GO_DURATION = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;
const GO_UNITS = [HOUR, MINUTE, SECOND, 1];
/** One item of a `RateLimit` list: `"burst";r=0;t=30` (draft-ietf-httpapi-ratelimit-headers). */
const RATE_LIMIT_TIME = /;\s*t=(\d+)\s*(?=;|$)/;
const RATE_LIMIT_REMAINING = /;\s*r=(\d+)\s*(?=;|$)/;

/**
 * The wait in ms from `now`, between 0 and RETRY_AFTER_MS_MAX; `undefined` without a readable hint.
 * `Retry-After` (RFC 9110 section 10.2.3) counts with any status and before all else. Rate-limit
 * fields count with 429 only: many services send them with every answer, and a server error does
 * not end when the hour's quota does.
 */
export function getRetryAfterMs(answer: AnsweredHeaders, now: number): number | undefined {
	const asked = readWait(answer.headers.get("retry-after"), now);
	if (asked !== undefined) return clamp(asked);
	if (answer.status !== TOO_MANY_REQUESTS) return undefined;
	const waits = RESET_FIELDS.map((name) => readWait(answer.headers.get(name), now));
	const found = [...waits, readRateLimit(answer.headers.get("ratelimit"))].filter(
		(wait) => wait !== undefined,
	);
	return found.length === 0 ? undefined : clamp(Math.max(...found));
}

function readWait(field: string | null, now: number): number | undefined {
	const text = field?.trim() ?? "";
	if (NUMBER.test(text)) {
		const value = Number(text);
		if (value >= EPOCH_MS_MIN) return value - now;
		return value >= EPOCH_SECONDS_MIN ? value * SECOND - now : value * SECOND;
	}
	return readHttpDate(text, now) ?? readGoDuration(text);
}

function readHttpDate(text: string, now: number): number | undefined {
	const isAsctime = ASCTIME_DATE.test(text);
	if (!isAsctime && !HTTP_DATE.test(text)) return undefined;
	const at = Date.parse(isAsctime ? `${text} GMT` : text);
	return Number.isNaN(at) ? undefined : at - now;
}

function readGoDuration(text: string): number | undefined {
	const amounts = GO_DURATION.exec(text)?.slice(1);
	if (amounts === undefined || text === "") return undefined;
	return amounts.reduce((sum, amount, at) => sum + Number(amount ?? 0) * (GO_UNITS[at] ?? 0), 0);
}

/** The longest wait among the policies whose quota is used up; `t` is in seconds. */
function readRateLimit(field: string | null): number | undefined {
	const waits = (field ?? "").split(",").flatMap((item) => {
		const seconds = RATE_LIMIT_TIME.exec(item)?.[1];
		const remaining = RATE_LIMIT_REMAINING.exec(item)?.[1];
		return seconds === undefined || Number(remaining ?? 0) > 0 ? [] : [Number(seconds) * SECOND];
	});
	return waits.length === 0 ? undefined : Math.max(...waits);
}

function clamp(waitMs: number): number {
	return Math.min(Math.max(0, Math.ceil(waitMs)), RETRY_AFTER_MS_MAX);
}
