/**
 * Handing envelopes to the senders, after the claim has committed; the output gate holds each call
 * until the claim is durable. Two roads, one sender: a few short deliveries go straight to the
 * `Sender` entrypoint, and so does the rare one that no queue message can carry; everything else
 * goes through the queue of its lane (decision 6).
 */
import { ENVELOPE_VERSION, type Envelope } from "../../../src/contract/envelope.ts";
import {
	DIRECT_DELIVERIES_EDGE,
	DIRECT_DELIVERIES_LOCAL,
	DIRECT_TIMEOUT_MS,
	QUEUE_MESSAGE_BYTES,
	SEND_BATCH_BYTES,
} from "../constants.ts";
import { classOfLane } from "../lanes.ts";
import { abandonClaim } from "../settle/settle.ts";
import type { Shard } from "../shard.ts";
import type { Outgoing } from "./claim.ts";
import { envelopeBytes } from "./message-size.ts";

/** How a sender is reached without a queue; `ctx.exports.Sender`. */
export type DirectSender = { readonly deliver: (envelope: Envelope) => Promise<void> };

/** What a tick has sent straight to a sender so far. */
export type DirectRoad = { deliveries: number };

/** Messages of one `sendBatch`, as the platform allows. */
const SEND_BATCH_MESSAGES = 100;

/** Answers whether all was taken. What was refused is due again, and the shard rests. */
export async function dispatch(
	shard: Shard,
	sender: DirectSender,
	road: DirectRoad,
	outgoing: readonly Outgoing[],
): Promise<boolean> {
	const limit = shard.env.RUNTIME === "local" ? DIRECT_DELIVERIES_LOCAL : DIRECT_DELIVERIES_EDGE;
	const queued: Outgoing[] = [];
	const sent: Promise<boolean>[] = [];
	for (const item of outgoing) {
		const fits = road.deliveries + item.deliveries.length <= limit;
		const isShort = fits && item.timeoutMs <= DIRECT_TIMEOUT_MS;
		if (isShort || envelopeBytes(item.deliveries) > QUEUE_MESSAGE_BYTES) {
			road.deliveries += item.deliveries.length;
			sent.push(handOver(shard, "direct", [item], () => sender.deliver(envelopeOf(shard, item))));
		} else queued.push(item);
	}
	for (const batch of sendBatches(queued)) sent.push(enqueue(shard, batch));
	return (await Promise.all(sent)).every((taken) => taken);
}

function enqueue(shard: Shard, batch: readonly Outgoing[]): Promise<boolean> {
	const lane = batch[0]?.claim.lane ?? 0;
	const queue = {
		high: shard.env.QUEUE_HIGH,
		medium: shard.env.QUEUE_MEDIUM,
		low: shard.env.QUEUE_LOW,
	}[classOfLane(lane)];
	const messages = batch.map((item) => ({
		body: envelopeOf(shard, item),
		contentType: "json" as const,
	}));
	return handOver(shard, "queue", batch, () => queue.sendBatch(messages));
}

/** A sender or queue that refuses costs a moment, not a lease: the deliveries are due again. */
async function handOver(
	shard: Shard,
	way: "direct" | "queue",
	items: readonly Outgoing[],
	send: () => Promise<unknown>,
): Promise<boolean> {
	try {
		await send();
		for (const { claim } of items) shard.metrics.countEnvelope(way, claim.lane);
		return true;
	} catch (error) {
		shard.log({ kind: "dispatch_failed", envelopes: items.length, error: String(error) });
		shard.rest();
		shard.attempt("abandon", () =>
			shard.transact((tx) => {
				for (const { claim } of items) abandonClaim(shard, tx, claim);
			}),
		);
		return false;
	}
}

/** Packs envelopes of one lane by number and bytes. */
function sendBatches(items: readonly Outgoing[]): Outgoing[][] {
	const batches: Outgoing[][] = [];
	let bytes = 0;
	for (const item of items) {
		const size = envelopeBytes(item.deliveries);
		const open = batches.at(-1);
		const sameLane = open?.[0]?.claim.lane === item.claim.lane;
		if (open && sameLane && open.length < SEND_BATCH_MESSAGES && bytes + size <= SEND_BATCH_BYTES) {
			open.push(item);
			bytes += size;
		} else {
			batches.push([item]);
			bytes = size;
		}
	}
	return batches;
}

function envelopeOf(shard: Shard, { claim, deliveries }: Outgoing): Envelope {
	return {
		version: ENVELOPE_VERSION,
		tenant: shard.identity.tenant,
		shard: shard.identity.shard,
		claim: claim.id,
		claimedAt: claim.claimedAt,
		...(claim.aheadMs > 0 && { aheadMs: claim.aheadMs }),
		leaseUntil: claim.leaseUntil,
		priority: classOfLane(claim.lane),
		wrappedKey: shard.config.wrappedKey,
		secrets: shard.config.secrets,
		deliveries,
	};
}
