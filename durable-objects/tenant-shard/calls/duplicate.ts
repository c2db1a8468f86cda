/**
 * A create whose dedupe key is taken: what becomes of it, and of the timer that has the key. The
 * mode is that of the create, as with the job keys of Graphile Worker. Called by create.ts, inside
 * its transaction.
 */
import { LIMITS } from "../../../src/contract/limits.ts";
import { dueOrNever } from "../../../src/core/dependency.ts";
import { mergeTimerDoc } from "../../../src/core/merge-timer-doc.ts";
import { bytesBeyondRow } from "../../../src/core/offload-bodies.ts";
import { err, ok, type Result } from "../../../src/core/result.ts";
import {
	type DedupeDoc,
	formatTimerDoc,
	type PauseDoc,
	parseTimerDoc,
	type TimerDoc,
} from "../../../src/core/timer-doc.ts";
import { DEPENDED, flagsOfDoc, unpackFlags } from "../../../src/core/timer-flags.ts";
import { isEnded, timerStateCode, timerStateOf } from "../../../src/core/timer-state.ts";
import { formatTrail, trimTrail } from "../../../src/core/trail.ts";
import { idSpaceOf } from "../../../src/derived-keys.ts";
import { stopWaiting } from "../chain/waiting.ts";
import { giveUpTurn } from "../concurrency/turns.ts";
import { keepRequestsBefore } from "../firing/keep-requests.ts";
import { effectiveAt } from "../firing/reschedule.ts";
import { laneOf } from "../lanes.ts";
import type { NewTimer, ShardCall, ShardError } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";
import { listenAnew } from "../topic/listeners.ts";
import type { Transaction } from "../transaction.ts";
import { hasBegun } from "./pause.ts";
import { holdDedupeKey } from "./unique-keys.ts";

const SCHEDULED = timerStateCode("scheduled");

/** Epoch ms to which a key taken at `now` is held at least; null when it ends with its timer. */
export function windowEnd(dedupe: DedupeDoc | undefined, now: number): number | null {
	return dedupe?.windowMs === undefined ? null : now + dedupe.windowMs;
}

/** Answers the row of the timer that has the key, as it stands afterwards. */
export function answerDuplicate(
	shard: Shard,
	tx: Transaction,
	call: ShardCall,
	holder: TimerRow,
	timer: NewTimer,
): Result<TimerRow, ShardError> {
	switch (timer.dedupe?.mode ?? "keep") {
		case "keep":
			return ok(holder);
		case "reject": {
			const { tenant, shard: home } = shard.identity;
			const id = idSpaceOf(shard.env, tenant).timer({ shard: home, seq: holder.id });
			return err({ code: "dedupe_key_in_use", timer: id });
		}
		case "replace":
			return overwrite(shard, tx, call, holder, timer, replaced(shard, holder, timer));
		case "merge": {
			const doc = mergeTimerDoc(parseTimerDoc(holder.doc), parseTimerDoc(timer.doc));
			const labels = Object.keys(doc.labels ?? {}).length;
			if (labels > LIMITS.labels) return err({ code: "too_many_labels", labels });
			const { due, fire_at: fireAt, nominal, remaining } = holder;
			return overwrite(shard, tx, call, holder, timer, { doc, due, fireAt, nominal, remaining });
		}
	}
}

/** What becomes of the holder: its document, and when it is due. */
type Change = {
	readonly doc: TimerDoc;
	readonly due: number | null;
	readonly fireAt: number;
	readonly nominal: number | null;
	readonly remaining: number | null;
};

/** All is new, but that it is paused. */
function replaced(shard: Shard, holder: TimerRow, { dueAt, doc: text, firing }: NewTimer): Change {
	const asked = parseTimerDoc(text);
	const { pause } = parseTimerDoc(holder.doc);
	const doc = pause === undefined ? asked : { ...asked, pause: withoutPending(pause) };
	const fireAt = effectiveAt(shard, holder.id, asked, dueAt);
	return {
		doc,
		due: pause === undefined ? dueOrNever(fireAt) : null,
		fireAt,
		nominal: fireAt === dueAt ? null : dueAt,
		remaining: firing?.limit ?? null,
	};
}

function withoutPending({ pending: _, ...pause }: PauseDoc): PauseDoc {
	return pause;
}

/**
 * Makes the holder the timer that was asked for, under its own id. Nothing is changed once it has
 * ended; while it fires, what is being sent is no longer what would be replaced.
 */
function overwrite(
	shard: Shard,
	tx: Transaction,
	call: ShardCall,
	holder: TimerRow,
	{ dedupe, dedupeKey }: NewTimer,
	{ doc, due, fireAt, nominal, remaining }: Change,
): Result<TimerRow, ShardError> {
	const { store } = shard;
	const state = timerStateOf(holder.state);
	if (isEnded(state)) return ok(holder);
	// Paused, it may wait for retries.
	if (hasBegun(shard, holder) || shard.claims.isInFlight(holder.id)) {
		return err({ code: "in_flight" });
	}
	const text = formatTimerDoc(doc);
	const bytes = bytesBeyondRow(text);
	if (bytes !== undefined) return err({ code: "too_large", bytes });
	const flags = flagsOfDoc(doc) | (holder.flags & DEPENDED);
	const lane = shard.clock.laneFor("scheduled", laneOf(flags));
	const data = { dueAt: dueOrNever(fireAt), dedupe: dedupe?.mode ?? "keep" };
	const noted =
		unpackFlags(flags).fidelity === "full"
			? formatTrail([["c", tx.event("timer.updated", holder.id, data, call.traceparent)]])
			: "";
	const trail = trimTrail(holder.trail + noted);
	giveUpTurn(shard, tx, holder);
	keepRequestsBefore(shard, holder, parseTimerDoc(holder.doc), doc);
	store.changeTimer.run(lane, due, fireAt, nominal, flags, text, trail, holder.id);
	if (remaining !== holder.remaining) store.setRemaining.run(remaining, holder.id);
	if (dedupe?.mode === "replace") stopWaitingFor(shard, holder);
	listenAnew(shard, holder);
	const until = windowEnd(dedupe, tx.now);
	if (dedupeKey !== null && (until !== null || dedupe?.mode === "replace")) {
		holdDedupeKey(shard, dedupeKey, holder.id, until);
	}
	if (due !== null) tx.onCommit(() => shard.include(lane, due, holder.id));
	return ok(store.getTimer.first(holder.id) ?? holder);
}

/** What has taken its place depends on no other timers. */
function stopWaitingFor(shard: Shard, { id, state }: TimerRow): void {
	stopWaiting(shard, id);
	if (timerStateOf(state) === "pending") shard.store.noteTimer.run(SCHEDULED, "", id);
}
