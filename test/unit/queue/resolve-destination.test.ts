/** The DoH lookup against a resolver of the test's own: its answers, its failures, its silence. */

import { describe, expect, it } from "vitest";
import {
	type ResolverFetch,
	resolveDestination,
	resolveName,
} from "../../../src/outbound/resolve-destination.ts";

type Records = readonly { readonly type: number; readonly data: string }[];

/** Answers as Cloudflare does: `Answer` is absent when there is none. */
function resolver(answers: { A?: Records; AAAA?: Records }, status = 0): ResolverFetch {
	return async (url) => {
		const type = new URL(url).searchParams.get("type") === "A" ? "A" : "AAAA";
		const records = answers[type];
		return Response.json({ Status: status, ...(records && { Answer: records }) });
	};
}

function a(data: string) {
	return { type: 1, data };
}

function aaaa(data: string) {
	return { type: 28, data };
}

describe("resolveName", () => {
	it("[DEST-12] asks for A and AAAA, and answers their addresses without the CNAMEs", async () => {
		const asked: string[] = [];
		const answer = resolver({
			A: [{ type: 5, data: "edge.example.net." }, a("93.184.216.34"), a("93.184.216.35")],
			AAAA: [aaaa("2606:2800:220:1::1")],
		});
		const resolved = await resolveName("hook.example.com", (url, init) => {
			expect(init).toMatchObject({ headers: { accept: "application/dns-json" } });
			asked.push(url);
			return answer(url, init);
		});
		expect(resolved).toEqual({
			ok: true,
			value: ["93.184.216.34", "93.184.216.35", "2606:2800:220:1::1"],
		});
		expect(asked).toEqual([
			"https://cloudflare-dns.com/dns-query?name=hook.example.com&type=A",
			"https://cloudflare-dns.com/dns-query?name=hook.example.com&type=AAAA",
		]);
	});

	it("[DEST-12] one family is enough, none is an error of the name", async () => {
		expect(await resolveName("v4.example", resolver({ A: [a("8.8.8.8")] }))).toMatchObject({
			value: ["8.8.8.8"],
		});
		expect(await resolveName("mx.example", resolver({}))).toMatchObject({
			error: { reason: "no_address" },
		});
		expect(await resolveName("gone.example", resolver({}, 3))).toMatchObject({
			error: { reason: "no_such_name" },
		});
	});

	const half: ResolverFetch = async (url, init) => {
		if (url.endsWith("AAAA")) {
			throw new TypeError("connection lost");
		}
		return resolver({ A: [a("8.8.8.8")] })(url, init);
	};
	const silent: ResolverFetch = (_url, init) =>
		new Promise((_resolve, reject) => {
			init.signal?.addEventListener("abort", () => reject(init.signal?.reason));
		});

	it.each<[string, ResolverFetch, string]>([
		["SERVFAIL", resolver({}, 2), "DNS response code 2"],
		["an HTTP error", async () => new Response("busy", { status: 503 }), "HTTP status 503"],
		["a redirect", async () => new Response(null, { status: 302 }), "HTTP status 302"],
		["no JSON", async () => new Response("<html>"), "SyntaxError"],
		["another shape", async () => Response.json({ Answer: "8.8.8.8" }), "Status"],
		["half an answer", half, "connection lost"],
		["silence", silent, "TimeoutError"],
	])("[DEST-13] %s is a failure of the resolver, not a pass", async (_what, fetch, why) => {
		expect(await resolveName("hook.example.com", fetch, 1)).toMatchObject({
			error: { reason: "resolver_failed", message: expect.stringContaining(why) },
		});
	});
});

describe("resolveDestination", () => {
	it.each(["127.0.0.1", "10.0.0.7", "169.254.169.254"])(
		"[DEST-11] one answer of %s among public ones refuses the name",
		async (inward) => {
			const fetch = resolver({ A: [a("8.8.8.8"), a(inward)], AAAA: [aaaa("2606:4700::1111")] });
			expect(await resolveDestination("rebind.example.com", fetch)).toMatchObject({
				error: { reason: "special_address", message: expect.stringContaining(inward) },
			});
		},
	);

	it("[DEST-11] an inward IPv6 answer refuses it as well, and so does one that is no address", async () => {
		const v6 = resolver({ A: [a("8.8.8.8")], AAAA: [aaaa("::ffff:127.0.0.1")] });
		expect((await resolveDestination("rebind.example.com", v6)).ok).toBe(false);
		const junk = resolver({ A: [a("localhost")] });
		expect((await resolveDestination("rebind.example.com", junk)).ok).toBe(false);
	});

	it("[DEST-11] public answers pass, and a failed lookup stays one", async () => {
		expect(await resolveDestination("example.com", resolver({ A: [a("8.8.8.8")] }))).toEqual({
			ok: true,
			value: ["8.8.8.8"],
		});
		expect(await resolveDestination("example.com", resolver({}, 2))).toMatchObject({
			error: { reason: "resolver_failed" },
		});
	});
});
