/** Puts messages into a mailbox by hand; timers' deliveries come by the senders. */
import type { z } from "zod";
import type { NewMessage } from "../../../durable-objects/agent-mailbox/rpc.ts";
import { LIMITS } from "../../contract/limits.ts";
import type { PutMessageSchema } from "../../contract/mailbox.ts";
import { encodeBase32 } from "../../core/base32.ts";
import { err, ok, type Result } from "../../core/result.ts";
import { KIB } from "../../core/units.ts";
import { registerMailbox } from "../../mailboxes.ts";
import type { TenantContext } from "../context.ts";
import { type HttpFailure, refuse } from "../failure.ts";
import { registryFailure } from "../registry-failure.ts";
import { openMailbox } from "./open-mailbox.ts";

type PutInput = z.infer<typeof PutMessageSchema>;

/** Random bytes of a message's id: 120 bits, so that no two are ever alike. */
const ID_BYTES = 15;
/** As a timer without a priority has it. */
const PRIORITY_DEFAULT = 5;
/** Leases of a message before it is given up: as often as a delivery is tried by default. */
const ATTEMPTS_DEFAULT = 6;

const utf8 = new TextEncoder();

/** Stores all of them or none; answers their ids once they are durable. */
export async function putMessages(
	context: TenantContext,
	name: string,
	inputs: readonly PutInput[],
): Promise<Result<readonly string[], HttpFailure>> {
	const opened = openMailbox(context, name);
	if (!opened.ok) return opened;
	const messages = inputs.map((input) => messageOf(input, context));
	const large = messages.findIndex(({ body }) => utf8.encode(body).length > LIMITS.messageBytes);
	if (large !== -1) return tooLarge();
	const { env, tenant, now } = context;
	const registered = await registerMailbox(env, tenant, name, now);
	if (!registered.ok) return err(registryFailure(registered.error, "The tenant"));
	const { stub, call } = opened.value;
	await stub.accept(call, messages);
	return ok(messages.map(({ id }) => id));
}

function messageOf(input: PutInput, { now, traceparent }: TenantContext): NewMessage {
	const visibleAt = now + (input.delayMs ?? 0);
	return {
		id: `msg_${encodeBase32(crypto.getRandomValues(new Uint8Array(ID_BYTES)))}`,
		origin: null,
		body: JSON.stringify(input.body),
		priority: input.priority ?? PRIORITY_DEFAULT,
		visibleAt,
		// Counted from the end of the delay: a message that nobody could lease has not waited in vain.
		expiresAt: visibleAt + (input.ttlMs ?? LIMITS.messageTtlMsDefault),
		ackTimeoutMs: input.ackTimeoutMs ?? LIMITS.leaseMsDefault,
		maxAttempts: input.maxAttempts ?? ATTEMPTS_DEFAULT,
		traceparent,
	};
}

function tooLarge(): Result<never, HttpFailure> {
	const most = LIMITS.messageBytes / KIB;
	return refuse("payload_too_large", `A message's body takes at most ${most} KiB as JSON.`);
}
