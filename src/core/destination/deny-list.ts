/**
 * The address blocks no webhook may reach: everything in IANA's two special-purpose registries,
 * whether or not marked globally reachable, plus multicast, what is unallocated in IPv6, and one
 * metadata service that sits on a public address. Ranges that carry an IPv4 address inside IPv6
 * (mapped, compatible, NAT64, 6to4, Teredo) are refused whole, so what they carry cannot matter.
 */

import { type IpAddress, parseAddress } from "./address.ts";

export type SpecialBlock = {
	readonly cidr: string;
	readonly what: string;
	readonly source: string;
};

/** The `what` of the only blocks a policy can allow. */
export const LOOPBACK = "loopback";

/** First match wins, so a narrow block stands before the wide one that holds it. */
export const SPECIAL_BLOCKS: readonly SpecialBlock[] = [
	block("0.0.0.0/8", "this network", "RFC 791"),
	block("10.0.0.0/8", "private network", "RFC 1918"),
	block("100.64.0.0/10", "shared address space behind carrier NAT", "RFC 6598"),
	block("127.0.0.0/8", LOOPBACK, "RFC 1122"),
	block("169.254.0.0/16", "link-local, with the clouds' metadata services", "RFC 3927"),
	block("172.16.0.0/12", "private network", "RFC 1918"),
	block("168.63.129.16/32", "Azure's metadata service", "Microsoft Learn, what is 168.63.129.16"),
	block("192.0.0.0/24", "IETF protocol assignments, with Oracle's metadata service", "RFC 6890"),
	block("192.0.2.0/24", "documentation", "RFC 5737"),
	block("192.31.196.0/24", "AS112", "RFC 7535"),
	block("192.52.193.0/24", "automatic multicast tunneling", "RFC 7450"),
	block("192.88.99.0/24", "deprecated 6to4 relay", "RFC 7526"),
	block("192.168.0.0/16", "private network", "RFC 1918"),
	block("192.175.48.0/24", "AS112", "RFC 7534"),
	block("198.18.0.0/15", "benchmarking", "RFC 2544"),
	block("198.51.100.0/24", "documentation", "RFC 5737"),
	block("203.0.113.0/24", "documentation", "RFC 5737"),
	block("224.0.0.0/4", "multicast", "RFC 1112"),
	block("240.0.0.0/4", "reserved, with broadcast", "RFC 1112"),

	block("::1/128", LOOPBACK, "RFC 4291"),
	block("::ffff:0:0/96", "IPv4-mapped IPv6", "RFC 4291"),
	block("::ffff:0:0:0/96", "IPv4-translated IPv6", "RFC 2765"),
	block("::/96", "unspecified, or deprecated IPv4-compatible IPv6", "RFC 4291"),
	block("64:ff9b::/96", "NAT64", "RFC 6052"),
	block("64:ff9b:1::/48", "local NAT64", "RFC 8215"),
	block("100::/64", "discard-only", "RFC 6666"),
	block("100:0:0:1::/64", "dummy prefix", "RFC 9780"),
	block("5f00::/16", "segment routing identifiers", "RFC 9602"),
	block("fc00::/7", "unique local, with AWS's and Google's metadata services", "RFC 4193"),
	block("fe80::/10", "link-local", "RFC 4291"),
	block("fec0::/10", "deprecated site-local", "RFC 3879"),
	block("ff00::/8", "multicast", "RFC 4291"),
	block("2001::/32", "Teredo", "RFC 4380"),
	block("2001::/23", "IETF protocol assignments", "RFC 2928"),
	block("2001:db8::/32", "documentation", "RFC 3849"),
	block("2002::/16", "6to4", "RFC 3056"),
	block("2620:4f:8000::/48", "AS112", "RFC 7534"),
	block("3fff::/20", "documentation", "RFC 9637"),
	// Only 2000::/3 is allocated as global unicast; these are the rest.
	block("::/3", "outside IPv6 global unicast", "RFC 4291"),
	block("4000::/2", "outside IPv6 global unicast", "RFC 4291"),
	block("8000::/1", "outside IPv6 global unicast", "RFC 4291"),
];

const WIDTH = { 4: 32, 6: 128 } as const;
const COMPILED = SPECIAL_BLOCKS.map(compile);

/** The special block an address lies in, or `undefined` when it is an ordinary public address. */
export function getSpecialBlock(address: IpAddress): SpecialBlock | undefined {
	return COMPILED.find(
		({ family, shift, prefix }) => family === address.family && address.value >> shift === prefix,
	)?.block;
}

/**
 * The same list for what judges connections itself: the `deny` of workerd's `network` service,
 * whose own "public" lets several of these blocks through. Loopback is not in it: that is for the
 * service's `allow` to say, and is the narrower rule where it does.
 */
export function listDeniedCidrs(): string[] {
	return SPECIAL_BLOCKS.filter(({ what }) => what !== LOOPBACK).map(({ cidr }) => cidr);
}

function block(cidr: string, what: string, source: string): SpecialBlock {
	return { cidr, what, source };
}

function compile(block: SpecialBlock) {
	const [base = "", length = ""] = block.cidr.split("/");
	const address = parseAddress(base);
	if (address === undefined) {
		throw new Error(`deny-list: ${block.cidr} is not a CIDR block`);
	}
	const shift = BigInt(WIDTH[address.family] - Number(length));
	return { block, family: address.family, shift, prefix: address.value >> shift };
}
