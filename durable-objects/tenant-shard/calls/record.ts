/** A row as the shard answers it: what the row says, and what only the open claims know. */

import { RECURRING } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import {
	cancelEntryOf,
	endOfTrail,
	FIRING_ENDS,
	parseTrail,
	skipReasonOf,
	type Trail,
} from "../../../src/core/trail.ts";
import { firedAtOf } from "../claim/claim-book.ts";
import { mayHaveFirings } from "../firing/firing-rows.ts";
import type { FiringRecord, TimerRecord } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";

export function recordOf(shard: Shard, row: TimerRow): TimerRecord {
	const trail = parseTrail(row.trail);
	const state = timerStateOf(row.state);
	const isWaiting = state === "scheduled" || state === "paused";
	const inFlight = shard.claims.isInFlight(row.id);
	const own = shard.claims.holdsFiring(row.id, row.firing) || hasFired(trail, row.firing);
	const [firing = null] = firingsOf(shard, row, trail);
	return {
		seq: row.id,
		createdAt: row.created_at,
		fireAt: row.fire_at,
		nominalAt: row.nominal ?? row.fire_at,
		nextAt: isWaiting && !own && row.due !== null ? row.fire_at : null,
		status: state === "scheduled" && (inFlight || own) ? "firing" : state,
		version: row.version,
		doc: row.doc,
		firing,
		firedCount: row.fired + (own ? 1 : 0),
		remaining: row.remaining,
		cancelReason: state === "cancelled" ? (cancelEntryOf(trail)?.reason ?? null) : null,
		skipReason: state === "skipped" ? (skipReasonOf(trail) ?? null) : null,
	};
}

/** Whether the firing that the row stands for has begun, and is not over for a next one. */
function hasFired(trail: Trail, firing: number): boolean {
	const isOf = (kind: string) => trail.some(([at, seq]) => at === kind && seq === firing);
	return isOf("f") && !isOf("e");
}

/** The firings of a timer that it still knows of, newest first. */
export function firingsOf(
	shard: Shard,
	row: TimerRow,
	trail: Trail = parseTrail(row.trail),
): FiringRecord[] {
	const firings = new Map<number, FiringRecord>();
	readTrail(trail, firings);
	if (mayHaveFirings(row)) {
		for (const other of shard.store.listFirings.all(row.id)) {
			readTrail(parseTrail(other.trail), firings);
		}
	}
	for (const [claim, { firing: seq, dueAt }] of shard.claims.claimedOf(row.id)) {
		if (firings.has(seq)) continue;
		const firedAt = firedAtOf(claim);
		const nominalAt = seq === row.firing ? (row.nominal ?? dueAt) : dueAt;
		firings.set(seq, { seq, dueAt, nominalAt, firedAt, settledAt: null, status: "firing" });
	}
	const own = firings.get(row.firing);
	const state = timerStateOf(row.state);
	if (own?.status === "firing" && isEnded(state) && (row.flags & RECURRING) === 0) {
		const status = state === "skipped" ? "cancelled" : state;
		firings.set(row.firing, { ...own, settledAt: endOfTrail(trail) ?? null, status });
	}
	return [...firings.values()].sort((a, b) => b.seq - a.seq);
}

function readTrail(trail: Trail, firings: Map<number, FiringRecord>): void {
	for (const entry of trail) {
		if (entry[0] === "f") {
			const [, seq, dueAt, firedAt, nominalAt = dueAt] = entry;
			firings.set(seq, { seq, dueAt, nominalAt, firedAt, settledAt: null, status: "firing" });
		} else if (entry[0] === "e") {
			const [, seq, settledAt, code] = entry;
			const known = firings.get(seq);
			const end = FIRING_ENDS[code];
			if (known === undefined || end === undefined || end === "skipped") continue;
			firings.set(seq, { ...known, settledAt, status: end });
		}
	}
}
