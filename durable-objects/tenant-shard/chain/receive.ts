/**
 * What a shard does with a message from another one, or from itself: one receiver for each kind, in
 * one transaction with the note that it has been received. Each may be called twice for a message.
 * Called by the outbox and by the RPC that other outboxes call.
 */
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { endOfTrail, parseTrail } from "../../../src/core/trail.ts";
import { receiveLeave, receivePlace, receiveQueue } from "../concurrency/turns.ts";
import { findTimer } from "../firing/firing-rows.ts";
import type { ShardMessage } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import { receiveEvent } from "../topic/tell-listeners.ts";
import type { Transaction } from "../transaction.ts";
import { addEdge, tellDependents } from "./dependents.ts";
import { dependencyEnded } from "./waiting.ts";

type MessageOf<Kind extends ShardMessage["kind"]> = Extract<ShardMessage, { kind: Kind }>;

/** Answers what the sender's shard is to receive in turn, as it forgets its message. */
type Receivers = {
	readonly [Kind in ShardMessage["kind"]]: (
		shard: Shard,
		tx: Transaction,
		message: MessageOf<Kind>,
	) => ShardMessage | null;
};

const RECEIVERS: Receivers = {
	depend: receiveDepend,
	ended(shard, tx, message) {
		dependencyEnded(shard, tx, message);
		return null;
	},
	tell(shard, tx, message) {
		tellDependents(shard, tx, message);
		return null;
	},
	event: receiveEvent,
	queue: receiveQueue,
	leave: receiveLeave,
	place: receivePlace,
};

export function receive(shard: Shard, tx: Transaction, message: ShardMessage): ShardMessage | null {
	// The table says that the receiver of a kind takes messages of that kind; the index forgets it.
	const receiver = RECEIVERS[message.kind] as (
		shard: Shard,
		tx: Transaction,
		message: ShardMessage,
	) => ShardMessage | null;
	return receiver(shard, tx, message);
}

/** A timer of another shard waits for one of this: noted, or answered at once where that has ended. */
function receiveDepend(
	shard: Shard,
	tx: Transaction,
	{ dependency: seq, dependent, on }: MessageOf<"depend">,
): ShardMessage | null {
	const dependency = { shard: shard.identity.shard, seq };
	const answer = { kind: "ended", dependent: dependent.seq, dependency } as const;
	const row = findTimer(shard, seq);
	if (row === undefined) return { ...answer, end: "deleted", at: tx.tenantNow };
	const state = timerStateOf(row.state);
	if (isEnded(state)) {
		return { ...answer, end: state, at: endOfTrail(parseTrail(row.trail)) ?? tx.tenantNow };
	}
	addEdge(shard, row, dependent, on);
	return null;
}
