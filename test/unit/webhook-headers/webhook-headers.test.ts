/** The headers an action may set: what is refused and why, and that nothing else slips through. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	checkActionHeaders,
	MAX_HEADER_COUNT,
	MAX_HEADER_VALUE_LENGTH,
} from "../../../src/core/webhook-headers.ts";

function issues(headers: Record<string, string>) {
	const checked = checkActionHeaders(headers);
	return checked.ok ? [] : checked.error;
}

describe("names", () => {
	it("[HEAD-1] lower-cases names, trims values, and keeps the receiver's own headers", () => {
		expect(
			checkActionHeaders({
				Authorization: "Bearer abc",
				Cookie: "session=1",
				"X-Api-Key": "  k\t",
				"Idempotency-Key": "",
				Accept: "application/json, */*;q=0.1",
			}),
		).toEqual({
			ok: true,
			value: {
				authorization: "Bearer abc",
				cookie: "session=1",
				"x-api-key": "k",
				"idempotency-key": "",
				accept: "application/json, */*;q=0.1",
			},
		});
		expect(checkActionHeaders({})).toEqual({ ok: true, value: {} });
	});

	const refused = [
		"webhook-id",
		"webhook-timestamp",
		"webhook-signature",
		"webhook-anything",
		"x-minoots-attempt",
		"traceparent",
		"tracestate",
		"user-agent",
		"host",
		"content-length",
		"content-encoding",
		"accept-encoding",
		"transfer-encoding",
		"connection",
		"keep-alive",
		"http2-settings",
		"te",
		"trailer",
		"upgrade",
		"expect",
		"proxy-connection",
		"proxy-authorization",
		"cf-connecting-ip",
		"cf-worker",
		"x-forwarded-for",
		"x-forwarded-host",
		"x-real-ip",
		"true-client-ip",
		"forwarded",
		"via",
		"cdn-loop",
		"sec-fetch-site",
	];

	it.each(refused)("[HEAD-2] %s cannot be set, in any case", (name) => {
		for (const spelling of [
			name,
			name.toUpperCase(),
			name.replace(/\b./g, (c) => c.toUpperCase()),
		]) {
			expect(issues({ [spelling]: "1" })).toEqual([
				{ path: spelling, message: expect.stringContaining(`cannot set ${name}`) },
			]);
		}
	});

	it.each([
		"application/json",
		"Application/JSON; charset=utf-8",
		'application/json;charset="UTF-8"',
	])("[HEAD-3] content-type %s is what is sent anyway, and left out", (type) => {
		expect(checkActionHeaders({ "Content-Type": type, a: "1" })).toEqual({
			ok: true,
			value: { a: "1" },
		});
	});

	it.each(["text/plain", "application/cloudevents+json", "application/json; charset=latin1", ""])(
		"[HEAD-3] content-type %j cannot be set",
		(type) => {
			expect(issues({ "content-type": type })).toHaveLength(1);
		},
	);

	it.each(["", " ", "a b", "a:b", "a\r\nb", "a\u0000", "(a)", "ä", "\u212Aey", "a/b", '"a"'])(
		"[HEAD-4] %j is no header name",
		(name) => {
			expect(issues({ [name]: "1" })).toEqual([
				{ path: name, message: expect.stringContaining("not a header name") },
			]);
		},
	);

	it("[HEAD-5] the same name in two spellings is refused", () => {
		expect(issues({ "X-Key": "1", "x-key": "1", "X-KEY": "1" }).map(({ path }) => path)).toEqual([
			"x-key",
			"X-KEY",
		]);
		expect(
			issues({ "Content-Type": "application/json", "content-type": "application/json" }),
		).toHaveLength(1);
	});

	it("[HEAD-1] a name from JSON like __proto__ is a header like any other", () => {
		const checked = checkActionHeaders(JSON.parse('{"__proto__": "1", "constructor": "2"}'));
		expect(checked.ok && Object.entries(checked.value)).toEqual([
			["__proto__", "1"],
			["constructor", "2"],
		]);
	});
});

describe("values", () => {
	it.each([
		"a\r\nX-Evil: 1",
		"a\nb",
		"a\n",
		"\u00a0a",
		"a\rb",
		"a\u0000b",
		"a\u007fb",
		"a\u001bb",
		"é",
		"💥",
		"a\u2028b",
	])("[HEAD-6] the value %j is refused", (value) => {
		expect(issues({ "x-note": value })).toEqual([
			{ path: "x-note", message: expect.stringContaining("visible ASCII") },
		]);
	});

	it("[HEAD-7] values, their number and their total length are limited", () => {
		const value = "v".repeat(MAX_HEADER_VALUE_LENGTH);
		expect(issues({ a: value })).toEqual([]);
		expect(issues({ a: `${value}v` })).toMatchObject([{ path: "a" }]);
		const many = (count: number) =>
			Object.fromEntries(Array.from({ length: count }, (_, i) => [`x-${i}`, "1"]));
		expect(issues(many(MAX_HEADER_COUNT))).toEqual([]);
		expect(issues(many(MAX_HEADER_COUNT + 1))).toMatchObject([{ path: "" }]);
		expect(issues({ aaa: value, bbb: value })).toMatchObject([
			{ path: "", message: expect.stringContaining("8198 characters") },
		]);
	});

	it("[HEAD-8] every issue is named at once", () => {
		expect(issues({ host: "a", "x y": "1", "x-z": "\n1\n2", ok: "1" })).toHaveLength(3);
	});
});

describe("any input", () => {
	it("[HEAD-9] what is accepted is accepted by Headers as it stands, and again by the check", () => {
		const name = fc.oneof(
			fc.string({ unit: "binary" }),
			fc.stringMatching(/^[A-Za-z-]{1,12}$/),
			fc.constantFrom("Host", "WEBHOOK-ID", "Content-Type", "cf-ray"),
		);
		const value = fc.oneof(fc.string({ unit: "binary" }), fc.string());
		fc.assert(
			fc.property(fc.dictionary(name, value), (headers) => {
				const checked = checkActionHeaders(headers);
				if (!checked.ok) {
					expect(checked.error.length).toBeGreaterThan(0);
					return;
				}
				expect(checkActionHeaders(checked.value)).toEqual(checked);
				expect(Object.fromEntries(new Headers(checked.value))).toEqual(checked.value);
			}),
		);
	});
});
