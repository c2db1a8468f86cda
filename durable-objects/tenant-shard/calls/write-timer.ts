/** Writes a new timer: its row, its event, its place among what is due. Called by creates alone. */
import { dueOrNever } from "../../../src/core/dependency.ts";
import { unpackFlags } from "../../../src/core/timer-flags.ts";
import { timerStateCode } from "../../../src/core/timer-state.ts";
import { formatTrail } from "../../../src/core/trail.ts";
import { laneOf } from "../lanes.ts";
import type { NewTimer, ShardCall } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import { countCreated } from "../shard-metrics.ts";
import { startListening } from "../topic/listeners.ts";
import type { Transaction } from "../transaction.ts";

export type NewRow = Pick<NewTimer, "flags" | "name" | "doc" | "firing"> & {
	/** Epoch ms that its schedule names, and at which it fires. */
	readonly nominalAt: number;
	readonly dueAt: number;
	/** Whether it waits for other timers: it is then due at no instant yet. */
	readonly isPending: boolean;
};

/** The sequence that the next timer gets. */
export function nextSeq(tx: Transaction): number {
	return tx.counter.next_timer;
}

/** When a timer counts as created: never before the one before it. */
export function creationOf(tx: Transaction): number {
	return Math.max(tx.tenantNow, tx.counter.last_created_at);
}

/** Writes a timer that has been counted, under the next sequence. */
export function writeTimer(shard: Shard, tx: Transaction, call: ShardCall, row: NewRow): number {
	const { counter } = tx;
	const seq = nextSeq(tx);
	const createdAt = creationOf(tx);
	counter.next_timer = seq + 1;
	counter.last_created_at = createdAt;
	const { flags, doc, name, firing, nominalAt, dueAt, isPending } = row;
	const due = isPending ? null : dueOrNever(dueAt);
	const state = isPending ? "pending" : "scheduled";
	const lane = shard.clock.laneFor(state, laneOf(flags));
	const data = { name, dueAt: dueOrNever(dueAt) };
	const isFull = unpackFlags(flags).fidelity === "full";
	const trail = isFull
		? formatTrail([["c", tx.event("timer.created", seq, data, call.traceparent)]])
		: "";
	shard.store.insertTimer.run(
		seq,
		lane,
		due,
		dueAt,
		nominalAt === dueAt ? null : nominalAt,
		createdAt,
		timerStateCode(state),
		flags,
		doc,
		trail,
		firing?.limit ?? null,
	);
	countCreated(tx.tally, lane);
	startListening(shard, { id: seq, flags, doc });
	if (due !== null) tx.onCommit(() => shard.include(lane, due, seq));
	return seq;
}
