/** The W3C Trace Context test suite: what a service sends on, for what it received. */

import { describe, expect, it } from "vitest";
import {
	continueTrace,
	formatTraceparent,
	parseTraceparent,
	TRACE_RANDOM_BYTES,
} from "../../../src/core/trace-context.ts";
import { getPublishedVectors } from "../published-vectors.ts";

type TraceVector = {
	readonly id: string;
	readonly test: string;
	readonly requestHeaders: [name: string, value: string][];
	readonly expect: {
		readonly traceIdEquals?: string;
		readonly traceIdNotEquals?: readonly string[];
		readonly parentIdNotEquals?: string;
		readonly tracestateHas?: readonly string[];
		readonly tracestateLacks?: readonly string[];
		readonly tracestate?: Readonly<Record<string, string>>;
	};
};

const published = getPublishedVectors<{ vectors: TraceVector[] }>("trace-context/vectors.json");

describe.skipIf(published === undefined)("W3C trace-context suite", () => {
	it.each(published?.vectors ?? [])("[TRACE-7] $id $test", (vector) => {
		const headers = new Headers(vector.requestHeaders);
		const incoming = parseTraceparent(
			headers.get("traceparent") ?? "",
			headers.get("tracestate") ?? "",
		);
		const sent = continueTrace(incoming, new Uint8Array(TRACE_RANDOM_BYTES).fill(0x5c));
		const [, traceId, spanId] = formatTraceparent(sent).split("-");
		const state = new Map(
			sent.tracestate.split(",").map((member) => {
				const equals = member.indexOf("=");
				return [member.slice(0, equals), member.slice(equals + 1)] as const;
			}),
		);

		const expected = vector.expect;
		if (expected.traceIdEquals !== undefined) {
			expect(traceId).toBe(expected.traceIdEquals);
		}
		for (const other of expected.traceIdNotEquals ?? []) {
			expect(traceId).not.toBe(other);
		}
		if (expected.parentIdNotEquals !== undefined) {
			expect(spanId).not.toBe(expected.parentIdNotEquals);
		}
		for (const key of expected.tracestateHas ?? []) {
			expect([...state.keys()]).toContain(key);
		}
		for (const key of expected.tracestateLacks ?? []) {
			expect([...state.keys()]).not.toContain(key);
		}
		for (const [key, value] of Object.entries(expected.tracestate ?? {})) {
			expect(state.get(key)).toBe(value);
		}
	});
});
