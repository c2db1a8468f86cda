/**
 * The consumer of the three queues. A message is one envelope. It is acknowledged whatever becomes
 * of it: the shard reschedules what failed, and the lease brings back what was lost (decision 4), so
 * a bad destination never holds its neighbours.
 */
import { logLine } from "../../durable-objects/shared/log.ts";
import { ENVELOPE_VERSION, type Envelope } from "../contract/envelope.ts";
import type { Env } from "../env.ts";
import { sendEnvelope } from "./send-envelope.ts";
import type { Sender } from "./sender.ts";

/** The part of a consumer's context that is used; `ctx.exports` holds what src/index.ts exports. */
export type ConsumerContext = Pick<ExecutionContext, "waitUntil"> & {
	readonly exports: { readonly Sender: Pick<Sender, "deliver"> };
};

/**
 * Deployed, it resolves when the envelopes are sent: the platform runs many consumers at once and
 * counts on their time. The local runtime runs one batch at a time, so there the envelope is handed
 * over.
 */
export async function consumeEnvelopes(
	batch: Pick<MessageBatch<Envelope>, "messages" | "ackAll" | "queue">,
	env: Env,
	ctx: ConsumerContext,
): Promise<void> {
	batch.ackAll();
	await Promise.all(
		batch.messages.map(async ({ body }) => {
			if (body.version !== ENVELOPE_VERSION) return logForeign(batch.queue, body, env, ctx);
			if (env.RUNTIME === "edge") return sendEnvelope(body, env, ctx);
			return ctx.exports.Sender.deliver(body);
		}),
	);
}

/** Another release wrote it; the shard sends it anew, in this one's version. */
function logForeign(queue: string, body: unknown, env: Env, ctx: ConsumerContext): void {
	const version =
		typeof body === "object" && body !== null && "version" in body ? body.version : "";
	const record = { at: Date.now(), kind: "foreign_envelope", queue, version: String(version) };
	logLine(env, record, ctx);
}
