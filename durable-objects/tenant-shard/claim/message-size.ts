/**
 * How many bytes deliveries and envelopes take as a queue message. Documents travel as JSON strings
 * inside JSON, so quotes and backslashes count twice, and other alphabets up to three bytes a
 * character. Called where envelopes are packed and where batches are.
 */
import type { EnvelopeDelivery } from "../../../src/contract/envelope.ts";

/** Field names and numbers of one delivery, in bytes. */
const DELIVERY_OVERHEAD_BYTES = 160;
/** An envelope's own fields: ids, the wrapped key, two sealed secrets. */
const ENVELOPE_OVERHEAD_BYTES = 1_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const FIRST_OF_TWO_BYTES = 0x80;
const FIRST_OF_THREE_BYTES = 0x800;
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

export function envelopeBytes(deliveries: readonly EnvelopeDelivery[]): number {
	return deliveries.reduce((sum, one) => sum + deliveryBytes(one), ENVELOPE_OVERHEAD_BYTES);
}

export function deliveryBytes({ doc, patch }: EnvelopeDelivery): number {
	const edit = patch === undefined ? 0 : stringBytes(JSON.stringify(patch));
	return DELIVERY_OVERHEAD_BYTES + stringBytes(doc) + edit;
}

/** Bytes of a JSON text as a JSON string. Such a text holds no control characters. */
function stringBytes(text: string): number {
	let bytes = text.length;
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === QUOTE || code === BACKSLASH) bytes += 1;
		else if (code >= FIRST_OF_THREE_BYTES) bytes += isSurrogate(code) ? 1 : 2;
		else if (code >= FIRST_OF_TWO_BYTES) bytes += 1;
	}
	return bytes;
}

/** Half of a character that takes four bytes. */
function isSurrogate(code: number): boolean {
	return code >= FIRST_SURROGATE && code <= LAST_SURROGATE;
}
