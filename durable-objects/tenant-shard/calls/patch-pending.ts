/** Changing a timer that still waits for others: what it is due by counts from its release. */
import { NO_INSTANT } from "../../../src/core/dependency.ts";
import { bytesBeyondRow } from "../../../src/core/offload-bodies.ts";
import { err, ok, type Result } from "../../../src/core/result.ts";
import {
	formatTimerDoc,
	parseTimerDoc,
	patchTimerDoc,
	type TimerDoc,
	type TimerDocPatch,
} from "../../../src/core/timer-doc.ts";
import { DEPENDED, flagsOfDoc, unpackFlags } from "../../../src/core/timer-flags.ts";
import { formatTrail, trimTrail } from "../../../src/core/trail.ts";
import { keepRequestsBefore } from "../firing/keep-requests.ts";
import { laneOf } from "../lanes.ts";
import type { ShardError, TimerChange, TimerRecord } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import { listenAnew } from "../topic/listeners.ts";
import type { Transaction } from "../transaction.ts";
import { recordOf } from "./record.ts";

type Moved = { readonly doc: TimerDoc; readonly fireAt: number };

export function patchPending(
	shard: Shard,
	tx: Transaction,
	row: TimerRow,
	change: TimerChange,
	traceparent: string | null,
): Result<TimerRecord, ShardError> {
	const before = parseTimerDoc(row.doc);
	const patched = change.docPatch === null ? before : patchTimerDoc(before, change.docPatch);
	const { doc, fireAt } = moved(patched, before.schedule !== undefined, row.fire_at, change);
	if (fireAt !== NO_INSTANT && fireAt > change.horizonAt) {
		return err({ code: "beyond_horizon", horizonAt: change.horizonAt });
	}
	const text = formatTimerDoc(doc);
	const bytes = bytesBeyondRow(text);
	if (bytes !== undefined) return err({ code: "too_large", bytes });
	const flags = flagsOfDoc(doc) | (row.flags & DEPENDED);
	const dueAt = fireAt === NO_INSTANT ? null : fireAt;
	const noted =
		unpackFlags(flags).fidelity === "full"
			? formatTrail([["c", tx.event("timer.updated", row.id, { dueAt }, traceparent)]])
			: "";
	const trail = trimTrail(row.trail + noted);
	const lane = shard.clock.laneFor("pending", laneOf(flags));
	keepRequestsBefore(shard, row, before, doc);
	shard.store.changePending.run(lane, fireAt, flags, text, trail, row.id);
	const limit = doc.schedule?.limit;
	if (limit !== before.schedule?.limit) shard.store.setRemaining.run(limit ?? null, row.id);
	if (change.docPatch !== null) listenAnew(shard, row);
	return ok(recordOf(shard, shard.store.getTimer.first(row.id) ?? row));
}

/**
 * An instant takes the place of a delay and the other way round; either is extended as it is. A
 * schedule that is named begins when the timer is released.
 */
function moved(doc: TimerDoc, hadSchedule: boolean, fireAt: number, change: TimerChange): Moved {
	const { delayMs: waits, ...rest } = doc;
	const at = change.snoozeUntil ?? change.dueAt;
	if (change.delayMs !== undefined) {
		return { doc: { ...doc, delayMs: change.delayMs }, fireAt: NO_INSTANT };
	}
	if (namesSchedule(change)) return { doc: rest, fireAt: NO_INSTANT };
	if (at !== null) return { doc: rest, fireAt: at };
	const more = change.extendMs ?? 0;
	if (waits !== undefined) return { doc: { ...doc, delayMs: waits + more }, fireAt };
	if (fireAt !== NO_INSTANT) return { doc, fireAt: fireAt + more };
	// Without its schedule, or pushed back from it, the first firing counts from the release.
	const isLeft = hadSchedule && doc.schedule === undefined;
	return { doc: isLeft || more > 0 ? { ...doc, delayMs: more } : doc, fireAt };
}

function namesSchedule({ docPatch }: TimerChange): boolean {
	if (docPatch === null) return false;
	const { schedule }: TimerDocPatch = JSON.parse(docPatch);
	return schedule != null;
}
