/**
 * Judges the host of a URL that the WHATWG parser has already normalised: an address by the deny
 * list, a name by what it is called. What a name resolves to is judged later, by the sender.
 * Called by check-destination.ts only.
 */

import { ok, type Result } from "../result.ts";
import { parseAddress } from "./address.ts";
import { INWARD_SUFFIXES, MAX_LABEL_LENGTH, MAX_NAME_LENGTH } from "./constants.ts";
import { getSpecialBlock, LOOPBACK } from "./deny-list.ts";
import { type DestinationError, refuse } from "./errors.ts";

export type Host = {
	/** A name without trailing dot, or an address without brackets. */
	readonly name: string;
	readonly kind: "loopback" | "address" | "name";
};

/** Underscore is not a host name's character (RFC 952), but receivers in the field use it. */
const LABEL = /^[a-z0-9_-]+$/;

/** `hostname` is `URL.hostname`: lower case, ASCII, IPv6 in brackets. */
export function checkHost(hostname: string): Result<Host, DestinationError> {
	const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
	const address = parseAddress(bare);
	if (address === undefined) {
		return checkName(bare.endsWith(".") ? bare.slice(0, -1) : bare);
	}
	const block = getSpecialBlock(address);
	if (block === undefined) {
		return ok({ name: bare, kind: "address" });
	}
	if (block.what === LOOPBACK) {
		return ok({ name: bare, kind: "loopback" });
	}
	return refuse(
		"special_address",
		`${bare} is in ${block.cidr} (${block.what}, ${block.source}); a webhook needs a public address`,
	);
}

function checkName(name: string): Result<Host, DestinationError> {
	const labels = name.split(".");
	if (name.length > MAX_NAME_LENGTH || !labels.every(isLabel)) {
		return refuse(
			"invalid_name",
			`the host is not a DNS name: labels of 1 to ${MAX_LABEL_LENGTH} letters, digits, "-" or "_" are expected, ${MAX_NAME_LENGTH} characters in all`,
		);
	}
	if (labels.at(-1) === "localhost") {
		return ok({ name, kind: "loopback" });
	}
	if (labels.length === 1) {
		return refuse(
			"inward_name",
			`"${name}" has no dot, so only a local network can resolve it; a public name is expected`,
		);
	}
	const inward = INWARD_SUFFIXES.find(([suffix]) => name === suffix || name.endsWith(`.${suffix}`));
	if (inward !== undefined) {
		return refuse(
			"inward_name",
			`names under ".${inward[0]}" resolve inside a network (${inward[1]}); a public name is expected, not ${name}`,
		);
	}
	return ok({ name, kind: "name" });
}

function isLabel(label: string): boolean {
	return label.length <= MAX_LABEL_LENGTH && LABEL.test(label);
}
