/**
 * How long an envelope is leased, and how many deliveries fit one (decision 4). The lease covers a
 * sender that works off the envelope six at a time while every receiver takes all the time it may.
 */
import { MINUTE, SECOND } from "./units.ts";

/** What a message may wait in its queue before a sender takes it. */
const LEASE_BASE_MS = 60 * SECOND;
/** A deployed queue consumer is cut after 15 minutes. */
export const LEASE_MAX_MS = 14 * MINUTE;
/** Requests a deployed sender has open at once. */
export const SENDS_AT_ONCE = 6;
/** Deliveries of one envelope. */
export const ENVELOPE_DELIVERIES = 100;
/** Bytes of one envelope's documents: a queue message of one billed unit. */
export const ENVELOPE_BYTES = 64_000;

/** Milliseconds for `count` deliveries of which the slowest may take `timeoutMs`. */
export function leaseMs(count: number, timeoutMs: number): number {
	return Math.min(LEASE_MAX_MS, LEASE_BASE_MS + Math.ceil(count / SENDS_AT_ONCE) * timeoutMs);
}

/** Whether another delivery still fits: by number, by bytes, and under the longest lease. */
export function fitsEnvelope(count: number, bytes: number, timeoutMs: number): boolean {
	const needed = LEASE_BASE_MS + Math.ceil(count / SENDS_AT_ONCE) * timeoutMs;
	return count <= ENVELOPE_DELIVERIES && bytes <= ENVELOPE_BYTES && needed <= LEASE_MAX_MS;
}

/** Splits `items` into envelopes in order; an item that is too large alone gets one of its own. */
export function packEnvelopes<T extends { readonly bytes: number; readonly timeoutMs: number }>(
	items: readonly T[],
): T[][] {
	const envelopes: T[][] = [];
	let open: T[] = [];
	let bytes = 0;
	let timeoutMs = 0;
	for (const item of items) {
		bytes += item.bytes;
		timeoutMs = Math.max(timeoutMs, item.timeoutMs);
		if (open.length > 0 && !fitsEnvelope(open.length + 1, bytes, timeoutMs)) {
			envelopes.push(open);
			open = [];
			bytes = item.bytes;
			timeoutMs = item.timeoutMs;
		}
		open.push(item);
	}
	if (open.length > 0) envelopes.push(open);
	return envelopes;
}
