/**
 * Claiming: due timers become envelopes. A claim is one row; the timers it names are not written
 * (decision 0004), so what is in flight is known from the claims alone. Called by the tick, a slice
 * at a time; the envelopes go out after the commit.
 */
import type { EnvelopeDelivery } from "../../../src/contract/envelope.ts";
import type { JsonObject } from "../../../src/contract/json.ts";
import { leaseMs, packEnvelopes } from "../../../src/core/lease.ts";
import { parseTimerDoc } from "../../../src/core/timer-doc.ts";
import { isPlain, unpackFlags } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateCode, timerStateOf } from "../../../src/core/timer-state.ts";
import { ownerOf } from "../firing/firing-rows.ts";
import { giveUpOverdue } from "../settle/accept-delivery.ts";
import { nextDueOf } from "../settle/next-due.ts";
import type { Shard } from "../shard.ts";
import { countClaimed } from "../shard-metrics.ts";
import type { DeliveryRow, DueRow } from "../store.ts";
import type { Transaction } from "../transaction.ts";
import { type Claim, type ClaimedDelivery, formatClaimed, keyOf } from "./claim-book.ts";
import { dueDeliveries } from "./due-deliveries.ts";
import { envelopeDelivery, timeoutOf } from "./envelope-delivery.ts";
import { mayStart } from "./may-start.ts";
import { deliveryBytes } from "./message-size.ts";
import { settleBare } from "./settle-bare.ts";

const SCHEDULED = timerStateCode("scheduled");

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
	const rows = room === 0 ? [] : nextDueTimers(shard, lane, shard.clock.nowOf(lane, tx.now), limit);
	const last = rows.at(-1);
	// The first of the effects: what this slice makes due may lie before the cursor then.
	tx.onCommit(() => {
		if (last?.due != null) shard.cursors[lane]?.advance(last.due, last.id);
	});
	const candidates: Candidate[] = [];
	const fresh = new Set<number>();
	const begun: (readonly [DueRow, readonly DeliveryRow[]])[] = [];
	const begins: DueRow[] = [];
	/** What did not start may be due again at once, as another occurrence or with a row of its own. */
	let hasMoved = false;
	for (const row of rows) {
		const { actions, timeoutMs } = unpackFlags(row.flags);
		const timer = ownerOf(row);
		const isNew = row.state === SCHEDULED && !shard.claims.holdsFiring(timer, row.firing);
		if (isNew && !isPlain(row.flags) && !mayStart(shard, tx, row)) {
			hasMoved = true;
			continue;
		}
		begins.push(row);
		const stored = isNew ? [] : shard.store.firingDeliveries.all(timer, row.firing);
		// What a mailbox holds is never sent: whatever of it is due is given up here.
		const known = giveUpOverdue(shard, tx, row, stored);
		if (isNew) fresh.add(row.id);
		else if (actions > 1) begun.push([row, known]);
		for (const claimed of dueDeliveries(shard, row, actions, isNew ? undefined : known, tx.now)) {
			candidates.push(candidateOf(shard, row, claimed, timeoutMs));
		}
	}
	// What did not start may have cancelled what begins.
	const gone = new Set(hasMoved ? begins.filter((row) => !stands(shard, row)) : []);
	const started = begins.filter((row) => !gone.has(row));
	const packed = packEnvelopes(candidates.filter(({ row }) => !gone.has(row)));
	const kept = packed.slice(0, room);
	const left = packed[room]?.[0];
	// What finds no room has not fired yet.
	for (const { row, claimed } of kept.flat()) {
		// Not of what comes back unsent. What is buffered or paced starts later than its due time on
		// purpose, and is late from then on.
		if (fresh.has(row.id)) countClaimed(tx, lane, row.due ?? claimed.dueAt);
	}
	const taken = new Set(kept.flatMap((envelope) => envelope.map(({ row }) => row.id)));
	let chunk: number | null = null;
	let firings = 0;
	for (const row of started) {
		const { actions, fidelity } = unpackFlags(row.flags);
		const fires = fresh.has(row.id) && (actions === 0 || taken.has(row.id));
		if (fires) firings += 1;
		if (fires && fidelity === "full") chunk = recordFiring(tx, row);
		if (actions > 0) continue;
		countClaimed(tx, lane, row.due ?? row.fire_at);
		settleBare(shard, tx, row, chunk);
	}
	const envelopes = kept.map((envelope) => writeClaim(shard, tx, lane, envelope, chunk));
	for (const [row, known] of begun) if (!gone.has(row)) postpone(shard, tx, row, known);
	tx.onCommit(() => {
		shard.clock.fired += firings;
		if (left?.row.due != null) shard.cursors[lane]?.include(left.row.due, left.row.id);
	});
	const more = rows.length === limit || left !== undefined || hasMoved;
	return { envelopes, more, rows: rows.length };
}

/** Whether the row still stands for the firing that was due. */
function stands(shard: Shard, row: DueRow): boolean {
	if (row.parent === null && isPlain(row.flags)) return true;
	const stored = shard.store.getTimer.first(row.id);
	if (stored?.firing !== row.firing || stored.due === null) return false;
	return !isEnded(timerStateOf(stored.state));
}

/** The event of a firing; its message goes along, since receivers of events see no document. */
function recordFiring(tx: Transaction, row: DueRow): number {
	const { doc } = row;
	const isTold = doc.includes('"message":') || doc.includes('"replayOf":');
	const { message, replayOf } = isTold ? parseTimerDoc(doc) : {};
	const data: JsonObject = {
		firing: row.firing,
		dueAt: row.fire_at,
		...(row.nominal === null ? {} : { nominalAt: row.nominal }),
		latenessMs: Math.max(0, tx.tenantNow - row.fire_at),
		...(replayOf === undefined ? {} : { replayOf }),
		...(message === undefined ? {} : { message }),
	};
	return tx.event("timer.fired", ownerOf(row), data);
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

function candidateOf(
	shard: Shard,
	row: DueRow,
	claimed: ClaimedDelivery,
	timeoutMs: number,
): Candidate {
	const delivery = envelopeDelivery(shard, claimed, row);
	return {
		row,
		claimed,
		delivery,
		bytes: deliveryBytes(delivery),
		timeoutMs: timeoutOf(delivery, timeoutMs),
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
		aheadMs: tx.tenantNow - tx.now,
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
		claim.aheadMs,
	);
	shard.claims.add(tx, claim);
	return { claim, timeoutMs, deliveries: envelope.map((candidate) => candidate.delivery) };
}
