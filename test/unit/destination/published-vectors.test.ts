/** Published SSRF cases: PayloadsAllTheThings, SSRF-Testing, Advocate, smokescreen, ipaddr.js. */

import { describe, expect, it } from "vitest";
import {
	checkDestination,
	checkResolvedAddress,
} from "../../../src/core/destination/check-destination.ts";
import { getPublishedVectors } from "../published-vectors.ts";

type IpVector = { readonly id: string; readonly ip: string; readonly expect: string };
type UrlVector = {
	readonly id: string;
	readonly url: string;
	readonly expect: string;
	readonly resolvesTo: string | null;
	readonly needsResolver: boolean;
};

const ips = getPublishedVectors<{ vectors: IpVector[] }>("ssrf/ips.json");
const urls = getPublishedVectors<{ vectors: UrlVector[] }>("ssrf/urls.json");
const EDGE = { allowLoopback: false, ownPorts: [] };

describe.skipIf(ips === undefined)("published addresses", () => {
	// "either" marks blocks on which the sources differ (AS112, ORCHID): this project refuses them.
	it.each(ips?.vectors ?? [])("[DEST-7] $id: $ip is to $expect", (vector) => {
		expect(checkResolvedAddress(vector.ip).ok).toBe(vector.expect === "allow");
	});
});

describe.skipIf(urls === undefined)("published URLs", () => {
	it.each(urls?.vectors ?? [])("[DEST-10] $id: $url is to $expect", (vector) => {
		// The http: controls are about the host: this project refuses plain http to any public one.
		const url = vector.expect === "allow" ? vector.url.replace(/^http:/, "https:") : vector.url;
		const checked = checkDestination(url, EDGE);
		if (vector.expect === "allow") {
			expect(checked.ok).toBe(true);
		} else if (!vector.expect.startsWith("allow-or")) {
			expect(checked.ok).toBe(false);
		}
	});

	const inward = (urls?.vectors ?? []).filter(
		({ expect, needsResolver, resolvesTo }) => expect === "block" && needsResolver && resolvesTo,
	);
	it.each(inward)("[DEST-11] $id: $url is refused by what it resolves to", ({ resolvesTo }) => {
		expect(checkResolvedAddress(resolvesTo ?? "").ok).toBe(false);
	});
});
