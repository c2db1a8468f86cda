/**
 * Sends what an envelope carries and reports what became of it. Both roads end here, the queue and
 * the direct call; it never throws, since nobody is left who could do better than the lease does.
 */
import { logLine } from "../../durable-objects/shared/log.ts";
import { mailboxOf, shardOf } from "../../durable-objects/shared/object-names.ts";
import type { DeliveryOutcome, Envelope, EnvelopeDelivery } from "../contract/envelope.ts";
import { LIMITS } from "../contract/limits.ts";
import type { MetricsFold } from "../core/metrics-fold.ts";
import { isServiceDoc, parseTimerDoc, requireAction } from "../core/timer-doc.ts";
import { idSpaceOf } from "../derived-keys.ts";
import type { Env } from "../env.ts";
import { registerMailbox } from "../mailboxes.ts";
import { judgeOf } from "../outbound-policy.ts";
import { REPORT_MARGIN_MS } from "./constants.ts";
import { type Accept, dispatchToMailbox, sortByRoad } from "./deliver-agents.ts";
import { deliverService } from "./deliver-service.ts";
import { deliverWebhook } from "./deliver-webhook.ts";
import { EnvelopeHealth } from "./envelope-health.ts";
import { OutcomeReporter } from "./outcome-reporter.ts";
import { failedAttempt } from "./post.ts";
import { type SendLine, sendGateOf } from "./send-gate.ts";
import { countOutcome, senderMetrics } from "./sender-metrics.ts";
import { outcomeOf, type Sending } from "./sending.ts";
import { unsealSecrets } from "./unseal-secrets.ts";

type Log = (kind: string, fields: Readonly<Record<string, string | number>>) => void;
type Tally = {
	delivered: number;
	accepted: number;
	failed: number;
	notStarted: number;
	postponed: number;
};

/** Resolves when every delivery has its outcome and the shard knows them. */
export async function sendEnvelope(
	envelope: Envelope,
	env: Env,
	ctx: Pick<ExecutionContext, "waitUntil">,
): Promise<void> {
	const startedAt = Date.now();
	const { tenant, shard, claim, deliveries } = envelope;
	const log: Log = (kind, fields) => {
		const at = Date.now();
		logLine(env, { at, kind, tenant, shard, claim, ms: at - startedAt, ...fields }, ctx);
	};
	const logEnd = (fields: Parameters<Log>[1]) =>
		log("envelope", { deliveries: deliveries.length, ...fields });
	try {
		const secrets = await unsealSecrets(env, envelope, startedAt);
		if (!secrets.ok) return logEnd({ outcome: "secrets_not_opened" });
		const sending: Sending = {
			env,
			envelope,
			judge: judgeOf(env),
			ids: idSpaceOf(env, tenant),
			secrets: secrets.value,
			health: new EnvelopeHealth(env, tenant, (host, error) =>
				log("health_unreachable", { host, error: String(error) }),
			),
		};
		const reporter = new OutcomeReporter(claim, (report) =>
			// A stub that has failed once fails for good, so each report takes a new one.
			shardOf(env, tenant, shard).report(report),
		);
		const metrics = senderMetrics(env, ctx);
		const accept: Accept = async (call, messages) => {
			const registered = await registerMailbox(env, tenant, call.mailbox, Date.now());
			if (!registered.ok) throw new Error(`The registry refuses: ${registered.error.code}`);
			await mailboxOf(env, tenant, call.mailbox).accept(call, messages);
		};
		const tally = await sendAll({ sending, reporter, fold: metrics.fold, log, accept });
		metrics.changed(env, (work) => ctx.waitUntil(work));
		const [fault] = await Promise.all([reporter.finish(), sending.health.finish()]);
		logEnd({
			...tally,
			...(fault === undefined ? {} : { outcome: "not_reported", error: `${fault}` }),
		});
	} catch (error) {
		logEnd({ outcome: "fault", error: String(error) });
	}
}

type Work = {
	readonly sending: Sending;
	readonly reporter: OutcomeReporter;
	readonly fold: MetricsFold;
	readonly log: Log;
	readonly accept: Accept;
};

async function sendAll({ sending, reporter, fold, log, accept }: Work): Promise<Tally> {
	const { env, envelope } = sending;
	const { mailboxes, outward } = sortByRoad(envelope.deliveries);
	const tally: Tally = { delivered: 0, accepted: 0, failed: 0, notStarted: 0, postponed: 0 };
	const tell = (outcome: DeliveryOutcome, dueAt: number | null = null) => {
		count(tally, outcome);
		countOutcome(fold, envelope, dueAt, outcome);
		reporter.add(outcome);
	};
	const line = sendGateOf(env).openLine(envelope.tenant, envelope.priority);
	// From here on not even the shortest delivery fits the lease. The timer also keeps the request
	// alive while it waits for turns that other requests give; see send-gate.ts.
	const closesAt = envelope.leaseUntil - REPORT_MARGIN_MS - LIMITS.timeoutMsMin;
	const closing = setTimeout(() => line.close(), Math.max(0, closesAt - Date.now()));
	await Promise.all([
		...outward.map(async (delivery) =>
			tell(
				await sendInTurn(sending, line, delivery, log),
				delivery.dueAt - (envelope.aheadMs ?? 0),
			),
		),
		...[...mailboxes].map(async ([mailbox, deliveries]) => {
			const { outcomes, fault } = await dispatchToMailbox(sending, mailbox, deliveries, accept);
			if (fault !== undefined) log("mailbox_fault", { mailbox, error: String(fault) });
			for (const outcome of outcomes) tell(outcome);
		}),
	]);
	clearTimeout(closing);
	return tally;
}

async function sendInTurn(
	sending: Sending,
	line: SendLine,
	delivery: EnvelopeDelivery,
	log: Log,
): Promise<DeliveryOutcome> {
	const turn = await line.enter();
	if (turn === undefined) return outcomeOf(delivery, { kind: "not_started" as const });
	const startedAt = Date.now();
	try {
		return await deliver(sending, delivery);
	} catch (error) {
		// A bug, or R2 being away. Unreported, it would be sent again at once and without end.
		log("delivery_fault", { timer: delivery.timer, error: String(error) });
		const end = failedAttempt("connection_failed", "the request could not be made", startedAt);
		return outcomeOf(delivery, end);
	} finally {
		turn.leave();
	}
}

async function deliver(sending: Sending, delivery: EnvelopeDelivery): Promise<DeliveryOutcome> {
	const doc = parseTimerDoc(delivery.doc);
	const action = requireAction(doc, delivery.action);
	if (isServiceDoc(action)) return deliverService(sending, delivery, doc, action);
	if (action.type === "webhook") return deliverWebhook(sending, delivery, doc, action);
	throw new Error(`An action for an ${action.type} has a road of its own`);
}

function count(tally: Tally, outcome: DeliveryOutcome): void {
	if (outcome.kind === "not_started") tally.notStarted++;
	else if (outcome.kind === "accepted") tally.accepted++;
	else if (outcome.kind === "postponed") tally.postponed++;
	else if (outcome.class === "delivered") tally.delivered++;
	else tally.failed++;
}
