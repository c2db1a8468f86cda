/**
 * IP addresses as numbers, so that a block test is a shift and a comparison. Reads only what the
 * URL parser and resolvers write; disguised notations (decimal, octal, hex, short) are undone by
 * the URL parser before this file sees them. Called by deny-list.ts and check-destination.ts.
 */

export type IpAddress = { readonly family: 4 | 6; readonly value: bigint };

/** Decimal without leading zeros, which some parsers read as octal. */
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const IPV4 = new RegExp(`^(?:${OCTET}\\.){3}${OCTET}$`);
/** Guards the URL below: with these characters alone nothing can leave the brackets. */
const IPV6_CHARACTERS = /^[0-9a-f:.]+$/i;
const IPV6_GROUPS = 8;

/** Reads a bare IPv4 or IPv6 address (no brackets, no zone, no prefix length). */
export function parseAddress(text: string): IpAddress | undefined {
	if (IPV4.test(text)) {
		return { family: 4, value: joinParts(text.split("."), 10, 8n) };
	}
	if (!IPV6_CHARACTERS.test(text)) {
		return undefined;
	}
	const canonical = URL.parse(`http://[${text}]`)?.hostname.slice(1, -1);
	return canonical === undefined ? undefined : { family: 6, value: parseCanonicalIpv6(canonical) };
}

/** The URL parser writes hex groups with at most one `::`, and never a dotted tail. */
function parseCanonicalIpv6(text: string): bigint {
	const [head = [], tail = []] = text.split("::").map((half) => half.split(":").filter(Boolean));
	const zeros = Array<string>(IPV6_GROUPS - head.length - tail.length).fill("0");
	return joinParts([...head, ...zeros, ...tail], 16, 16n);
}

function joinParts(parts: readonly string[], radix: number, bits: bigint): bigint {
	return parts.reduce((value, part) => (value << bits) | BigInt(Number.parseInt(part, radix)), 0n);
}
