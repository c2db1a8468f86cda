/**
 * Resolves the templates of one webhook delivery, step by step as the sender comes by what may hold
 * some. A delivery without any pays for a look at its document, and no more.
 */
import type { EnvelopeDelivery } from "../contract/envelope.ts";
import { ok, type Result } from "../core/result.ts";
import type { TemplateContext } from "../core/template/context.ts";
import {
	resolvePayload,
	resolveRequest,
	resolveUrl,
	type TemplateFailure,
} from "../core/template/resolve-action.ts";
import { TEMPLATE_MARK } from "../core/template/scan.ts";
import type { TimerDoc, WebhookDoc } from "../core/timer-doc.ts";

const [FIRST_BYTE = 0, SECOND_BYTE = 0] = new TextEncoder().encode(TEMPLATE_MARK);

export class DeliveryTemplates {
	readonly #doc: TimerDoc;
	/** Whether the document or an edit holds any. Sealed headers and bodies in R2 show none here. */
	readonly #isMarked: boolean;
	readonly #makeContext: () => TemplateContext;
	#context: TemplateContext | undefined;

	constructor(delivery: EnvelopeDelivery, doc: TimerDoc, makeContext: () => TemplateContext) {
		this.#doc = doc;
		this.#isMarked = mayHoldTemplates(delivery);
		this.#makeContext = makeContext;
	}

	resolveUrl(action: WebhookDoc): Result<WebhookDoc, TemplateFailure> {
		return this.#isMarked ? resolveUrl(action, this.#seen()) : ok(action);
	}

	/** @param action with its headers in the open */
	resolveRequest(action: WebhookDoc): Result<WebhookDoc, TemplateFailure> {
		if (!this.#isMarked && !hasMarkedHeader(action)) return ok(action);
		return resolveRequest(this.#doc, action, this.#seen());
	}

	resolvePayload(bytes: Uint8Array): Result<Uint8Array, TemplateFailure> {
		return hasMark(bytes) ? resolvePayload(bytes, this.#seen()) : ok(bytes);
	}

	/** One for the delivery: its templates share what they may cost. */
	#seen(): TemplateContext {
		this.#context ??= this.#makeContext();
		return this.#context;
	}
}

/** Whether anything in the document, or in the edit of a replay, looks like a template. */
export function mayHoldTemplates({ doc, patch }: EnvelopeDelivery): boolean {
	if (doc.includes(TEMPLATE_MARK)) return true;
	return patch !== undefined && JSON.stringify(patch).includes(TEMPLATE_MARK);
}

function hasMarkedHeader({ headers = {} }: WebhookDoc): boolean {
	for (const name in headers) if (headers[name]?.includes(TEMPLATE_MARK)) return true;
	return false;
}

function hasMark(bytes: Uint8Array): boolean {
	for (let at = bytes.indexOf(FIRST_BYTE); at !== -1; at = bytes.indexOf(FIRST_BYTE, at + 1)) {
		if (bytes[at + 1] === SECOND_BYTE) return true;
	}
	return false;
}
