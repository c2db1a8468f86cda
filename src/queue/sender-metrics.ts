/**
 * What senders count, folded per isolate: attempts by outcome, and how long the way to an answer
 * took. Called once a delivery; pushed as `MetricsPusher` says.
 */
import { logLine } from "../../durable-objects/shared/log.ts";
import { MetricsPusher } from "../../durable-objects/shared/metrics-pusher.ts";
import type { DeliveryOutcome, Envelope, PriorityClass } from "../contract/envelope.ts";
import {
	ACCEPTED,
	ATTEMPTS,
	CLAIMED_TO_SENT,
	DUE_TO_ANSWERED,
	POSTPONED,
	SENT_TO_ANSWERED,
	seriesOf,
} from "../core/metrics-catalog.ts";
import type { MetricsFold } from "../core/metrics-fold.ts";
import type { Env } from "../env.ts";

let pusher: MetricsPusher | undefined;

/**
 * Counts one outcome of an envelope.
 * @param dueAt when its timer was due, in real time; null for what only went into a mailbox
 */
export function countOutcome(
	fold: MetricsFold,
	{ claimedAt, priority }: Pick<Envelope, "claimedAt" | "priority">,
	dueAt: number | null,
	outcome: DeliveryOutcome,
): void {
	switch (outcome.kind) {
		case "accepted":
			fold.count(seriesOf(ACCEPTED, priority));
			return;
		case "postponed":
			fold.count(seriesOf(POSTPONED, outcome.reason, priority));
			return;
		case "not_started":
			fold.count(seriesOf(POSTPONED, outcome.kind, priority));
			return;
		case "attempted":
			countAttempt(fold, claimedAt, priority, dueAt, outcome);
	}
}

function countAttempt(
	fold: MetricsFold,
	claimedAt: number,
	priority: PriorityClass,
	dueAt: number | null,
	outcome: Extract<DeliveryOutcome, { kind: "attempted" }>,
): void {
	fold.count(seriesOf(ATTEMPTS, outcome.outcome, priority));
	// Nothing was sent to a destination that was refused.
	if (outcome.outcome === "destination_refused") return;
	const { sentAt, durationMs } = outcome;
	fold.observeMs(CLAIMED_TO_SENT, seriesOf(CLAIMED_TO_SENT, priority), sentAt - claimedAt);
	if (outcome.status === null) return;
	fold.observeMs(SENT_TO_ANSWERED, seriesOf(SENT_TO_ANSWERED, priority), durationMs);
	// A later attempt waits for its retry: that is no lateness.
	if (dueAt === null || outcome.attempt > 1) return;
	const late = sentAt + durationMs - dueAt;
	fold.observeMs(DUE_TO_ANSWERED, seriesOf(DUE_TO_ANSWERED, priority), late);
}

/** The pusher of this isolate. Its name is random, and made here: no request, no randomness. */
export function senderMetrics(
	env: Pick<Env, "RUNTIME">,
	ctx: Pick<ExecutionContext, "waitUntil">,
): MetricsPusher {
	if (pusher !== undefined) return pusher;
	const run = crypto.randomUUID();
	pusher = new MetricsPusher({
		source: `sender:${run}`,
		run,
		onFault: (error) =>
			logLine(env, { at: Date.now(), kind: "metrics_not_pushed", error: String(error) }, ctx),
	});
	return pusher;
}
