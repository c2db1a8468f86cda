/** One timer, as it is read, changed and fired by calls. Part of the boundary in rpc.ts. */
import type { JsonObject } from "../../../src/contract/json.ts";
import type { CancelOutcome } from "../../../src/contract/timer-calls.ts";
import type { Result } from "../../../src/core/result.ts";
import type { ShardCall, ShardError } from "./call.ts";
import type { DeliveryRecord, EventRecord, FiringRecord, TimerRecord } from "./records.ts";

/** Changes to a timer, parsed and normalised. `doc`, `flags` replace the stored ones whole. */
export type TimerChange = {
	/** Epoch ms of the new due time, or milliseconds to move it later by. */
	readonly dueAt: number | null;
	readonly extendMs: number | null;
	/** Epoch ms to which the next firing moves once; the schedule stays. */
	readonly snoozeUntil?: number;
	/** The delay that `dueAt` was named by: what counts for a timer that still waits for others. */
	readonly delayMs?: number;
	/** Members to replace in the stored document (JSON text); `null` members are removed. */
	readonly docPatch: string | null;
	readonly ifMatch: string | null;
	/** Latest due time the plan allows. */
	readonly horizonAt: number;
};

/** A firing that a call has started, and the timer as it stands then. */
export type StartedFiring = { readonly firing: number; readonly timer: TimerRecord };

/** Epoch ms, both ends included. */
export type Backfill = {
	readonly from: number;
	readonly to: number;
	/** Whether each firing waits for the one before it. */
	readonly isSequential: boolean;
};

export type Backfilled = {
	readonly firings: number;
	/** Epoch ms of the first occurrence of the interval that did not fit; null when all did. */
	readonly nextAt: number | null;
};

export type HistoryPage<T> = { readonly items: readonly T[]; readonly more: boolean };

export interface TimerCalls {
	get(seq: number): Promise<Result<TimerRecord, ShardError>>;
	patch(
		call: ShardCall,
		seq: number,
		change: TimerChange,
	): Promise<Result<TimerRecord, ShardError>>;
	cancel(
		call: ShardCall,
		seq: number,
		reason: string | null,
	): Promise<Result<{ outcome: CancelOutcome; timer: TimerRecord }, ShardError>>;
	/** Fires now, with other params where given. */
	run(
		call: ShardCall,
		seq: number,
		params: JsonObject | null,
	): Promise<Result<StartedFiring, ShardError>>;
	/** Fires again for the instant of an earlier firing, the newest ended one for null. */
	replay(
		call: ShardCall,
		seq: number,
		firing: number | null,
		params: JsonObject | null,
	): Promise<Result<StartedFiring & { readonly replayOf: number }, ShardError>>;
	backfill(
		call: ShardCall,
		seq: number,
		interval: Backfill,
	): Promise<Result<Backfilled, ShardError>>;
	/** Stops what escalates for a firing (the newest for null) and for all before it. */
	acknowledge(
		call: ShardCall,
		seq: number,
		firing: number | null,
		note: string | null,
	): Promise<Result<TimerRecord, ShardError>>;
	/** Nothing fires and nothing is retried until it is resumed; of a paused timer, no change. */
	pause(
		call: ShardCall,
		seq: number,
		note: string | null,
	): Promise<Result<TimerRecord, ShardError>>;
	resume(
		call: ShardCall,
		seq: number,
		note: string | null,
	): Promise<Result<TimerRecord, ShardError>>;
	delete(
		call: ShardCall,
		seq: number,
		ifMatch: string | null,
	): Promise<Result<{ deliveries: number; events: number }, ShardError>>;
	/** Resolves when the timer settles or `timeoutMs` is up; `settled` tells which. */
	wait(
		seq: number,
		timeoutMs: number,
	): Promise<Result<{ settled: boolean; timer: TimerRecord }, ShardError>>;
	firings(seq: number): Promise<Result<readonly FiringRecord[], ShardError>>;
	deliveries(
		seq: number,
		offset: number,
		limit: number,
	): Promise<Result<HistoryPage<DeliveryRecord> & { doc: string }, ShardError>>;
	events(
		seq: number,
		offset: number,
		limit: number,
	): Promise<Result<HistoryPage<EventRecord>, ShardError>>;
}
