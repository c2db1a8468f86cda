/**
 * What a webhook URL may point to. Checked when a timer is written, so that its author sees the
 * refusal, and again when it is sent, since the policy may have changed. It does not resolve names:
 * `checkResolvedAddress` judges the answers where somebody else has asked (src/queue).
 */

import { ok, type Result } from "../result.ts";
import { parseAddress } from "./address.ts";
import { checkHost } from "./check-host.ts";
import { MAX_URL_LENGTH } from "./constants.ts";
import { getSpecialBlock } from "./deny-list.ts";
import { type DestinationError, refuse } from "./errors.ts";

export type DestinationPolicy = {
	/** Whether loopback may be reached, over http too. Only the local runtime sets it. */
	readonly allowLoopback: boolean;
	/** TCP ports of the runtime itself: a timer must not be able to call its own network. */
	readonly ownPorts: readonly number[];
};

export type Destination = {
	/** What to fetch: normalised, without credentials, fragment or the name's trailing dot. */
	readonly url: string;
	/** A name, or an address without brackets. Destination health is kept by it. */
	readonly host: string;
	readonly port: number;
	/** Only a `name` has anything to resolve. */
	readonly kind: "loopback" | "address" | "name";
};

/** Parsers disagree on these: WHATWG drops tab and newline and reads a backslash as a slash. */
const AMBIGUOUS = /[\p{Cc}\\]/u;
const DEFAULT_PORT: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/**
 * Judges a URL and answers the one to fetch. Only the answered `url` may be fetched, never the
 * text that came: it is the one whose host was judged.
 */
export function checkDestination(
	text: string,
	policy: DestinationPolicy,
): Result<Destination, DestinationError> {
	if (text.length > MAX_URL_LENGTH) {
		return tooLong(text.length);
	}
	const url = AMBIGUOUS.test(text) ? null : URL.parse(text);
	if (url === null) {
		return refuse(
			"not_a_url",
			"not an absolute URL; https://host/path is expected, without control characters or backslashes",
		);
	}
	const defaultPort = DEFAULT_PORT[url.protocol];
	if (defaultPort === undefined) {
		return refuse("scheme_not_allowed", `the scheme is ${url.protocol} where https: is expected`);
	}
	if (url.username !== "" || url.password !== "") {
		return refuse(
			"credentials_in_url",
			"a URL with a user name or password; send an Authorization header instead",
		);
	}
	const checked = checkHost(url.hostname);
	if (!checked.ok) {
		return checked;
	}
	const { name: host, kind } = checked.value;
	const port = url.port === "" ? defaultPort : Number(url.port);
	if (kind === "loopback") {
		if (!policy.allowLoopback) {
			return refuse("loopback_not_allowed", `${host} is this machine; a public host is expected`);
		}
		if (policy.ownPorts.includes(port)) {
			return refuse(
				"own_port",
				`port ${port} of ${host} is the network's own; another is expected`,
			);
		}
	} else if (url.protocol !== "https:") {
		return refuse("scheme_not_allowed", `http: to ${host}, where https: is expected`);
	}
	url.hash = "";
	if (url.hostname.endsWith(".")) {
		url.hostname = host;
	}
	if (url.href.length > MAX_URL_LENGTH) {
		return tooLong(url.href.length);
	}
	return ok({ url: url.href, host, port, kind });
}

/**
 * Judges one address that a name resolved to. There is no policy: a public name that leads to
 * loopback is an attack wherever it happens; the developer's own receiver is called `localhost`.
 */
export function checkResolvedAddress(address: string): Result<string, DestinationError> {
	const parsed = parseAddress(address);
	if (parsed === undefined) {
		return refuse(
			"special_address",
			`the name resolved to "${address}", which is not an IP address`,
		);
	}
	const block = getSpecialBlock(parsed);
	if (block !== undefined) {
		return refuse(
			"special_address",
			`the name resolved to ${address} in ${block.cidr} (${block.what}, ${block.source}); a public address is expected`,
		);
	}
	return ok(address);
}

function tooLong(length: number) {
	return refuse(
		"too_long",
		`a URL of ${length} characters; at most ${MAX_URL_LENGTH} are expected`,
	);
}
