/**
 * Keys that must be unique in a tenant and live in the shard they hash to (decision 19):
 * idempotency keys with the answer they were given, and dedupe keys of unsettled timers. A dedupe
 * key is freed by its timer's end, or by the end of its window, without a write of its own: whoever
 * meets the row looks whether the timer still runs.
 */

import { err, ok, type Result } from "../../../src/core/result.ts";
import { isEnded, timerStateOf } from "../../../src/core/timer-state.ts";
import { IDEMPOTENCY_KEPT_MS, IDEMPOTENCY_RUNNING_MS } from "../constants.ts";
import type { IdempotencyClaim, ShardError } from "../rpc.ts";
import type { Shard } from "../shard.ts";
import type { TimerRow } from "../store.ts";

/** The answer stored under a key, `null` when the key is free, or why the request may not run. */
export function lookUpIdempotency(
	shard: Shard,
	claim: IdempotencyClaim,
	now: number,
): Result<string | null, ShardError> {
	const row = shard.store.getKey.first(idempotencyKey(claim.key));
	if (row === undefined || (row.expires_at ?? 0) <= now) return ok(null);
	if (row.body_hash !== claim.bodyHash) return err({ code: "idempotency_key_reused" });
	if (row.answer === null) return err({ code: "idempotency_in_progress" });
	return ok(row.answer);
}

/** Stores the answer of a request, in the transaction that did its work. */
export function storeAnswer(
	shard: Shard,
	claim: IdempotencyClaim,
	answer: string,
	now: number,
): void {
	const key = idempotencyKey(claim.key);
	shard.store.putKey.run(key, null, claim.bodyHash, answer, now + IDEMPOTENCY_KEPT_MS);
}

/** Takes a key for a request that is about to run elsewhere; its answer follows. */
export function holdKey(shard: Shard, claim: IdempotencyClaim, now: number): void {
	const key = idempotencyKey(claim.key);
	shard.store.putKey.run(key, null, claim.bodyHash, null, now + IDEMPOTENCY_RUNNING_MS);
}

/** Stores the answer of a held key, or frees the key with `null` (the request failed to run). */
export function releaseKey(shard: Shard, key: string, answer: string | null, now: number): void {
	const row = shard.store.getKey.first(idempotencyKey(key));
	if (row === undefined || row.answer !== null) return;
	if (answer === null) shard.store.deleteKey.run(row.key);
	else {
		shard.store.putKey.run(row.key, null, row.body_hash, answer, now + IDEMPOTENCY_KEPT_MS);
	}
}

/** The timer that holds a dedupe key: one that has not ended, or whose window is still open. */
export function holderOf(shard: Shard, dedupeKey: string, now: number): TimerRow | undefined {
	const row = shard.store.getKey.first(dedupeRowKey(dedupeKey));
	if (row?.timer == null) return undefined;
	const timer = shard.store.getTimer.first(row.timer);
	if (timer === undefined) return undefined;
	const state = timerStateOf(timer.state);
	if (!isEnded(state)) return timer;
	return state !== "cancelled" && (row.expires_at ?? 0) > now ? timer : undefined;
}

/** @param until epoch ms to which the key is held even if its timer ends before; null for no longer */
export function holdDedupeKey(
	shard: Shard,
	dedupeKey: string,
	timer: number,
	until: number | null,
): void {
	shard.store.putKey.run(dedupeRowKey(dedupeKey), timer, null, null, until);
}

/** Removes the row of a timer that is deleted. */
export function dropDedupeKey(shard: Shard, dedupeKey: string, timer: number): void {
	const key = dedupeRowKey(dedupeKey);
	if (shard.store.getKey.first(key)?.timer === timer) shard.store.deleteKey.run(key);
}

function idempotencyKey(key: string): string {
	return `i:${key}`;
}

function dedupeRowKey(key: string): string {
	return `d:${key}`;
}
