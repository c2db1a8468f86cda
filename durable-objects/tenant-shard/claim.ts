/**
 * Claiming: due timers become envelopes. A claim is one row; the timers it names are not written
 * (decision 0004), so what is in flight is known from the claims alone. Called by the tick, a slice
 * at a time; the envelopes go out after the commit.
 */
import type { EnvelopeDelivery } from "../../src/contract/envelope.ts";
import type { JsonObject } from "../../src/contract/json.ts";
import { leaseMs, packEnvelopes } from "../../src/core/lease.ts";
import { parseTimerDoc } from "../../src/core/timer-doc.ts";
import { isPlain, unpackFlags } from "../../src/core/timer-flags.ts";
import { formatTrail } from "../../src/core/trail.ts";
import { giveUpOverdue } from "./accept-delivery.ts";
import { type Claim, type ClaimedDelivery, formatClaimed, keyOf } from "./claim-book.ts";
import { type DeliveryHistory, parseHistory } from "./delivery-history.ts";
import { endTimer } from "./end-timer.ts";
import { deliveryBytes } from "./message-size.ts";
import { nextDueOf } from "./next-due.ts";
import type { Shard } from "./shard.ts";
import { countClaimed } from "./shard-metrics.ts";
import type { DeliveryRow, DueRow } from "./store.ts";
import type { Transaction } from "./transaction.ts";

export type Outgoing = {
	readonly claim: Claim;
	readonly timeoutMs: number;
	readonly deliveries: readonly EnvelopeDelivery[];
};

type Candidate = {
	readonly row: DueRow;
	readonly claimed: ClaimedDelivery;
	readonly delivery: EnvelopeDelivery;
	readonly bytes: number;
	readonly timeoutMs: number;
};

export type Slice = {
	readonly envelopes: readonly Outgoing[];
	/** Whether the lane may have more that is due. */
	readonly more: boolean;
	readonly rows: number;
};

/** The next due timers of a lane, behind its cursor. */
export function nextDueTimers(shard: Shard, lane: number, now: number, limit: number): DueRow[] {
	const cursor = shard.cursors[lane];
	// The clock may have stepped back behind the cursor: then nothing is due that it has not seen.
	if (cursor === undefined || cursor.due > now) return [];
	const { due, id } = cursor;
	return shard.store.dueTimers.all(lane, due, id, lane, due, now, limit);
}

/** Claims the next `limit` of a lane's due timers, as far as `room` envelopes hold them. */
export function claimSlice(
	shard: Shard,
	tx: Transaction,
	lane: number,
	room: number,
	limit: number,
): Slice {
	const rows = room === 0 ? [] : nextDueTimers(shard, lane, tx.now, limit);
	const candidates: Candidate[] = [];
	const fresh = new Set<number>();
	const begun: (readonly [DueRow, readonly DeliveryRow[]])[] = [];
	for (const row of rows) {
		const { actions, timeoutMs } = unpackFlags(row.flags);
		const isNew = row.state === 0 && !shard.claims.isInFlight(row.id);
		const stored = isNew ? [] : shard.store.listDeliveries.all(row.id);
		// What a mailbox holds is never sent: whatever of it is due is given up here.
		const known = giveUpOverdue(shard, tx, row.id, stored);
		if (isNew) fresh.add(row.id);
		else if (actions > 1) begun.push([row, known]);
		for (const claimed of dueDeliveries(shard, row, actions, isNew ? undefined : known, tx.now)) {
			candidates.push(candidateOf(shard, row, claimed, timeoutMs));
		}
	}
	const packed = packEnvelopes(candidates);
	const kept = packed.slice(0, room);
	const left = packed[room]?.[0];
	// What finds no room has not fired yet.
	for (const { claimed } of kept.flat()) {
		if (claimed.attempt === 1) countClaimed(tx, lane, claimed.dueAt);
	}
	const taken = new Set(kept.flatMap((envelope) => envelope.map(({ row }) => row.id)));
	let chunk: number | null = null;
	for (const row of rows) {
		const { actions, fidelity } = unpackFlags(row.flags);
		const fires = fresh.has(row.id) && (actions === 0 || taken.has(row.id));
		if (fires && fidelity === "full") chunk = recordFiring(tx, row);
		if (actions > 0) continue;
		countClaimed(tx, lane, row.fire_at);
		settleBare(shard, tx, row, chunk);
	}
	const envelopes = kept.map((envelope) => writeClaim(shard, tx, lane, envelope, chunk));
	for (const [row, known] of begun) postpone(shard, tx, row, known);
	const last = rows.at(-1);
	tx.onCommit(() => {
		const cursor = shard.cursors[lane];
		if (last?.due != null) cursor?.advance(last.due, last.id);
		if (left?.row.due != null) cursor?.include(left.row.due, left.row.id);
	});
	const more = rows.length === limit || left !== undefined;
	return { envelopes, more, rows: rows.length };
}

