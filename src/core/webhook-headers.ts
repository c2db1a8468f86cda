/**
 * Which headers of its own an action may send. Refused are those the network sets or signs, those
 * that frame the message or belong to one connection, and those by which proxies say who sent it.
 * `Authorization` and `Cookie` are allowed: they reach only the receiver that the tenant named, and
 * Cloud Tasks and QStash pass them too. Called when an action is written.
 */

import { err, ok, type Result } from "./result.ts";

/** Enough for any receiver, and few enough to read. */
export const MAX_HEADER_COUNT = 50;

/** Characters of one value: holds a JSON Web Token with many claims. */
export const MAX_HEADER_VALUE_LENGTH = 4_096;

/** Names and values together: half of what Node's HTTP server takes by default, the rest is ours. */
const MAX_HEADERS_LENGTH = 8_192;

export type HeaderIssue = {
	/** The header's name as it came; "" when the issue is with all of them together. */
	readonly path: string;
	readonly message: string;
};

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** RFC 9110 section 5.5 without obs-text, whose encoding receivers disagree on. */
const FIELD_VALUE = /^[\t\x20-\x7e]*$/;

const SET_BY_NETWORK = "the network sets it on every delivery";
const FRAMES_MESSAGE = "it frames the message or belongs to one connection";
const NAMES_SENDER = "proxies and browsers use it to say who sent a request, and from where";

const REFUSED_NAMES: ReadonlyMap<string, string> = new Map([
	["user-agent", SET_BY_NETWORK],
	["traceparent", SET_BY_NETWORK],
	["tracestate", SET_BY_NETWORK],
	["host", FRAMES_MESSAGE],
	["content-length", FRAMES_MESSAGE],
	["content-encoding", FRAMES_MESSAGE],
	["accept-encoding", FRAMES_MESSAGE],
	["transfer-encoding", FRAMES_MESSAGE],
	["connection", FRAMES_MESSAGE],
	["keep-alive", FRAMES_MESSAGE],
	["http2-settings", FRAMES_MESSAGE],
	["te", FRAMES_MESSAGE],
	["trailer", FRAMES_MESSAGE],
	["upgrade", FRAMES_MESSAGE],
	["expect", FRAMES_MESSAGE],
	["forwarded", NAMES_SENDER],
	["via", NAMES_SENDER],
	["x-real-ip", NAMES_SENDER],
	["true-client-ip", NAMES_SENDER],
	["cdn-loop", NAMES_SENDER],
]);

const REFUSED_PREFIXES: readonly (readonly [prefix: string, why: string])[] = [
	["webhook-", SET_BY_NETWORK],
	["x-minoots-", SET_BY_NETWORK],
	["proxy-", FRAMES_MESSAGE],
	["x-forwarded-", NAMES_SENDER],
	["cf-", NAMES_SENDER],
	["sec-", NAMES_SENDER],
];

/** The one content type every delivery has, and the ways of writing it that mean the same. */
const CONTENT_TYPE = "content-type";
const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;

/**
 * The headers to send, with lower-case names and trimmed values, or every issue found (of too many
 * headers, only that there are too many). A `content-type` of JSON is accepted and left out, since
 * it says what is sent anyway.
 */
export function checkActionHeaders(
	headers: Readonly<Record<string, string>>,
): Result<Record<string, string>, readonly HeaderIssue[]> {
	const tooMuch = getTotalIssues(headers);
	if (tooMuch.length > 0) {
		return err(tooMuch);
	}
	const issues: HeaderIssue[] = [];
	const accepted = new Map<string, string>();
	const seen = new Set<string>();
	for (const [path, value] of Object.entries(headers)) {
		const name = path.toLowerCase();
		const problem = seen.has(name)
			? "the same name twice, in different case; one is expected"
			: (getNameProblem(path) ?? getValueProblem(name, value));
		seen.add(name);
		if (problem !== undefined) {
			issues.push({ path, message: problem });
		} else if (name !== CONTENT_TYPE) {
			accepted.set(name, value.trim());
		}
	}
	return issues.length > 0 ? err(issues) : ok(Object.fromEntries(accepted));
}

/** Takes the name as it came: lower-casing turns a Kelvin sign into a "k". */
function getNameProblem(path: string): string | undefined {
	if (!TOKEN.test(path)) {
		return "not a header name; letters, digits and !#$%&'*+-.^_`|~ are expected";
	}
	const name = path.toLowerCase();
	const why =
		REFUSED_NAMES.get(name) ?? REFUSED_PREFIXES.find(([prefix]) => name.startsWith(prefix))?.[1];
	return why === undefined ? undefined : `an action cannot set ${name}: ${why}`;
}

function getValueProblem(name: string, value: string): string | undefined {
	if (value.length > MAX_HEADER_VALUE_LENGTH) {
		return `a value of ${value.length} characters; at most ${MAX_HEADER_VALUE_LENGTH} are expected`;
	}
	if (!FIELD_VALUE.test(value)) {
		return "a value with control or non-ASCII characters; visible ASCII, spaces and tabs are expected";
	}
	return name === CONTENT_TYPE && !JSON_TYPE.test(value.trim())
		? "a delivery is always application/json; leave it out"
		: undefined;
}

function getTotalIssues(headers: Readonly<Record<string, string>>): HeaderIssue[] {
	const entries = Object.entries(headers);
	const length = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
	const issues: HeaderIssue[] = [];
	if (entries.length > MAX_HEADER_COUNT) {
		const message = `${entries.length} headers; at most ${MAX_HEADER_COUNT} are expected`;
		issues.push({ path: "", message });
	}
	if (length > MAX_HEADERS_LENGTH) {
		const message = `${length} characters of headers; at most ${MAX_HEADERS_LENGTH} are expected`;
		issues.push({ path: "", message });
	}
	return issues;
}
