/**
 * One attempt at one call of a service, from its place in an envelope to its outcome. It has its turn
 * already; it throws only for bugs. Which service it is, the table in `services/` knows.
 */
import { openToken } from "../action-secrets.ts";
import type { DeliveryOutcome, EnvelopeDelivery } from "../contract/envelope.ts";
import { isIllHealth, isServerError } from "../core/ill-health.ts";
import { callOf } from "../core/render-delivery.ts";
import { ok, type Result } from "../core/result.ts";
import { kindOf } from "../core/services/service-kinds.ts";
import type { Verdict } from "../core/services/verdict.ts";
import { deliveryContext } from "../core/template/delivery-context.ts";
import { resolveService } from "../core/template/resolve-action.ts";
import type { ServiceDoc, TimerDoc } from "../core/timer-doc.ts";
import { SERVICE_TIMEOUT_MS } from "../core/timer-flags.ts";
import { tenantKeyOf } from "../tenant-keys.ts";
import { ANSWER_BYTES } from "./constants.ts";
import { mayHoldTemplates } from "./delivery-templates.ts";
import { type AttemptEnd, type Exchange, exchange, failedAttempt } from "./post.ts";
import { excerptOf } from "./read-excerpt.ts";
import { firingOf, fitsLease, outcomeOf, type Sending, sendTo, templateFailed } from "./sending.ts";
import type { NoRequest, Postponed } from "./services/service.ts";
import { serviceOf } from "./services/services.ts";

/** Tries one delivery once. @param held its action, as its timer's document has it */
export async function deliverService<Doc extends ServiceDoc>(
	sending: Sending,
	delivery: EnvelopeDelivery,
	doc: TimerDoc,
	held: Doc,
): Promise<DeliveryOutcome> {
	const startedAt = Date.now();
	const stored = callOf(held, delivery.patch ?? null);
	const firing = firingOf(sending, delivery);
	const resolved = mayHoldTemplates(delivery)
		? resolveService(stored, deliveryContext(doc, firing))
		: ok(stored);
	if (!resolved.ok) return templateFailed(delivery, resolved.error, startedAt);
	const action = resolved.value;
	const service = serviceOf(action);
	const destination = service.urlOf?.(sending.env) ?? kindOf(action).urlOf(action);
	const to = { url: destination, timeoutMs: SERVICE_TIMEOUT_MS };
	return sendTo(sending, delivery, to, async (url, pass) => {
		const { host } = new URL(url);
		const token = await tokenOf(sending, action);
		if (!token.ok) {
			const message = "the stored token of this action does not open";
			return outcomeOf(delivery, failedAttempt("connection_failed", message, startedAt));
		}
		const { attempt } = delivery;
		const call = { sending, doc, action, token: token.value, firing, attempt };
		const request = await service.call(call);
		if (!request.ok) {
			const { error } = request;
			if (error.kind !== "postponed") return outcomeOf(delivery, unsent(error));
			return outcomeOf(delivery, { ...error, host });
		}
		if (!fitsLease(sending, Date.now(), SERVICE_TIMEOUT_MS)) {
			return outcomeOf(delivery, { kind: "not_started" as const });
		}
		const made = await exchange(sending.env, url, request.value, SERVICE_TIMEOUT_MS, ANSWER_BYTES);
		if (!made.ok) {
			pass.note(isIllHealth(made.error));
			return outcomeOf(delivery, made.error);
		}
		const verdict = await service.judge({ ...made.value, body: made.value.text }, action, call);
		if (verdict.kind === "postponed") {
			pass.note(false);
			return outcomeOf(delivery, { ...verdict, host });
		}
		pass.note(isServerError(made.value.status));
		return outcomeOf(delivery, judged(made.value, verdict));
	});
}

async function tokenOf(
	{ env, envelope }: Sending,
	action: ServiceDoc,
): Promise<Result<string | undefined, unknown>> {
	if (action.sealedToken === undefined) return ok(undefined);
	const key = await tenantKeyOf(env, envelope, Date.now());
	return key.ok ? openToken(key.value, action) : key;
}

type Failure = Exclude<NoRequest, Postponed>;

/** An attempt that ended before a request was made. */
function unsent({ kind, error, ...rest }: Failure): AttemptEnd {
	const end = failedAttempt("connection_failed", error, Date.now());
	return { ...end, class: kind, retryAfterMs: "retryAfterMs" in rest ? rest.retryAfterMs : null };
}

function judged({ sentAt, durationMs, status, text }: Exchange, verdict: Verdict): AttemptEnd {
	const excerpt = "excerpt" in verdict ? verdict.excerpt : text;
	return {
		kind: "attempted",
		class: verdict.kind,
		outcome: verdict.kind === "delivered" ? "delivered" : "http_error",
		sentAt,
		durationMs,
		status,
		error: verdict.kind === "delivered" ? null : (excerptOf(verdict.error) ?? null),
		excerpt: excerptOf(excerpt ?? ""),
		retryAfterMs: verdict.kind === "retryable" ? verdict.retryAfterMs : null,
	};
}
