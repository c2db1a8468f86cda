import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	ENVELOPE_BYTES,
	ENVELOPE_DELIVERIES,
	fitsEnvelope,
	LEASE_MAX_MS,
	leaseMs,
	packEnvelopes,
} from "../../../src/core/lease.ts";

describe("leaseMs", () => {
	it.each([
		[1, 10_000, 70_000],
		[6, 10_000, 70_000],
		[7, 10_000, 80_000],
		[100, 10_000, 230_000],
		[78, 60_000, 840_000],
		[100, 60_000, LEASE_MAX_MS],
		[1, 0, 60_000],
	])("[CLAIM-14] %d deliveries of at most %d ms are leased for %d ms", (count, timeoutMs, ms) => {
		expect(leaseMs(count, timeoutMs)).toBe(ms);
	});
});

describe("packEnvelopes", () => {
	const item = fc.record({
		bytes: fc.oneof(fc.integer({ min: 100, max: 2_000 }), fc.integer({ min: 1, max: 300_000 })),
		timeoutMs: fc.integer({ min: 100, max: 60_000 }),
	});

	it("[CLAIM-15] keeps every item and its order, and every envelope within all limits", () => {
		fc.assert(
			fc.property(fc.array(item, { maxLength: 400 }), (items) => {
				const envelopes = packEnvelopes(items);
				expect(envelopes.flat()).toEqual(items);
				for (const envelope of envelopes) {
					expect(envelope.length).toBeGreaterThan(0);
					expect(envelope.length).toBeLessThanOrEqual(ENVELOPE_DELIVERIES);
					const timeoutMs = Math.max(...envelope.map((one) => one.timeoutMs));
					const bytes = envelope.reduce((sum, one) => sum + one.bytes, 0);
					if (envelope.length > 1) expect(bytes).toBeLessThanOrEqual(ENVELOPE_BYTES);
					// The lease is long enough for all of them, six at a time.
					const needed = 60_000 + Math.ceil(envelope.length / 6) * timeoutMs;
					expect(leaseMs(envelope.length, timeoutMs)).toBe(needed);
				}
			}),
		);
	});

	it("[CLAIM-15] makes no more envelopes than it must: none fits into the one before", () => {
		fc.assert(
			fc.property(fc.array(item, { maxLength: 200 }), (items) => {
				const envelopes = packEnvelopes(items);
				for (const [index, envelope] of envelopes.entries()) {
					const before = envelopes[index - 1];
					const [first] = envelope;
					if (before === undefined || first === undefined) continue;
					const joined = [...before, first];
					const bytes = joined.reduce((sum, one) => sum + one.bytes, 0);
					const timeoutMs = Math.max(...joined.map((one) => one.timeoutMs));
					expect(fitsEnvelope(joined.length, bytes, timeoutMs)).toBe(false);
				}
			}),
		);
	});

	it("[CLAIM-15] gives an item that is too large alone an envelope of its own", () => {
		const small = { bytes: 100, timeoutMs: 1_000 };
		const large = { bytes: ENVELOPE_BYTES + 1, timeoutMs: 1_000 };
		expect(packEnvelopes([small, large, small]).map((one) => one.length)).toEqual([1, 1, 1]);
		expect(packEnvelopes([])).toEqual([]);
	});
});
