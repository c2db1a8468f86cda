/**
 * The sender as an entrypoint of its own, so that an alarm or a queue consumer can hand an envelope
 * over and go on: its sends belong to this call's `waitUntil` (decision 6). Called through
 * `ctx.exports.Sender`.
 */
import { WorkerEntrypoint } from "cloudflare:workers";
import type { Envelope } from "../contract/envelope.ts";
import type { Env } from "../env.ts";
import { sendEnvelope } from "./send-envelope.ts";

export class Sender extends WorkerEntrypoint<Env> {
	/** Starts the sends and returns at once; outcomes go to the shard. */
	async deliver(envelope: Envelope): Promise<void> {
		this.ctx.waitUntil(sendEnvelope(envelope, this.env, this.ctx));
	}
}
