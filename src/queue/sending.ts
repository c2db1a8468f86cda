/**
 * What the deliveries of one envelope have in common on their way, whatever their actions are: who
 * sends, by which rules, and how an end becomes an outcome.
 */
import type { DeliveryOutcome, Envelope, EnvelopeDelivery } from "../contract/envelope.ts";
import type { Judge } from "../core/destination/judge.ts";
import type { IdSpace } from "../core/public-id.ts";
import type { TemplateFailure } from "../core/template/resolve-action.ts";
import type { FiringContext } from "../core/webhook-body.ts";
import type { Env } from "../env.ts";
import { judgeDestination } from "../outbound/judge-destination.ts";
import { REPORT_MARGIN_MS } from "./constants.ts";
import type { EnvelopeHealth, Pass } from "./envelope-health.ts";
import { failedAttempt } from "./post.ts";
import type { SigningSecret } from "./unseal-secrets.ts";

export type Sending = {
	readonly env: Pick<
		Env,
		"RUNTIME" | "OUTBOUND" | "PAYLOADS" | "MINOOTS_MASTER_KEY" | "SLACK_WORKSPACE" | "SLACK_API_URL"
	>;
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

export function firingOf(
	{ ids, envelope }: Pick<Sending, "ids" | "envelope">,
	delivery: EnvelopeDelivery,
): FiringContext {
	const address = { shard: envelope.shard, seq: delivery.timer };
	return {
		timerId: ids.timer(address),
		deliveryId: ids.delivery({ ...address, ...delivery }),
		seq: delivery.firing,
		dueAt: delivery.dueAt,
	};
}

/** Whether an exchange that begins now can end before the lease does. */
export function fitsLease({ envelope }: Sending, now: number, timeoutMs: number): boolean {
	return now + timeoutMs <= envelope.leaseUntil - REPORT_MARGIN_MS;
}

/** For good: the next attempt has the same templates and the same data. */
export function templateFailed(
	delivery: EnvelopeDelivery,
	{ message }: TemplateFailure,
	startedAt: number,
): DeliveryOutcome {
	return outcomeOf(delivery, failedAttempt("template_failed", message, startedAt));
}

/**
 * Goes on with `send` where `url` may be sent to now; else the delivery ends here, `postponed` when
 * its host is spared.
 * @param send told the url to fetch, normalised; it tells the pass how the host took it
 */
export async function sendTo(
	{ env, judge, health }: Sending,
	delivery: EnvelopeDelivery,
	{ url, timeoutMs }: { readonly url: string; readonly timeoutMs: number },
	send: (url: string, pass: Pass) => Promise<DeliveryOutcome>,
): Promise<DeliveryOutcome> {
	const startedAt = Date.now();
	const destination = await judgeDestination(env, url, judge);
	if (!destination.ok) {
		const { failure, message } = destination.error;
		return outcomeOf(delivery, failedAttempt(failure, message, startedAt));
	}
	const { host } = new URL(destination.value.url);
	const admitted = await health.admit(host, timeoutMs);
	if (admitted.kind === "postponed") return outcomeOf(delivery, { ...admitted, host });
	try {
		return await send(destination.value.url, admitted);
	} finally {
		admitted.leave();
	}
}
