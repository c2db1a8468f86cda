/**
 * Claiming: due timers become envelopes. A claim is one row; the timers it names are not written
 * (decision 0004), so what is in flight is known from the claims alone. Called by the tick, a slice
 * at a time; the envelopes go out after the commit.
 */
import type { EnvelopeDelivery } from "../../src/contract/envelope.ts";
import type { JsonObject } from "../../src/contract/json.ts";
import { leaseMs, packEnvelopes } from "../../src/core/lease.ts";
import { parseTimerDoc } from "../../src/core/timer-doc.ts";
import { ESCALATES, GUARDED, isPlain, unpackFlags } from "../../src/core/timer-flags.ts";
import { timerStateCode } from "../../src/core/timer-state.ts";
import { formatTrail } from "../../src/core/trail.ts";
import { giveUpOverdue } from "./accept-delivery.ts";
import { type Claim, type ClaimedDelivery, formatClaimed, keyOf } from "./claim-book.ts";
import { type DeliveryHistory, parseHistory } from "./delivery-history.ts";
import { endFiring } from "./end-firing.ts";
import { endTimer } from "./end-timer.ts";
import { firingEntries } from "./firing-entries.ts";
import { ownerOf } from "./firing-rows.ts";
import { decideStart } from "./guards.ts";
import { isLate, moveIfLate } from "./late-start.ts";
import { deliveryBytes } from "./message-size.ts";
import { nextDueOf } from "./next-due.ts";
import { pollIfDue } from "./poll-condition.ts";
import type { Shard } from "./shard.ts";
import { countClaimed } from "./shard-metrics.ts";
import type { DeliveryRow, DueRow } from "./store.ts";
import type { Transaction } from "./transaction.ts";
import { hasQueued } from "./turns.ts";

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
	const started: DueRow[] = [];
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
		started.push(row);
		const stored = isNew ? [] : shard.store.firingDeliveries.all(timer, row.firing);
		// What a mailbox holds is never sent: whatever of it is due is given up here.
		const known = giveUpOverdue(shard, tx, row, stored);
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
	for (const [row, known] of begun) postpone(shard, tx, row, known);
	tx.onCommit(() => {
		shard.clock.fired += firings;
		if (left?.row.due != null) shard.cursors[lane]?.include(left.row.due, left.row.id);
	});
	const more = rows.length === limit || left !== undefined || hasMoved;
	return { envelopes, more, rows: rows.length };
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

/** A timer without actions fires and settles in one step. */
function settleBare(shard: Shard, tx: Transaction, row: DueRow, chunk: number | null): void {
	const claim = { chunk, claimedAt: tx.now, aheadMs: tx.tenantNow - tx.now };
	const trail = formatTrail(firingEntries(row, [], claim));
	const isWhole = row.parent === null && isPlain(row.flags);
	const stored = isWhole ? undefined : shard.store.getTimer.first(row.id);
	if (stored === undefined) {
		endTimer(shard, tx, {
			timer: row.id,
			flags: 0,
			state: "settled",
			wasActive: true,
			before: trail,
		});
	} else endFiring(shard, tx, { row: stored, state: "settled", trail, claimedAt: tx.tenantNow });
}

/** Whether the firing of a timer that is not plain starts now. Where not, the row has been written. */
function mayStart(shard: Shard, tx: Transaction, due: DueRow): boolean {
	if ((due.flags & GUARDED) === 0 && !isLate(due, tx.tenantNow)) return true;
	// What was claimed before it in this slice may have changed it.
	const row = shard.store.getTimer.first(due.id);
	if (row === undefined || row.due === null || row.due > tx.tenantNow) return false;
	if (pollIfDue(shard, tx, row)) return false;
	if (!hasQueued(shard, row) && moveIfLate(shard, tx, row)) return false;
	const start = decideStart(shard, tx, row);
	switch (start.kind) {
		case "fire":
			return true;
		case "moved":
			return false;
		case "wait":
			shard.store.updateTimer.run(start.due, row.state, "", row.id);
			if (start.due !== null) shard.includeOnCommit(tx, row.lane, start.due, row.id);
			return false;
		case "skip": {
			const { reason, data } = start;
			const skipped = { row, state: "skipped", trail: "", claimedAt: tx.tenantNow } as const;
			endFiring(shard, tx, { ...skipped, reason, data });
			return false;
		}
	}
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
	if (rows === undefined && actions === 1) {
		// A step of an escalation keeps its action in its delivery: its document goes with its end.
		const isOwn = row.parent === null || (row.flags & ESCALATES) === 0;
		return [claimedOf(row, 0, 1, isOwn)];
	}
	const timer = ownerOf(row);
	const due: ClaimedDelivery[] = [];
	for (let action = 0; action < actions; action++) {
		if (shard.claims.isClaimed({ timer, firing: row.firing, action })) continue;
		const known = rows?.find((delivery) => delivery.action === action);
		if (known === undefined) due.push(claimedOf(row, action, 1, false));
		else if (known.due !== null && known.due <= now) {
			due.push(claimedOf(row, action, known.attempts + 1, false));
		}
	}
	return due;
}

function claimedOf(row: DueRow, action: number, attempt: number, simple: boolean): ClaimedDelivery {
	return {
		timer: ownerOf(row),
		firing: row.firing,
		action,
		attempt,
		dueAt: row.fire_at,
		simple,
		plain: row.parent === null && isPlain(row.flags),
		full: unpackFlags(row.flags).fidelity === "full",
	};
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

/** How long a delivery may take: what its timer says, or the edit of a replay where that is longer. */
export function timeoutOf(delivery: EnvelopeDelivery, timeoutMs: number): number {
	return Math.max(timeoutMs, delivery.patch?.timeoutMs ?? 0);
}

/** What the sender is told; an edited dead letter brings its edit along. */
export function envelopeDelivery(
	shard: Shard,
	claimed: ClaimedDelivery,
	{ doc, nominal }: Pick<DueRow, "doc" | "nominal">,
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
		...(nominal !== null && { nominalAt: nominal }),
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
