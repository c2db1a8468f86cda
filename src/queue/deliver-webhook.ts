/**
 * One attempt at one delivery, from its place in an envelope to its outcome. It has its turn
 * already; it throws only for bugs.
 */
import type { SealError } from "../../durable-objects/shared/seal.ts";
import { openHeaders } from "../action-headers.ts";
import type { DeliveryOutcome, Envelope, EnvelopeDelivery } from "../contract/envelope.ts";
import type { Judge } from "../core/destination/judge.ts";
import { isIllHealth } from "../core/ill-health.ts";
import type { IdSpace } from "../core/public-id.ts";
import { requestOf } from "../core/render-delivery.ts";
import { ok, type Result } from "../core/result.ts";
import { deliveryContext } from "../core/template/delivery-context.ts";
import type { TemplateFailure } from "../core/template/resolve-action.ts";
import { parseTimerDoc, requireAction, type TimerDoc, type WebhookDoc } from "../core/timer-doc.ts";
import { TRACE_RANDOM_BYTES } from "../core/trace-context.ts";
import type { FiringContext } from "../core/webhook-body.ts";
import { buildWebhookRequest, timeoutMsOf } from "../core/webhook-request.ts";
import type { Env } from "../env.ts";
import { tenantKeyOf } from "../tenant-keys.ts";
import { REPORT_MARGIN_MS } from "./constants.ts";
import { DeliveryTemplates } from "./delivery-templates.ts";
import type { EnvelopeHealth, Pass } from "./envelope-health.ts";
import { judgeDestination } from "./judge-destination.ts";
import { loadPayload } from "./load-payload.ts";
import { failedAttempt, postWebhook } from "./post-webhook.ts";
import { type SigningSecret, signingKeysAt } from "./unseal-secrets.ts";

/** What the deliveries of one envelope have in common. */
export type Sending = {
	readonly env: Pick<Env, "RUNTIME" | "OUTBOUND" | "PAYLOADS" | "MINOOTS_MASTER_KEY">;
	readonly envelope: Envelope;
	readonly judge: Judge;
	readonly ids: IdSpace;
	readonly secrets: readonly SigningSecret[];
	readonly health: EnvelopeHealth;
};

/** Which delivery and attempt an outcome is of. */
export function outcomeOf<End extends object>(delivery: EnvelopeDelivery, end: End) {
	const { timer, firing, action, attempt } = delivery;
	return { timer, firing, action, attempt, ...end };
}

/**
 * Tries one delivery once. `not_started` when it could not end before the lease does, `postponed`
 * when its host is spared.
 */
export async function deliverWebhook(
	sending: Sending,
	delivery: EnvelopeDelivery,
): Promise<DeliveryOutcome> {
	const doc = parseTimerDoc(delivery.doc);
	const held = requireAction(doc, delivery.action);
	if (held.type !== "webhook") throw new Error(`An action for an ${held.type} is no webhook`);
	const startedAt = Date.now();
	const templates = new DeliveryTemplates(delivery, doc, () =>
		deliveryContext(doc, firingOf(sending, delivery)),
	);
	const resolved = templates.resolveUrl(requestOf(held, delivery.patch ?? null));
	if (!resolved.ok) return templateFailed(delivery, resolved.error, startedAt);
	const stored = resolved.value;
	const destination = await judgeDestination(sending.env, stored.url, sending.judge);
	if (!destination.ok) {
		const { failure, message } = destination.error;
		return outcomeOf(delivery, failedAttempt(failure, message, startedAt));
	}
	const { url } = destination.value;
	const { host } = new URL(url);
	const admitted = await sending.health.admit(host, timeoutMsOf(stored));
	if (admitted.kind === "postponed") return outcomeOf(delivery, { ...admitted, host });
	try {
		return await sendWebhook(sending, delivery, { doc, stored, templates, url, pass: admitted });
	} finally {
		admitted.leave();
	}
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
	if (now + timeoutMs > sending.envelope.leaseUntil - REPORT_MARGIN_MS) {
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

function firingOf({ ids, envelope }: Sending, delivery: EnvelopeDelivery): FiringContext {
	const address = { shard: envelope.shard, seq: delivery.timer };
	return {
		timerId: ids.timer(address),
		deliveryId: ids.delivery({ ...address, ...delivery }),
		seq: delivery.firing,
		dueAt: delivery.dueAt,
	};
}

/** For good: the next attempt has the same templates and the same data. */
function templateFailed(
	delivery: EnvelopeDelivery,
	{ message }: TemplateFailure,
	startedAt: number,
): DeliveryOutcome {
	return outcomeOf(delivery, failedAttempt("template_failed", message, startedAt));
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
