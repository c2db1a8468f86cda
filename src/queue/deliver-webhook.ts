/**
 * One attempt at one delivery, from its place in an envelope to its outcome. It has its turn
 * already; it throws only for bugs.
 */
import type { SealError } from "../../durable-objects/shared/seal.ts";
import { openHeaders } from "../action-secrets.ts";
import type { DeliveryOutcome, EnvelopeDelivery } from "../contract/envelope.ts";
import { isIllHealth } from "../core/ill-health.ts";
import { requestOf } from "../core/render-delivery.ts";
import { ok, type Result } from "../core/result.ts";
import { deliveryContext } from "../core/template/delivery-context.ts";
import type { TimerDoc, WebhookDoc } from "../core/timer-doc.ts";
import { TRACE_RANDOM_BYTES } from "../core/trace-context.ts";
import { buildWebhookRequest, timeoutMsOf } from "../core/webhook-request.ts";
import { tenantKeyOf } from "../tenant-keys.ts";
import { DeliveryTemplates } from "./delivery-templates.ts";
import type { Pass } from "./envelope-health.ts";
import { loadPayload } from "./load-payload.ts";
import { failedAttempt, postWebhook } from "./post.ts";
import { firingOf, fitsLease, outcomeOf, type Sending, sendTo, templateFailed } from "./sending.ts";
import { signingKeysAt } from "./unseal-secrets.ts";

/**
 * Tries one delivery once. `not_started` when it could not end before the lease does, `postponed`
 * when its host is spared.
 * @param held its action, as its timer's document has it
 */
export async function deliverWebhook(
	sending: Sending,
	delivery: EnvelopeDelivery,
	doc: TimerDoc,
	held: WebhookDoc,
): Promise<DeliveryOutcome> {
	const startedAt = Date.now();
	const templates = new DeliveryTemplates(delivery, doc, () =>
		deliveryContext(doc, firingOf(sending, delivery)),
	);
	const resolved = templates.resolveUrl(requestOf(held, delivery.patch ?? null));
	if (!resolved.ok) return templateFailed(delivery, resolved.error, startedAt);
	const stored = resolved.value;
	const to = { url: stored.url, timeoutMs: timeoutMsOf(stored) };
	return sendTo(sending, delivery, to, (url, pass) =>
		sendWebhook(sending, delivery, { doc, stored, templates, url, pass }),
	);
}

/** What is to be sent where, and the leave to do so. */
type Parcel = {
	readonly doc: TimerDoc;
	/** The action as it is stored, but for its url: its headers may be sealed. */
	readonly stored: WebhookDoc;
	readonly templates: DeliveryTemplates;
	readonly url: string;
	readonly pass: Pass;
};

async function sendWebhook(
	sending: Sending,
	delivery: EnvelopeDelivery,
	{ doc, stored, templates, url, pass }: Parcel,
): Promise<DeliveryOutcome> {
	const startedAt = Date.now();
	const opened = await withOpenHeaders(sending, stored, startedAt);
	if (!opened.ok) {
		// Never without them: what they are for, the receiver alone knows.
		const message = "the stored headers of this webhook do not open";
		return outcomeOf(delivery, failedAttempt("connection_failed", message, startedAt));
	}
	const request = templates.resolveRequest(opened.value);
	if (!request.ok) return templateFailed(delivery, request.error, startedAt);
	const action = request.value;
	const loaded = await payloadOf(sending, action);
	if (loaded !== undefined && !loaded.ok) {
		const { message } = loaded.error;
		return outcomeOf(delivery, failedAttempt("connection_failed", message, startedAt));
	}
	const payload = loaded && templates.resolvePayload(loaded.value);
	if (payload !== undefined && !payload.ok) {
		return templateFailed(delivery, payload.error, startedAt);
	}

	// After all that may have taken time, and before anything leaves.
	const now = Date.now();
	const timeoutMs = timeoutMsOf(action);
	if (!fitsLease(sending, now, timeoutMs)) {
		return outcomeOf(delivery, { kind: "not_started" as const });
	}
	const built = buildWebhookRequest({
		doc,
		action,
		firing: firingOf(sending, delivery),
		attempt: delivery.attempt,
		now,
		random: crypto.getRandomValues(new Uint8Array(TRACE_RANDOM_BYTES)),
		keys: signingKeysAt(sending.secrets, now),
		payload: payload?.value,
	});
	const end = await postWebhook(sending.env, url, built, timeoutMs);
	pass.note(isIllHealth(end));
	return outcomeOf(delivery, end);
}

async function withOpenHeaders(
	{ env, envelope }: Sending,
	action: WebhookDoc,
	now: number,
): Promise<Result<WebhookDoc, SealError>> {
	if (action.sealedHeaders === undefined) return ok(action);
	const key = await tenantKeyOf(env, envelope, now);
	return key.ok ? openHeaders(key.value, action) : key;
}

function payloadOf({ env, envelope }: Sending, action: WebhookDoc) {
	return action.bodyRef === undefined
		? undefined
		: loadPayload(env, envelope.tenant, action.bodyRef);
}
