/** Address reading and the deny list, against Node's own `BlockList` as a second opinion. */

import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAddress } from "../../../src/core/destination/address.ts";
import { checkResolvedAddress } from "../../../src/core/destination/check-destination.ts";
import {
	getSpecialBlock,
	listDeniedCidrs,
	SPECIAL_BLOCKS,
} from "../../../src/core/destination/deny-list.ts";

function find(text: string): string | undefined {
	const address = parseAddress(text);
	return address === undefined ? "not an address" : getSpecialBlock(address)?.cidr;
}

function formatAddress(family: 4 | 6, value: bigint): string {
	const [parts, bits, radix, separator] = family === 4 ? [4, 8, 10, "."] : [8, 16, 16, ":"];
	return Array.from({ length: parts }, (_, i) =>
		BigInt.asUintN(bits, value >> BigInt((parts - 1 - i) * bits)),
	)
		.map((part) => part.toString(radix))
		.join(separator);
}

describe("parseAddress", () => {
	it.each([
		["0.0.0.0", 4, 0n],
		["255.255.255.255", 4, 0xffff_ffffn],
		["1.2.3.4", 4, 0x0102_0304n],
		["::", 6, 0n],
		["::1", 6, 1n],
		["1::", 6, 1n << 112n],
		["1:2:3:4:5:6:7:8", 6, 0x0001_0002_0003_0004_0005_0006_0007_0008n],
		["2001:DB8::1.2.3.4", 6, 0x2001_0db8_0000_0000_0000_0000_0102_0304n],
	])("[DEST-7] reads %s", (text, family, value) => {
		expect(parseAddress(text)).toEqual({ family, value });
	});

	it.each([
		"",
		"1",
		"1.2.3",
		"1.2.3.4.",
		"01.2.3.4",
		"1.2.3.256",
		"0x7f.0.0.1",
		":",
		":::",
		"1::2::3",
		"1:2",
		"::1]",
		"[::1]",
		"::1%1",
		"::1/64",
		"example.com",
	])("[DEST-7] %j is no address", (text) => {
		expect(parseAddress(text)).toBeUndefined();
	});

	it("[DEST-7] takes what Node takes as an address, and nothing else", () => {
		const near = fc.string({ unit: fc.constantFrom(..."0123af:."), maxLength: 20 });
		fc.assert(
			fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), near), (text) => {
				expect(parseAddress(text)?.family ?? 0).toBe(isIP(text));
			}),
		);
	});
});

describe("the deny list", () => {
	// Two lists, since Node's matches an IPv4 address against blocks of mapped IPv6 too.
	const oracle = { 4: new BlockList(), 6: new BlockList() };
	for (const { cidr } of SPECIAL_BLOCKS) {
		const [base = "", length] = cidr.split("/");
		const family = isIP(base) === 4 ? 4 : 6;
		oracle[family].addSubnet(base, Number(length), `ipv${family}`);
	}

	/** An address one bit away from the first of a block: where an off-by-one would show. */
	const nearBlock = fc
		.tuple(fc.constantFrom(...SPECIAL_BLOCKS), fc.nat(127))
		.map(([{ cidr }, bit]) => {
			const address = parseAddress(cidr.split("/")[0] ?? "") ?? { family: 6, value: 0n };
			const width = address.family === 4 ? 32 : 128;
			return formatAddress(address.family, address.value ^ (1n << BigInt(bit % width)));
		});

	it("[DEST-7] agrees with Node's BlockList on random addresses and those near an edge", () => {
		fc.assert(
			fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), nearBlock), (text) => {
				const family = isIP(text) === 4 ? 4 : 6;
				expect(find(text) !== undefined).toBe(oracle[family].check(text, `ipv${family}`));
			}),
			{ numRuns: 1_000 },
		);
	});

	it.each([
		["9.255.255.255", undefined],
		["10.0.0.0", "10.0.0.0/8"],
		["10.255.255.255", "10.0.0.0/8"],
		["11.0.0.0", undefined],
		["100.63.255.255", undefined],
		["100.64.0.0", "100.64.0.0/10"],
		["100.127.255.255", "100.64.0.0/10"],
		["100.128.0.0", undefined],
		["172.15.255.255", undefined],
		["172.31.255.255", "172.16.0.0/12"],
		["172.32.0.0", undefined],
		["198.17.255.255", undefined],
		["198.19.255.255", "198.18.0.0/15"],
		["198.20.0.0", undefined],
		["223.255.255.255", undefined],
		["224.0.0.0", "224.0.0.0/4"],
		["168.63.129.15", undefined],
		["1fff:ffff::", "::/3"],
		["2000::", undefined],
		["2001:1ff:ffff::", "2001::/23"],
		["2001:200::", undefined],
		["2001:db7::", undefined],
		["2001:db9::", undefined],
		["2001:470:8:66::1", undefined],
		["2003::1", undefined],
		["3ffe:ffff::", undefined],
		["3fff:fff::", "3fff::/20"],
		["3fff:1000::", undefined],
		["bfff::", "8000::/1"],
		["100:0:0:1::", "100:0:0:1::/64"],
		["2606:4700:4700::1111", undefined],
	])("[DEST-7] %s falls in %s", (text, cidr) => {
		expect(find(text)).toBe(cidr);
	});

	it("[DEST-7] each block is found by its own first address, unless a narrower one holds it", () => {
		const narrower = new Map([["::/3", "::/96"]]);
		for (const { cidr } of SPECIAL_BLOCKS) {
			const [base = ""] = cidr.split("/");
			const expected = cidr === "2001::/23" ? "2001::/32" : (narrower.get(cidr) ?? cidr);
			expect(find(base)).toBe(expected);
		}
	});
});

describe("listDeniedCidrs", () => {
	it("[DEST-14] holds every block but loopback, for a network that judges connections itself", () => {
		const denied = listDeniedCidrs();
		const rest = SPECIAL_BLOCKS.map(({ cidr }) => cidr).filter((cidr) => !denied.includes(cidr));
		expect(rest).toEqual(["127.0.0.0/8", "::1/128"]);
	});
});

describe("checkResolvedAddress", () => {
	it.each(["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:8.8.8.8", "fd00::1"])(
		"[DEST-11] a name that resolves to %s is refused",
		(address) => {
			expect(checkResolvedAddress(address)).toMatchObject({ error: { reason: "special_address" } });
		},
	);

	it("[DEST-11] a public address passes, and what is no address does not", () => {
		expect(checkResolvedAddress("93.184.216.34")).toEqual({ ok: true, value: "93.184.216.34" });
		expect(checkResolvedAddress("2606:4700::1111").ok).toBe(true);
		expect(checkResolvedAddress("example.com").ok).toBe(false);
		expect(checkResolvedAddress("0x7f.1").ok).toBe(false);
	});
});
