/**
 * Firings with a concurrency key, one at a time: the guard that lets a firing start in its turn, and
 * what gives its turn to the next. A key has one home for ever, so a tenant that grows keeps its
 * order; what the home and the firing's shard have to tell each other goes through the outbox.
 */
import { homeOfKey } from "../../../src/core/shard-count.ts";
import { GUARDED } from "../../../src/core/timer-flags.ts";
import { timerStateOf } from "../../../src/core/timer-state.ts";
import type { Guard, Start } from "../guards/guards.ts";
import type { ShardMessage } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { type Claimant, leavePlace, takePlace } from "./concurrency-places.ts";

type MessageOf<Kind extends ShardMessage["kind"]> = Extract<ShardMessage, { kind: Kind }>;

const WAIT: Start = { kind: "wait", due: null };

/** A firing that is due takes its place in the queue, and starts when the key is its own. */
export const takeTurn: Guard = (shard, tx, row, { concurrencyKey: key }) => {
	if (key === undefined) return undefined;
	const known = shard.store.getTurn.first(row.id);
	if (known !== undefined) return known.granted === 1 ? undefined : WAIT;
	const { id, firing } = row;
	const claimant = { shard: shard.identity.shard, row: id, firing };
	const home = homeOf(shard, key);
	if (home !== claimant.shard) {
		shard.store.putTurn.run(id, firing, key, home, null, 0);
		shard.outbox.send(tx, home, { kind: "queue", key, ...claimant });
		return WAIT;
	}
	const { place, isFirst } = takePlace(shard, key, claimant);
	shard.store.putTurn.run(id, firing, key, home, place, isFirst ? 1 : 0);
	return isFirst ? undefined : WAIT;
};

/** Whether a firing has been let into the queue: then it has come in time, however long it waits. */
export function hasQueued(shard: Shard, row: Pick<TimerRow, "id" | "flags">): boolean {
	return (row.flags & GUARDED) !== 0 && shard.store.getTurn.first(row.id) !== undefined;
}

/** A firing is over, or does not start after all: the next has its turn. */
export function giveUpTurn(
	shard: Shard,
	tx: Transaction,
	row: Pick<TimerRow, "id" | "flags">,
): void {
	if ((row.flags & GUARDED) === 0) return;
	const turn = shard.store.getTurn.first(row.id);
	if (turn === undefined) return;
	const { key, home, place, firing } = turn;
	shard.store.deleteTurn.run(row.id);
	leave(shard, tx, home, { kind: "leave", key, place, ...claimantOf(shard, row.id, firing) });
}

/** In the home: a firing of another shard wants the key. */
export function receiveQueue(
	shard: Shard,
	_tx: Transaction,
	{ key, shard: from, row, firing }: MessageOf<"queue">,
): ShardMessage {
	const { place, isFirst } = takePlace(shard, key, { shard: from, row, firing });
	return { kind: "place", key, row, firing, place, granted: isFirst };
}

/** In the home: a firing has left the queue. */
export function receiveLeave(shard: Shard, tx: Transaction, message: MessageOf<"leave">): null {
	const { key } = message;
	const own = shard.identity.shard;
	let next = leavePlace(shard, key, message.place, message);
	while (next !== undefined) {
		const { shard: at, row, firing, place } = next;
		const told: MessageOf<"place"> = { kind: "place", key, row, firing, place, granted: true };
		if (at !== own) {
			shard.outbox.send(tx, at, told);
			return null;
		}
		if (isTaken(shard, tx, told)) return null;
		next = leavePlace(shard, key, place, next);
	}
	return null;
}

/** In the firing's shard: which place it has, and whether that is the first. */
export function receivePlace(shard: Shard, tx: Transaction, message: MessageOf<"place">): null {
	if (isTaken(shard, tx, message)) return null;
	const { key, row, firing, place } = message;
	leave(shard, tx, homeOf(shard, key), {
		kind: "leave",
		key,
		place,
		...claimantOf(shard, row, firing),
	});
	return null;
}

/** Whether the firing still wants its place; with a turn, it is due at once. */
function isTaken(shard: Shard, tx: Transaction, message: MessageOf<"place">): boolean {
	const { key, row: id, firing, place, granted } = message;
	const { store } = shard;
	const turn = store.getTurn.first(id);
	if (turn?.key !== key || turn.firing !== firing) return false;
	if (turn.granted === 1) return true;
	const row = store.getTimer.first(id);
	// Paused or put off meanwhile, it asks again when it is due.
	if (row === undefined || timerStateOf(row.state) !== "scheduled" || row.due !== null) {
		store.deleteTurn.run(id);
		return false;
	}
	store.putTurn.run(id, firing, key, turn.home, place, granted ? 1 : 0);
	if (granted) {
		// While it had no due time, it has not followed the tenant's clock.
		const lane = shard.clock.laneFor("scheduled", row.lane);
		store.wakeTimer.run(lane, tx.tenantNow, id);
		shard.includeOnCommit(tx, lane, tx.tenantNow, id);
	}
	return true;
}

function leave(shard: Shard, tx: Transaction, home: number, message: MessageOf<"leave">): void {
	if (home === shard.identity.shard) receiveLeave(shard, tx, message);
	else shard.outbox.send(tx, home, message);
}

function claimantOf(shard: Shard, row: number, firing: number): Claimant {
	return { shard: shard.identity.shard, row, firing };
}

/** The count that a tenant began with never changes: a key's order outlives any growth. */
function homeOf(shard: Shard, key: string): number {
	return homeOfKey(key, shard.config.shardSteps[0]?.count ?? 1);
}
