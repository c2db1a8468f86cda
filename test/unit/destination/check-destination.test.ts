/** Which URLs a webhook may point to: the project's own cases, and any disguise of loopback. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	checkDestination,
	type DestinationPolicy,
} from "../../../src/core/destination/check-destination.ts";

const EDGE: DestinationPolicy = { allowLoopback: false, ownPorts: [] };
const LOCAL: DestinationPolicy = { allowLoopback: true, ownPorts: [3000] };

function verdict(url: string, policy = EDGE): string {
	const checked = checkDestination(url, policy);
	return checked.ok ? checked.value.kind : checked.error.reason;
}

describe("scheme and form", () => {
	it.each([
		["https://example.com/hook", "name"],
		["https://8.8.8.8/", "address"],
		["https://[2606:4700:4700::1111]:8443/", "address"],
		["HTTPS://EXAMPLE.COM", "name"],
		["http://example.com/hook", "scheme_not_allowed"],
		["http://8.8.8.8/", "scheme_not_allowed"],
		["ftp://example.com/", "scheme_not_allowed"],
		["file:///etc/passwd", "scheme_not_allowed"],
		["javascript:alert(1)", "scheme_not_allowed"],
		["data:text/plain,x", "scheme_not_allowed"],
		["gopher://127.0.0.1:6379/_FLUSHALL", "scheme_not_allowed"],
		["wss://example.com/", "scheme_not_allowed"],
	])("[DEST-1] %s is %s", (url, expected) => {
		expect(verdict(url)).toBe(expected);
	});

	it.each([
		"",
		"example.com/hook",
		"/hook",
		"//example.com",
		"https://",
		"https://exa mple.com/",
		"https://example.com:99999/",
		"https://[::1",
		"https://[fe80::1%25eth0]/",
		"https://256.1.1.1/",
		"https://127.0.0.1.5/",
		"https://o177.0.0.1/",
		"https://example.com/\r\nHost: evil",
		"https://example.com\t/",
		"https://example.com\\@evil.example/",
		"https://example.com/\u0000",
	])("[DEST-2] %j is not a URL to send to", (url) => {
		expect(verdict(url)).toBe("not_a_url");
	});

	it("[DEST-2] a URL is limited to 2,048 characters, as given and as sent", () => {
		const base = "https://example.com/";
		expect(verdict(base + "a".repeat(2_048 - base.length))).toBe("name");
		expect(verdict(base + "a".repeat(2_049 - base.length))).toBe("too_long");
		// Each of these is sent as six characters.
		expect(verdict(base + "é".repeat(400))).toBe("too_long");
	});

	it("[DEST-3] credentials are refused, and not repeated in the message", () => {
		const checked = checkDestination("https://user:hunter2@example.com/", EDGE);
		expect(checked).toMatchObject({ ok: false, error: { reason: "credentials_in_url" } });
		expect(JSON.stringify(checked)).not.toContain("hunter2");
		expect(verdict("https://user@example.com/")).toBe("credentials_in_url");
		expect(verdict("https://example.com@127.0.0.1/")).toBe("credentials_in_url");
	});

	it("[DEST-4] what is fetched is the normalised URL, without fragment or trailing dot", () => {
		expect(checkDestination("https://ⓔⓧⓐⓜⓟⓛⓔ.ⓒⓞⓜ.:443/a b?q=%20#secret", EDGE)).toEqual({
			ok: true,
			value: {
				url: "https://example.com/a%20b?q=%20",
				host: "example.com",
				port: 443,
				kind: "name",
			},
		});
		expect(checkDestination("http://localhost.:8080/#x", LOCAL)).toEqual({
			ok: true,
			value: { url: "http://localhost:8080/", host: "localhost", port: 8080, kind: "loopback" },
		});
		expect(checkDestination("https://[2606:4700::0:1]/", EDGE)).toMatchObject({
			value: { url: "https://[2606:4700::1]/", host: "2606:4700::1", port: 443 },
		});
	});
});

describe("names", () => {
	it.each([
		"router",
		"ip6-loopback",
		"printer.local",
		"local.",
		"LOCALHOST.LOCALDOMAIN",
		"metadata.google.internal",
		"metadata.google.internal.",
		"ⓜetadata.google.internal",
		"kubernetes.default.svc.cluster.local",
		"nas.home.arpa",
		"wiki.corp",
		"box.lan",
	])("[DEST-5] %s turns inwards", (name) => {
		expect(verdict(`https://${name}/`)).toBe("inward_name");
	});

	it.each([
		"example.com",
		"local.example.com",
		"localhost.example.com",
		"notlocal.io",
		"bücher.example",
		"my_receiver.example.com",
		"xn--bcher-kva.example",
		"home.arpa.example.org",
	])("[DEST-5] %s is a public name", (name) => {
		expect(verdict(`https://${name}/`)).toBe("name");
	});

	it.each([
		"a..example.com",
		".example.com",
		"example.com..",
		"*.example.com",
		"a'b.example.com",
		`${"a".repeat(64)}.example.com`,
		`${"a.".repeat(124)}example`,
	])("[DEST-6] %s is no DNS name", (name) => {
		expect(verdict(`https://${name}/`)).toBe("invalid_name");
	});
});

describe("addresses", () => {
	it.each([
		["169.254.169.254", "link-local"],
		["2852039166", "link-local"],
		["0xA9FEA9FE", "link-local"],
		["0251.0376.0251.0376", "link-local"],
		["①⑥⑨.②⑤④.①⑥⑨.②⑤④", "link-local"],
		["１６９.２５４.１６９.２５４", "link-local"],
		["169.254.169.254.", "link-local"],
		["169。254。169。254", "link-local"],
		["10.1", "private"],
		["0", "this network"],
		["100.100.100.200", "carrier NAT"],
		["168.63.129.16", "Azure"],
		["192.0.0.192", "Oracle"],
		["255.255.255.255", "broadcast"],
		["[::]", "unspecified"],
		["[::127.0.0.1]", "IPv4-compatible"],
		["[::ffff:127.0.0.1]", "IPv4-mapped"],
		["[::ffff:a9fe:a9fe]", "IPv4-mapped"],
		["[0:0:0:0:0:FFFF:0A00:0001]", "IPv4-mapped"],
		["[64:ff9b::169.254.169.254]", "NAT64"],
		["[2002:7f00:1::]", "6to4"],
		["[2001:0:4136:e378:8000:63bf:80ff:fffe]", "Teredo"],
		["[fd00:ec2::254]", "unique local"],
		["[fe80::1]", "link-local"],
		["[ff02::1]", "multicast"],
		["[2001:db8::1]", "documentation"],
		["[4000::1]", "outside IPv6 global unicast"],
	])("[DEST-7] %s is refused as %s", (host, why) => {
		expect(checkDestination(`https://${host}/`, LOCAL)).toMatchObject({
			ok: false,
			error: { reason: "special_address", message: expect.stringContaining(why) },
		});
	});
});

describe("loopback", () => {
	const loopback = ["localhost", "api.localhost", "LocalHost.", "127.0.0.1", "127.9.9.9", "[::1]"];

	it.each(loopback)("[DEST-8] %s needs the setting", (host) => {
		expect(verdict(`http://${host}:8080/`)).toBe("loopback_not_allowed");
		expect(verdict(`https://${host}:8080/`)).toBe("loopback_not_allowed");
		expect(verdict(`http://${host}:8080/`, LOCAL)).toBe("loopback");
		expect(verdict(`https://${host}:8080/`, LOCAL)).toBe("loopback");
	});

	it.each([...loopback, "2130706433"])("[DEST-9] %s never leads to an own port", (host) => {
		expect(verdict(`http://${host}:3000/v1/timers`, LOCAL)).toBe("own_port");
		expect(verdict(`https://${host}:3000/`, LOCAL)).toBe("own_port");
	});

	it("[DEST-9] an own port may be the scheme's default", () => {
		const policy = { allowLoopback: true, ownPorts: [80, 443] };
		expect(verdict("http://localhost/", policy)).toBe("own_port");
		expect(verdict("https://localhost/", policy)).toBe("own_port");
		expect(verdict("https://example.com/", policy)).toBe("name");
	});

	const octet = fc.integer({ min: 0, max: 255 });
	const notation = fc.constantFrom(
		(n: number) => String(n),
		(n: number) => `0x${n.toString(16)}`,
		(n: number) => `0X${n.toString(16).toUpperCase().padStart(8, "0")}`,
		(n: number) => `0${n.toString(8)}`,
		(n: number) => `000${n.toString(8)}`,
		(n: number) => String.fromCodePoint(...[...String(n)].map((digit) => 0xff10 + Number(digit))),
	);

	it("[DEST-8] any of 127/8 is loopback in any notation the URL parser reads", () => {
		const parts = fc
			.tuple(octet, octet, octet)
			.chain(([b, c, d]) =>
				fc.constantFrom(
					[127, b, c, d],
					[127, b, c * 256 + d],
					[127, b * 65_536 + c * 256 + d],
					[127 * 16_777_216 + b * 65_536 + c * 256 + d],
				),
			);
		fc.assert(
			fc.property(
				parts,
				fc.array(notation, { minLength: 4, maxLength: 4 }),
				(numbers, notations) => {
					const host = numbers.map((n, i) => (notations[i] ?? String)(n)).join(".");
					expect(verdict(`https://${host}/`)).toBe("loopback_not_allowed");
					expect(verdict(`http://${host}:3000/`, LOCAL)).toBe("own_port");
				},
			),
		);
	});
});

describe("any input", () => {
	it("[DEST-10] answers a value for any text, and what it allows it allows again, unchanged", () => {
		const text = fc.oneof(fc.string({ unit: "binary" }), fc.webUrl(), fc.ipV4(), fc.ipV6());
		fc.assert(
			fc.property(text, fc.constantFrom("", "https://", "https://["), (body, prefix) => {
				const first = checkDestination(prefix + body, LOCAL);
				if (first.ok) {
					expect(checkDestination(first.value.url, LOCAL)).toEqual(first);
				} else {
					expect(first.error.message).not.toBe("");
				}
			}),
		);
	});
});
