/**
 * Moves large webhook bodies out of a document (decision 10): rows and queue messages carry the
 * hash, R2 holds the bytes. Decides only; the edge stores the payloads before it creates the timer.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { LIMITS } from "../contract/limits.ts";
import { actionsIn, withActions } from "./doc-actions.ts";
import type { ActionDoc, TimerDocPatch } from "./timer-doc.ts";

/** A body to be stored under its hash before the document that names it. */
export type Payload = { readonly sha256: string; readonly bytes: Uint8Array };

/** A UTF-16 code unit takes at most this many bytes in UTF-8. */
const BYTES_PER_UNIT_MAX = 3;

/** Whether a text could take more than `bytes` in UTF-8: cheap, and never wrongly false. */
export function mayPass(text: string, bytes: number): boolean {
	return text.length * BYTES_PER_UNIT_MAX > bytes;
}

export function utf8Length(text: string): number {
	return new TextEncoder().encode(text).length;
}

/** How many bytes the text of a document takes, where that is more than a row holds of it. */
export function bytesBeyondRow(text: string): number | undefined {
	const bytes = mayPass(text, LIMITS.timerBytes) ? utf8Length(text) : 0;
	return bytes > LIMITS.timerBytes ? bytes : undefined;
}

/** The key in R2: a tenant's payloads share no prefix with another's. */
export function payloadKey(tenant: string, hash: string): string {
	return `payload/${tenant}/${hash}`;
}

/** The document with every body over `LIMITS.inlineBodyBytes` replaced by its reference. */
export function offloadBodies<T extends Pick<TimerDocPatch, "actions" | "escalation">>(
	doc: T,
): { readonly doc: T; readonly payloads: readonly Payload[] } {
	const payloads: Payload[] = [];
	const smaller = actionsIn(doc).map((action): ActionDoc => {
		if (action.type !== "webhook" || action.body === undefined) return action;
		const text = JSON.stringify(action.body);
		if (!mayPass(text, LIMITS.inlineBodyBytes)) return action;
		const bytes = new TextEncoder().encode(text);
		if (bytes.length <= LIMITS.inlineBodyBytes) return action;
		const hash = bytesToHex(sha256(bytes));
		payloads.push({ sha256: hash, bytes });
		const { body: _, ...rest } = action;
		return { ...rest, bodyRef: { sha256: hash, bytes: bytes.length } };
	});
	return { doc: payloads.length === 0 ? doc : withActions(doc, smaller), payloads };
}
