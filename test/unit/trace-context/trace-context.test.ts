/** Trace Context: the project's own cases; the W3C suite's are in published-vectors.test.ts. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	continueTrace,
	formatTraceparent,
	parseTraceparent,
	TRACE_RANDOM_BYTES,
} from "../../../src/core/trace-context.ts";
import { parseTracestate } from "../../../src/core/tracestate.ts";

const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
const SPAN_ID = "b7ad6b7169203331";
const VALID = `00-${TRACE_ID}-${SPAN_ID}-01`;

const randomBytes = fc.uint8Array({ minLength: TRACE_RANDOM_BYTES, maxLength: TRACE_RANDOM_BYTES });

describe("parseTraceparent", () => {
	it("[TRACE-1] reads the parts, and keeps the flags it knows", () => {
		expect(parseTraceparent(VALID, "vendor=1")).toEqual({
			traceId: TRACE_ID,
			spanId: SPAN_ID,
			flags: 1,
			tracestate: "vendor=1",
		});
		expect(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-ff`)?.flags).toBe(3);
		expect(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-00`)?.flags).toBe(0);
	});

	it.each([
		["nothing", ""],
		["version ff", VALID.replace(/^00/, "ff")],
		["a trace id of zeros", `00-${"0".repeat(32)}-${SPAN_ID}-01`],
		["a span id of zeros", `00-${TRACE_ID}-${"0".repeat(16)}-01`],
		["upper case", VALID.toUpperCase()],
		["version 00 with more behind it", `${VALID}-extra`],
		["two headers in one", `${VALID}, ${VALID}`],
		["a later version with more, but no dash", `01${VALID.slice(2)}extra`],
		["a later version cut short", `01-${TRACE_ID}-${SPAN_ID}`],
	])("[TRACE-2] %s is invalid", (_what, header) => {
		expect(parseTraceparent(header, "vendor=1")).toBeUndefined();
	});

	it.each([`01${VALID.slice(2)}`, `fe${VALID.slice(2)}-extra-fields`])(
		"[TRACE-3] the later version %s is read by what it shares with 00, and answered in 00",
		(header) => {
			const context = parseTraceparent(header);
			expect(context && formatTraceparent(context)).toBe(VALID);
		},
	);
});

describe("continueTrace", () => {
	it("[TRACE-4] keeps trace, flags and tracestate, and puts a new span in", () => {
		const incoming = parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-00`, "a=1,b=2");
		const random = new Uint8Array(TRACE_RANDOM_BYTES).fill(0xab);
		expect(continueTrace(incoming, random)).toEqual({
			traceId: TRACE_ID,
			spanId: "ab".repeat(8),
			flags: 0,
			tracestate: "a=1,b=2",
		});
	});

	it("[TRACE-5] starts a sampled, random trace where nothing valid came", () => {
		const random = Uint8Array.from({ length: TRACE_RANDOM_BYTES }, (_, i) => i);
		expect(formatTraceparent(continueTrace(undefined, random))).toBe(
			"00-08090a0b0c0d0e0f1011121314151617-0001020304050607-03",
		);
	});

	it("[TRACE-5] whatever the random bytes, what is sent is valid, zeros included", () => {
		const bytes = fc.oneof(randomBytes, fc.constant(new Uint8Array(TRACE_RANDOM_BYTES)));
		fc.assert(
			fc.property(bytes, bytes, (first, second) => {
				const started = continueTrace(undefined, first);
				expect(parseTraceparent(formatTraceparent(started))).toEqual(started);
				const continued = continueTrace(started, second);
				expect(parseTraceparent(formatTraceparent(continued))).toEqual(continued);
				expect(continued.traceId).toBe(started.traceId);
			}),
		);
	});

	it("[TRACE-5] too few random bytes are a bug", () => {
		expect(() => continueTrace(undefined, new Uint8Array(8))).toThrow(RangeError);
	});
});

describe("parseTracestate", () => {
	const list = (count: number) => Array.from({ length: count }, (_, i) => `k${i}=${i}`).join(",");

	it.each([
		["foo=1", "foo=1"],
		[" foo=1 \t, ,bar= 2,", "foo=1,bar= 2"],
		["tenant@vendor=x", "tenant@vendor=x"],
		["foo=1,foo=2,bar=3", "foo=1,bar=3"],
		[list(32), list(32)],
		[list(33), ""],
		["", ""],
		["foo", ""],
		["foo=", ""],
		["Foo=1", ""],
		["foo=1,b\u00e4r=2", ""],
		["foo=a=b,bar=2", ""],
		[`${"k".repeat(256)}=1`, `${"k".repeat(256)}=1`],
		[`${"k".repeat(257)}=1`, ""],
		[`k=${"v".repeat(257)}`, ""],
	])("[TRACE-6] %s is passed on as %s", (header, expected) => {
		expect(parseTracestate(header)).toBe(expected);
	});

	it("[TRACE-6] a list over 512 characters loses its long members first, then its last", () => {
		const long = (key: string) => `${key}=${"v".repeat(200)}`;
		const short = (key: string) => `${key}=${"v".repeat(100)}`;
		expect(parseTracestate(["a=1", long("b"), long("c"), short("d"), short("e")].join(","))).toBe(
			["a=1", long("b"), short("d"), short("e")].join(","),
		);
		expect(parseTracestate(["a", "b", "c", "d", "e", "f"].map(short).join(","))).toBe(
			["a", "b", "c", "d"].map(short).join(","),
		);
	});

	it("[TRACE-6] what is passed on is passed on again unchanged", () => {
		const member = fc.stringMatching(/^[a-z0-9][a-z0-9_*@-]{0,20}=[!-+.-<>-~]{1,200}$/);
		fc.assert(
			fc.property(fc.array(fc.oneof(member, fc.string()), { maxLength: 35 }), (members) => {
				const once = parseTracestate(members.join(","));
				expect(once.length).toBeLessThanOrEqual(512);
				expect(parseTracestate(once)).toBe(once);
			}),
		);
	});
});
