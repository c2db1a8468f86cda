/**
 * A create whose dedupe key is taken: what becomes of it, and of the timer that has the key. The
 * mode is that of the create, as with the job keys of Graphile Worker. Called by create.ts, inside
 * its transaction.
 */
import { LIMITS } from "../../src/contract/limits.ts";
import { NO_INSTANT } from "../../src/core/dependency.ts";
import { mergeTimerDoc } from "../../src/core/merge-timer-doc.ts";
import { mayPass, utf8Length } from "../../src/core/offload-bodies.ts";
import { err, ok, type Result } from "../../src/core/result.ts";
import {
	type DedupeDoc,
	formatTimerDoc,
	type PauseDoc,
	parseTimerDoc,
} from "../../src/core/timer-doc.ts";
import { DEPENDED, flagsOfDoc, unpackFlags } from "../../src/core/timer-flags.ts";
import { isEnded, timerStateCode, timerStateOf } from "../../src/core/timer-state.ts";
import { formatTrail, trimTrail } from "../../src/core/trail.ts";
import { idSpaceOf } from "../../src/derived-keys.ts";
import { laneOf } from "./lanes.ts";
import { isPending } from "./pause.ts";
import type { NewTimer, ShardCall, ShardError } from "./rpc.ts";
import type { Shard } from "./shard.ts";
import type { TimerRow } from "./store.ts";
import type { Transaction } from "./transaction.ts";
import { holdDedupeKey } from "./unique-keys.ts";
import { stopWaiting } from "./waiting.ts";

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
			return overwrite(shard, tx, call, holder, timer);
		case "merge": {
			const merged = mergeTimerDoc(parseTimerDoc(holder.doc), parseTimerDoc(timer.doc));
			const labels = Object.keys(merged.labels ?? {}).length;
			if (labels > LIMITS.labels) return err({ code: "too_many_labels", labels });
			return overwrite(shard, tx, call, holder, {
				...timer,
				dueAt: holder.fire_at,
				flags: flagsOfDoc(merged),
				doc: formatTimerDoc(merged),
			});
		}
	}
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
	{ dueAt, flags: asked, doc: text, dedupe, dedupeKey }: NewTimer,
): Result<TimerRow, ShardError> {
	const state = timerStateOf(holder.state);
	if (isEnded(state)) return ok(holder);
	if (state === "firing" || shard.claims.isInFlight(holder.id)) return err({ code: "in_flight" });
	const bytes = mayPass(text, LIMITS.timerBytes) ? utf8Length(text) : 0;
	if (bytes > LIMITS.timerBytes) return err({ code: "too_large", bytes });
	const mode = dedupe?.mode ?? "keep";
	// Whoever waits for the timer's end goes on waiting for it.
	const flags = asked | (holder.flags & DEPENDED);
	const { pause } = parseTimerDoc(holder.doc);
	const isWaiting = mode === "merge" && isPending(holder);
	if (!isWaiting && isPending(holder)) stopWaiting(shard, holder.id);
	const stands = isWaiting ? "pending" : "scheduled";
	const lane = shard.clock.laneFor(stands, laneOf(flags));
	const data = { dueAt: dueAt === NO_INSTANT ? null : dueAt, dedupe: mode };
	const noted =
		unpackFlags(flags).fidelity === "full"
			? formatTrail([["c", tx.event("timer.updated", holder.id, data, call.traceparent)]])
			: "";
	const trail = trimTrail(holder.trail + noted);
	const due = isWaiting || pause !== undefined ? null : dueAt;
	const doc = pause === undefined ? text : pausedDoc(text, pause, isWaiting);
	const kept = timerStateCode(pause === undefined ? stands : "paused");
	shard.store.changeTimer.run(lane, due, dueAt, null, flags, doc, trail, holder.id);
	if (kept !== holder.state) shard.store.noteTimer.run(kept, "", holder.id);
	const until = windowEnd(dedupe, tx.now);
	if (dedupeKey !== null && (until !== null || mode === "replace")) {
		holdDedupeKey(shard, dedupeKey, holder.id, until);
	}
	if (due !== null) tx.onCommit(() => shard.include(lane, due, holder.id));
	return ok(shard.store.getTimer.first(holder.id) ?? holder);
}

/** What replaces a paused timer is paused as well. */
function pausedDoc(text: string, pause: PauseDoc, isPending: boolean): string {
	const { pending: _, ...rest } = pause;
	return formatTimerDoc({
		...parseTimerDoc(text),
		pause: { ...rest, ...(isPending && { pending: true }) },
	});
}