/** The event of a firing; its message goes along, since receivers of events see no document. */
function recordFiring(tx: Transaction, row: DueRow): number {
	const message = row.doc.includes('"message":') ? parseTimerDoc(row.doc).message : undefined;
	const data: JsonObject = {
		firing: 1,
		dueAt: row.fire_at,
		latenessMs: Math.max(0, tx.now - row.fire_at),
		...(message === undefined ? {} : { message }),
	};
	return tx.event("timer.fired", row.id, data);
}

/** Where one action goes out and another waits for a later retry, the row is due with that one. */
function postpone(
	shard: Shard,
	tx: Transaction,
	row: DueRow,
	deliveries: readonly DeliveryRow[],
): void {
	const due = nextDueOf(shard, row, deliveries);
	if (due !== null && due > tx.now) shard.store.updateTimer.run(due, row.state, "", row.id);
}

/** A timer without actions fires and settles in one step. */
function settleBare(shard: Shard, tx: Transaction, row: DueRow, chunk: number | null): void {
	const fired = ["f", 1, row.fire_at, tx.now] as const;
	endTimer(shard, tx, {
		timer: row.id,
		flags: row.flags,
		state: "settled",
		wasActive: true,
		before: formatTrail(chunk === null ? [fired] : [["c", chunk], fired]),
	});
}

/**
 * The actions of a due timer that are to be tried now: not claimed, not done, not waiting.
 * @param rows its deliveries; undefined for a timer that fires only now
 */
function dueDeliveries(
	shard: Shard,
	row: DueRow,
	actions: number,
	rows: readonly DeliveryRow[] | undefined,
	now: number,
): ClaimedDelivery[] {
	const full = unpackFlags(row.flags).fidelity === "full";
	if (rows === undefined && actions === 1) return [claimedOf(row, 0, 1, isPlain(row.flags), full)];
	const due: ClaimedDelivery[] = [];
	for (let action = 0; action < actions; action++) {
		if (shard.claims.isClaimed({ timer: row.id, firing: 1, action })) continue;
		const known = rows?.find((delivery) => delivery.action === action);
		if (known === undefined) due.push(claimedOf(row, action, 1, false, full));
		else if (known.due !== null && known.due <= now) {
			due.push(claimedOf(row, action, known.attempts + 1, false, full));
		}
	}
	return due;
}

function claimedOf(
	row: DueRow,
	action: number,
	attempt: number,
	simple: boolean,
	full: boolean,
): ClaimedDelivery {
	return { timer: row.id, firing: 1, action, attempt, dueAt: row.fire_at, simple, full };
}

function candidateOf(
	shard: Shard,
	row: DueRow,
	claimed: ClaimedDelivery,
	timeoutMs: number,
): Candidate {
	const delivery = envelopeDelivery(shard, claimed, row.doc);
	return {
		row,
		claimed,
		delivery,
		bytes: deliveryBytes(delivery),
		timeoutMs: timeoutOf(delivery, timeoutMs),
	};
}

/** How long a delivery may take: what its timer says, or the edit of a replay where that is longer. */
export function timeoutOf(delivery: EnvelopeDelivery, timeoutMs: number): number {
	return Math.max(timeoutMs, delivery.patch?.timeoutMs ?? 0);
}

/** What the sender is told; an edited dead letter brings its edit along. */
export function envelopeDelivery(
	shard: Shard,
	claimed: ClaimedDelivery,
	doc: string,
): EnvelopeDelivery {
	const { timer, firing, action, attempt, dueAt } = claimed;
	const history: DeliveryHistory | undefined =
		attempt > 1
			? parseHistory(shard.store.getDelivery.first(timer, firing, action)?.history)
			: undefined;
	return {
		timer,
		firing,
		action,
		attempt,
		dueAt,
		doc,
		...(history !== undefined && history.base > 0 && { base: history.base }),
		...(history?.patch !== undefined && { patch: history.patch }),
	};
}

function writeClaim(
	shard: Shard,
	tx: Transaction,
	lane: number,
	envelope: readonly Candidate[],
	chunk: number | null,
): Outgoing {
	const timeoutMs = envelope.reduce((most, candidate) => Math.max(most, candidate.timeoutMs), 0);
	const claim: Claim = {
		id: shard.claims.nextId(tx.now),
		lane,
		claimedAt: tx.now,
		chunk,
		epoch: shard.env.BOOT_ID,
		leaseUntil: tx.now + leaseMs(envelope.length, timeoutMs),
		open: new Map(envelope.map(({ claimed }) => [keyOf(claimed), claimed])),
	};
	shard.store.insertClaim.run(
		claim.id,
		claim.leaseUntil,
		claim.epoch,
		claim.claimedAt,
		lane,
		chunk,
		formatClaimed(claim.open.values()),
	);
	shard.claims.add(tx, claim);
	return { claim, timeoutMs, deliveries: envelope.map((candidate) => candidate.delivery) };
}
