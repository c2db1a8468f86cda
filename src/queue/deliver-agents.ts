/**
 * Hands the messages of an envelope to the mailboxes of agents, one call a mailbox. Nothing leaves
 * the network, so they wait for no turn; what agents make of them the mailbox tells the shard.
 */
import type { MailboxCall, NewMessage } from "../../durable-objects/agent-mailbox/rpc.ts";
import type { DeliveryOutcome, EnvelopeDelivery } from "../contract/envelope.ts";
import { LIMITS } from "../contract/limits.ts";
import { buildAgentMessage } from "../core/agent-message.ts";
import { utf8Length } from "../core/offload-bodies.ts";
import { err, ok, type Result } from "../core/result.ts";
import { deliveryContext } from "../core/template/delivery-context.ts";
import { resolveAgent, type TemplateFailure } from "../core/template/resolve-action.ts";
import { type AgentDoc, parseTimerDoc, requireAction, type TimerDoc } from "../core/timer-doc.ts";
import { MAILBOX_TIMEOUT_MS } from "../core/timer-flags.ts";
import { REPORT_MARGIN_MS } from "./constants.ts";
import { mayHoldTemplates } from "./delivery-templates.ts";
import { failedAttempt } from "./post.ts";
import { outcomeOf, type Sending } from "./sending.ts";

/** A delivery to an agent, its document read. */
export type AgentDelivery = {
	readonly delivery: EnvelopeDelivery;
	readonly doc: TimerDoc;
	readonly action: AgentDoc;
};

/** `AgentMailboxRpc.accept` of the mailbox that the call names. */
export type Accept = (call: MailboxCall, messages: readonly NewMessage[]) => Promise<void>;

/** What every document with such an action contains: the others need not be read twice. */
const AGENT_MARK = '"type":"agent"';

/** What is for agents, by mailbox, and the rest, which leaves the network. */
export function sortByRoad(deliveries: readonly EnvelopeDelivery[]): {
	readonly mailboxes: ReadonlyMap<string, readonly AgentDelivery[]>;
	readonly outward: readonly EnvelopeDelivery[];
} {
	const mailboxes = new Map<string, AgentDelivery[]>();
	const outward: EnvelopeDelivery[] = [];
	for (const delivery of deliveries) {
		const read = delivery.doc.includes(AGENT_MARK) ? readAgent(delivery) : undefined;
		if (read === undefined) outward.push(delivery);
		else {
			const { mailbox } = read.action;
			const held = mailboxes.get(mailbox) ?? [];
			held.push(read);
			mailboxes.set(mailbox, held);
		}
	}
	return { mailboxes, outward };
}

function readAgent(delivery: EnvelopeDelivery): AgentDelivery | undefined {
	try {
		const doc = parseTimerDoc(delivery.doc);
		const action = requireAction(doc, delivery.action);
		return action.type === "agent" ? { delivery, doc, action } : undefined;
	} catch {
		// A document that cannot be read fails its delivery alone, on the road of the others.
		return undefined;
	}
}

/**
 * Dispatches all deliveries to one mailbox. It holds each by its id, so a call that did arrive after
 * all does no harm when it is repeated.
 */
export async function dispatchToMailbox(
	sending: Pick<Sending, "envelope" | "ids">,
	mailbox: string,
	deliveries: readonly AgentDelivery[],
	accept: Accept,
): Promise<{ readonly outcomes: readonly DeliveryOutcome[]; readonly fault?: unknown }> {
	const { envelope } = sending;
	const now = Date.now();
	if (now + MAILBOX_TIMEOUT_MS > envelope.leaseUntil - REPORT_MARGIN_MS) {
		return {
			outcomes: deliveries.map(({ delivery }) =>
				outcomeOf(delivery, { kind: "not_started" as const }),
			),
		};
	}
	const ready: { readonly delivery: EnvelopeDelivery; readonly message: NewMessage }[] = [];
	const outcomes: DeliveryOutcome[] = [];
	for (const one of deliveries) {
		const message = messageOf(sending, one, now);
		if (message.ok) ready.push({ delivery: one.delivery, message: message.value });
		else {
			const end = failedAttempt("template_failed", message.error.message, now);
			outcomes.push(outcomeOf(one.delivery, end));
		}
	}
	if (ready.length === 0) return { outcomes };
	const messages = ready.map(({ message }) => message);
	try {
		await inTime(accept({ tenant: envelope.tenant, mailbox }, messages));
	} catch (fault) {
		const end = failedAttempt("connection_failed", "the mailbox could not be reached", now);
		for (const { delivery } of ready) outcomes.push(outcomeOf(delivery, end));
		return { outcomes, fault };
	}
	for (const { delivery, message } of ready) {
		const { expiresAt } = message;
		outcomes.push(outcomeOf(delivery, { kind: "accepted" as const, expiresAt }));
	}
	return { outcomes };
}

/** Fails where a template does, or makes more of the message than a mailbox takes. */
function messageOf(
	{ envelope, ids }: Pick<Sending, "envelope" | "ids">,
	{ delivery, doc, action }: AgentDelivery,
	now: number,
): Result<NewMessage, TemplateFailure> {
	const { timer, firing, action: index, base = 0, dueAt } = delivery;
	const address = { shard: envelope.shard, seq: timer };
	const context = {
		timerId: ids.timer(address),
		deliveryId: ids.delivery({ ...address, firing, action: index }),
		seq: firing,
		dueAt,
	};
	const isTemplated = mayHoldTemplates(delivery);
	const resolved = isTemplated
		? resolveAgent(doc, action, deliveryContext(doc, context))
		: ok({ doc, action });
	if (!resolved.ok) return resolved;
	const message = buildAgentMessage(resolved.value.doc, resolved.value.action, context, now);
	// A document is never larger than that; what templates make of it may be.
	if (isTemplated && utf8Length(message.body) > LIMITS.messageBytes) {
		return err({ message: `the message resolves to more than ${LIMITS.messageBytes} bytes` });
	}
	return ok({
		...message,
		// The same for every try since the last replay: the mailbox takes a later one for a replay.
		origin: { shard: envelope.shard, timer, firing, action: index, attempt: base + 1 },
	});
}

async function inTime(call: Promise<void>): Promise<void> {
	const { promise, reject } = Promise.withResolvers<never>();
	const timer = setTimeout(() => reject(new Error("no answer")), MAILBOX_TIMEOUT_MS);
	try {
		await Promise.race([call, promise]);
	} finally {
		clearTimeout(timer);
	}
}
