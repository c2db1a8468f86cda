/**
 * W3C Trace Context: the trace a request came with is continued into every delivery it leads to.
 * Only the propagation; it records no spans. Called by the HTTP edge (read) and the sender (write).
 */

import { parseTracestate } from "./tracestate.ts";

export type TraceContext = {
	/** 32 lower-case hex digits, not all zero. */
	readonly traceId: string;
	/** 16 lower-case hex digits, not all zero: the span that calls. */
	readonly spanId: string;
	/** The bits of `trace-flags` that are known: sampled (1) and random trace id (2). */
	readonly flags: number;
	/** The `tracestate` header to pass on; "" when there is none. */
	readonly tracestate: string;
};

/** `00-<trace id>-<span id>-<flags>`, and what a later version may add behind a dash. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const FORBIDDEN_VERSION = "ff";
const VERSION = "00";
const ALL_ZERO = /^0+$/;

const SAMPLED = 1;
const RANDOM_TRACE_ID = 2;
const KNOWN_FLAGS = SAMPLED | RANDOM_TRACE_ID;

const SPAN_ID_BYTES = 8;
const TRACE_ID_BYTES = 16;
/** Random bytes that `continueTrace` takes: a span id, then a trace id in case one is started. */
export const TRACE_RANDOM_BYTES = SPAN_ID_BYTES + TRACE_ID_BYTES;

/**
 * Reads the two headers of a request; `undefined` when `traceparent` is not valid, in which case
 * `tracestate` counts for nothing either. Versions after 00 are read by the fields they share with
 * it (section 4 of the spec, "Versioning of traceparent").
 */
export function parseTraceparent(traceparent: string, tracestate = ""): TraceContext | undefined {
	const match = TRACEPARENT.exec(traceparent.trim());
	if (match === null) {
		return undefined;
	}
	const [, version = "", traceId = "", spanId = "", flags = "", extension] = match;
	if (version === FORBIDDEN_VERSION || (version === VERSION && extension !== undefined)) {
		return undefined;
	}
	if (ALL_ZERO.test(traceId) || ALL_ZERO.test(spanId)) {
		return undefined;
	}
	return {
		traceId,
		spanId,
		flags: Number.parseInt(flags, 16) & KNOWN_FLAGS,
		tracestate: parseTracestate(tracestate),
	};
}

/**
 * The context to call others with: the same trace under a new span, or a new trace where nothing
 * came. A new trace is marked as sampled, so that a receiver's parent-based sampler does not drop
 * it. `random` is TRACE_RANDOM_BYTES fresh bytes for each call.
 */
export function continueTrace(
	incoming: TraceContext | undefined,
	random: Uint8Array,
): TraceContext {
	if (random.length !== TRACE_RANDOM_BYTES) {
		throw new RangeError(`continueTrace: ${random.length} random bytes, not ${TRACE_RANDOM_BYTES}`);
	}
	const spanId = toId(random.subarray(0, SPAN_ID_BYTES));
	if (incoming !== undefined) {
		return { ...incoming, spanId };
	}
	const traceId = toId(random.subarray(SPAN_ID_BYTES));
	return { traceId, spanId, flags: SAMPLED | RANDOM_TRACE_ID, tracestate: "" };
}

/** The `traceparent` header, always in version 00. */
export function formatTraceparent(context: TraceContext): string {
	const flags = context.flags.toString(16).padStart(2, "0");
	return `${VERSION}-${context.traceId}-${context.spanId}-${flags}`;
}

/** Hex of the bytes; an id of zeros is invalid, so 1 stands in for it. */
function toId(bytes: Uint8Array): string {
	const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
	return ALL_ZERO.test(hex) ? `${hex.slice(1)}1` : hex;
}
